import type { HostTransaction } from './connection.js'
import { defineError } from './errors.js'
import type { Tx } from './transaction.js'

/** Who acts. Without an actor the caller is the host's own trusted code. */
export interface Actor {
  readonly type: 'staff' | 'supplier' | 'distributor' | 'customer' | 'apiKey' | 'service'
  /** The host's own id of the person or key. */
  readonly id: string
}

/** What goes beside the input of every function. */
export interface Call {
  readonly actor?: Actor | undefined
  /** Joins an open transaction on the same database: ours, TypeORM's `EntityManager`, or the raw connection (pg `Client`, better-sqlite3 `Database`). The host commits; events go out after its commit. */
  readonly tx?: Tx | HostTransaction | undefined
  /** The same key with the same input gives the same result, however often it is sent; with another input, `idempotency.conflict`. */
  readonly idempotencyKey?: string | undefined
  /** BCP 47; which language names come in. */
  readonly locale?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const actorTypes: readonly string[] = [
  'staff',
  'supplier',
  'distributor',
  'customer',
  'apiKey',
  'service',
] satisfies readonly Actor['type'][]

const invalidActor = defineError(
  'actor.invalid',
  'invalid_argument',
  (f: { id: string }) => `"${f.id}" is no actor id; it has 1 to 100 characters, none of them a control character`,
)
const invalidCall = defineError(
  'call.invalid',
  'invalid_argument',
  (f: { member: string; expected: string }) => `call.${f.member} must be ${f.expected}, or be left out`,
)

/** Checks what goes beside an input, which a host may have read from a request as it came. @throws call.invalid, actor.invalid, and the signal's reason */
export function admit(call: Call | undefined): void {
  if (call === undefined || call === null) return
  const { actor, idempotencyKey, locale, signal }: { readonly [Member in keyof Call]: unknown } = call
  if (actor !== undefined) {
    const { type, id }: { readonly type?: unknown; readonly id?: unknown } = Object(actor)
    if (typeof type !== 'string' || !actorTypes.includes(type) || typeof id !== 'string')
      throw invalidCall({ member: 'actor', expected: `{ type: ${actorTypes.join(' | ')}, id: string }` })
    actorName(call)
  }
  if (idempotencyKey !== undefined && typeof idempotencyKey !== 'string')
    throw invalidCall({ member: 'idempotencyKey', expected: 'a string' })
  if (locale !== undefined && typeof locale !== 'string') throw invalidCall({ member: 'locale', expected: 'a string' })
  if (signal === undefined) return
  if (!(signal instanceof AbortSignal)) throw invalidCall({ member: 'signal', expected: 'an AbortSignal' })
  signal.throwIfAborted()
}

/** How an actor is written in a timeline or an audit trail: `staff:42`, or `system` for the host's own code and our background work. @throws actor.invalid */
export function actorName(call: Call | undefined): string {
  if (call?.actor === undefined) return 'system'
  const { type, id } = call.actor
  // Bounded, because it stands in trails and keys.
  if (id.length === 0 || id.length > 100 || /\p{Cc}/u.test(id)) throw invalidActor({ id: id.slice(0, 100) })
  return `${type}:${id}`
}
