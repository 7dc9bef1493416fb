import { type ParseArgsConfig, parseArgs } from 'node:util'

export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Where a command writes, and what may stop it. */
export interface Terminal {
  /** What the command was asked for. */
  readonly out: (text: string) => void
  /** Everything else: progress, remarks, errors. */
  readonly err: (text: string) => void
  /** Whether a person watches `err`, so that a line may be written over. */
  readonly interactive: boolean
  readonly signal: AbortSignal | undefined
}

/** What a command cannot do as it was asked to; the message says what to change. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly exitCode: number

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

export interface Command {
  readonly name: string
  /** For the list of commands. */
  readonly summary: string
  /** @returns the exit code @throws Refusal */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}

/** An option, as `node:util` parses it, with what `--help` says of it. */
interface Option {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string
  readonly about: string
}

type Options = Readonly<Record<string, Option>>
type Values<Declared extends Options> = {
  readonly [Name in keyof Declared]?: (Declared[Name]['type'] extends 'string' ? string : boolean) | undefined
}

/** A command with its options; what comes of parsing them is typed by their declaration. */
export interface CommandDefinition<Declared extends Options> {
  readonly name: string
  readonly summary: string
  /** What follows the name: `ORDERS.csv --plan PLAN.json [options]`. */
  readonly usage: string
  /** Paragraphs below the options. */
  readonly details?: string
  readonly options: Declared
  /** Names of the arguments that are no options; all must be given. One name, `FILE…`, stands for any number. */
  readonly positionals?: readonly string[] | string
  run(given: { readonly values: Values<Declared>; readonly positionals: readonly string[] }, terminal: Terminal): Promise<number>
}

/** Puts parsing, `--help` and the refusal of what is not understood before a command. */
export function defineCommand<const Declared extends Options>(definition: CommandDefinition<Declared>): Command {
  const { name, summary, options, positionals = [] } = definition
  return {
    name,
    summary,
    async run(args, terminal) {
      if (args.includes('--help') || args.includes('-h')) {
        terminal.out(help(definition))
        return exitCodes.done
      }
      const parsed = parse(args, options)
      if (typeof positionals !== 'string' && parsed.positionals.length !== positionals.length)
        throw misunderstood(`${name} takes ${positionals.join(' ') || 'no arguments'}`)
      // parseArgs is strict: every value is of the type that its option declares.
      return definition.run({ values: parsed.values as Values<Declared>, positionals: parsed.positionals }, terminal)
    },
  }
}

export function misunderstood(message: string): Refusal {
  return new Refusal(`${message}; see --help`, exitCodes.usage)
}

function parse(args: readonly string[], options: Options): { readonly values: object; readonly positionals: readonly string[] } {
  const declared: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(options).map(([key, { type }]) => [key, { type }]),
  )
  try {
    return parseArgs({ args: [...args], options: declared, allowPositionals: true, strict: true })
  } catch (error) {
    throw misunderstood(error instanceof Error ? error.message.replace(/\.$/, '') : String(error))
  }
}

function help({ name, summary, usage, details, options }: CommandDefinition<Options>): string {
  const entries: readonly (readonly [string, Option])[] = [...Object.entries(options), ['help', { type: 'boolean', about: 'this text' }]]
  const flags = entries.map(([key, { value }]) => (value === undefined ? `--${key}` : `--${key} ${value}`))
  const width = Math.max(...flags.map((flag) => flag.length))
  const lines = entries.map(([, { about }], index) => `  ${(flags[index] ?? '').padEnd(width)}  ${about}`)
  return `${summary}\n\nUsage: entrepot ${name} ${usage}\n\nOptions:\n${lines.join('\n')}\n${details === undefined ? '' : `\n${details}\n`}`
}
