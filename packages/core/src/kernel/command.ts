import { createHash } from 'node:crypto'
import type { ZodType } from 'zod'
import { type Actor, actorName, admit, type Call } from './call.js'
import type { Database, Joining } from './database.js'
import { longestScope, once } from './idempotency.js'
import type { Reader, Tx } from './transaction.js'
import { validate } from './validate.js'

/** A function of the public API. */
export type Callable<Input, Output> = (input: Input, call?: Call) => Promise<Output>

/** What a use case may know of its caller. */
export interface Caller {
  readonly actor: Actor | undefined
  /** As it stands in timelines: `staff:42`, `system`. */
  readonly by: string
  readonly locale: string | undefined
  /** True where a host owns the transaction: what needs the outside must wait for its commit. */
  readonly joined: boolean
}

function callerOf(call: Call | undefined): Caller {
  return { actor: call?.actor, by: actorName(call), locale: call?.locale, joined: call?.tx !== undefined }
}

/** Makes use cases into functions of the public API: input checked, one transaction, one effect per idempotency key. */
export interface UseCases {
  /** One that writes, in one transaction. `run` may run again from its start, so it does nothing outside the transaction. */
  command<Parsed, Input, Output>(
    name: string,
    schema: ZodType<Parsed, Input>,
    run: (tx: Tx, input: Parsed, caller: Caller) => Promise<Output>,
  ): Callable<Input, Output>
  /** One that reads. */
  query<Parsed, Input, Output>(
    name: string,
    schema: ZodType<Parsed, Input>,
    run: (reader: Reader, input: Parsed, caller: Caller) => Promise<Output>,
  ): Callable<Input, Output>
  /** One of several phases that opens its own transactions and calls the outside between them; it must be safe to repeat from its start. */
  process<Parsed, Input, Output>(
    name: string,
    schema: ZodType<Parsed, Input>,
    run: (input: Parsed, call: Call, caller: Caller) => Promise<Output>,
  ): Callable<Input, Output>
}

export function createUseCases(database: Database): UseCases {
  return {
    command: (name, schema, run) => async (input, call) => {
      admit(call)
      const parsed = validate(schema, input, name)
      return database.transaction(call as Joining | undefined, (tx) => {
        const work = () => run(tx, parsed, callerOf(call))
        return call?.idempotencyKey === undefined ? work() : once(tx, scopeOf(name, call), call.idempotencyKey, parsed, work)
      })
    },
    query: (name, schema, run) => async (input, call) => {
      admit(call)
      const parsed = validate(schema, input, name)
      return database.read(call, (reader) => run(reader, parsed, callerOf(call)))
    },
    process: (name, schema, run) => async (input, call) => {
      admit(call)
      return run(validate(schema, input, name), call ?? {}, callerOf(call))
    },
  }
}

/** Keys of different callers never meet. */
export function scopeOf(name: string, call: Call): string {
  const scope = `${name} ${actorName(call)}`
  if (scope.length <= longestScope) return scope
  // A long name and a long actor's id together: what the column does not hold stands in a hash.
  const hash = createHash('sha256').update(scope).digest('hex')
  return `${scope.slice(0, longestScope - hash.length - 1)} ${hash}`
}
