import { CommerceError } from '@entrepot/core'
import { backtest } from './backtest.js'
import { type Command, exitCodes, Refusal, type Terminal } from './command.js'
import { migrate } from './migrate.js'
import { scenario } from './scenario.js'

/** A new command is a file beside this one and a word here. */
const commands: readonly Command[] = [migrate, backtest, scenario]

const nameWidth = Math.max(...commands.map((command) => command.name.length))
const overview = `Usage: entrepot <command> [options]

Commands:
${commands.map((command) => `  ${command.name.padEnd(nameWidth)}  ${command.summary}`).join('\n')}

entrepot <command> --help tells more.
`

const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY === true,
  signal: undefined,
}

/** Runs a command line such as `['migrate', '--database', 'shop.db']`, and says on the terminal what went wrong. @returns the exit code: 0 done, 1 failed, 2 misunderstood, 130 interrupted */
export async function run(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<number> {
  const { out, err, interactive, signal } = { ...processTerminal, ...terminal }
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    out(overview)
    return name === undefined ? exitCodes.usage : exitCodes.done
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (!command) {
    err(`entrepot: there is no command "${name}".\n\n${overview}`)
    return exitCodes.usage
  }
  try {
    return await command.run(rest, { out, err, interactive, signal })
  } catch (error) {
    if (signal?.aborted) {
      err(`entrepot ${name}: interrupted.\n`)
      return exitCodes.interrupted
    }
    err(`entrepot ${name}: ${explain(error)}\n`)
    return error instanceof Refusal ? error.exitCode : exitCodes.failed
  }
}

/** A refusal that was foreseen needs no stack; anything else does. */
function explain(error: unknown): string {
  if (error instanceof Refusal) return error.message
  if (error instanceof CommerceError) return error.message
  if (!(error instanceof Error)) return String(error)
  // A refused connection on several addresses has its reasons inside.
  const reasons =
    error instanceof AggregateError ? error.errors.map((inner) => (inner instanceof Error ? inner.message : String(inner))).join('; ') : ''
  if (reasons !== '') return reasons
  return 'code' in error ? error.message : (error.stack ?? error.message)
}
