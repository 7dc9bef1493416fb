import { run } from './run.js'

/** What a command line came to. */
export interface Ran {
  readonly exitCode: number
  readonly out: string
  readonly err: string
}

/** Runs a command line as a script would, and collects what it writes. */
export async function runCollected(...args: readonly string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const exitCode = await run(args, { out: (text) => out.push(text), err: (text) => err.push(text), interactive: false })
  return { exitCode, out: out.join(''), err: err.join('') }
}
