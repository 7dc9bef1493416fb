import type { Tx } from './transaction.js'

/** Hooks by name: what takes part gets the input and the open transaction, and may answer. */
export type HookMap<M> = { readonly [Name in keyof M]: (input: never, tx: Tx) => Promise<unknown> }

/** What joins a hook. */
export type HookHandler<M, Name extends keyof M> = M[Name]

type Input<Handler> = Handler extends (input: infer In, tx: Tx) => Promise<unknown> ? In : never
/** What a handler works with: `Tx`, or `Reader` where the hook is run in reads as well. */
type Unit<Handler> = Handler extends (input: never, unit: infer In) => Promise<unknown> ? In : never
type Answer<Handler> = Handler extends (input: never, tx: Tx) => Promise<infer Out> ? Out : never

/**
 * A lower room declares a hook and runs it; upper rooms and plugins join it. Handlers run one after another in the order of joining, inside the transaction:
 * what a handler writes commits with the rest, and what it throws undoes the whole.
 */
export interface Hooks<M extends HookMap<M>> {
  join<Name extends keyof M & string>(name: Name, handler: HookHandler<M, Name>): void
  /** @returns what the handlers answered, in the order of joining */
  run<Name extends keyof M & string>(unit: Unit<M[Name]>, name: Name, input: Input<M[Name]>): Promise<readonly Answer<M[Name]>[]>
}

/** The hooks of one instance, shared by all its rooms. @returns how each room sees them: by the type of the hooks that concern it */
export function createHooks(): <M extends HookMap<M>>() => Hooks<M> {
  const handlers = new Map<string, unknown[]>()
  return <M extends HookMap<M>>(): Hooks<M> => ({
    join(name, handler) {
      handlers.set(name, [...(handlers.get(name) ?? []), handler])
    },
    async run(unit, name, input) {
      const answers: unknown[] = []
      // `join` let in only handlers of this name's type.
      for (const handler of (handlers.get(name) ?? []) as M[typeof name][]) answers.push(await handler(input as never, unit as Tx))
      return answers as Answer<M[typeof name]>[]
    },
  })
}
