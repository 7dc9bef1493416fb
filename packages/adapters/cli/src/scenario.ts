import { readFile } from 'node:fs/promises'
import { runScenarios } from '@entrepot/core/testing'
import { distribution } from '@entrepot/plugin-distribution'
import { type Command, defineCommand, exitCodes, misunderstood, Refusal } from './command.js'

export const scenario: Command = defineCommand({
  name: 'scenario',
  summary: 'Checks that a plan pays as its contracts say.',
  usage: 'FILE…',
  options: {},
  positionals: 'FILE…',
  details: `A file is a JSON array of scenarios: a plan, what happens under it, and what must come of it. Each is played through the
public API on an in-memory database with a clock of its own, and told of by a line: ok ID, or FAILED ID with what was expected
and what was found. After every step the books are asked whether they balance.`,
  async run({ positionals }, { out }) {
    if (positionals.length === 0) throw misunderstood('scenario takes at least one FILE')
    const files: { name: string; text: string }[] = []
    for (const name of positionals) files.push({ name, text: await read(name) })
    const { failed } = await runScenarios({ files, distribution, print: (line) => out(`${line}\n`) })
    return failed === 0 ? exitCodes.done : exitCodes.failed
  },
})

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new Refusal(error.message)
  })
}
