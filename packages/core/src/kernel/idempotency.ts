import { createHash } from 'node:crypto'
import { defineError } from './errors.js'
import { column, defineTable, nullable, type Table } from './table.js'
import type { Tx } from './transaction.js'

interface IdempotencyRow {
  scope: string
  key: string
  requestHash: string
  /** The result as a member, since a command may well answer nothing. */
  result: { readonly value?: unknown } | null
  createdAt: string
}

/** As the column has it. */
export const longestScope = 160

export const idempotencyTable: Table<IdempotencyRow> = defineTable<IdempotencyRow>({
  name: 'idempotency',
  primaryKey: ['scope', 'key'],
  columns: {
    scope: column.string(longestScope),
    key: column.string(200),
    requestHash: column.string(64),
    result: nullable(column.json<{ readonly value?: unknown }>()),
    createdAt: column.time(),
  },
  indexes: [{ name: 'idempotency_created', columns: ['createdAt'] }],
})

const conflict = defineError(
  'idempotency.conflict',
  'conflict',
  (f: { scope: string; key: string }) => `key "${f.key}" was used for another request of ${f.scope}; send a new key with a new request`,
)
const keyInvalid = defineError(
  'idempotency.key_invalid',
  'invalid_data',
  (f: { length: number }) => `an idempotency key has 1 to 200 characters, none of them a control character; this one has ${f.length}`,
)

/**
 * Runs a command once per `(scope, key)`. The key, a hash of the request and the result are written in the command's own transaction: a crash before its commit
 * leaves neither, and of two at once the second waits for the first and then gets its result.
 * @throws idempotency.conflict, idempotency.key_invalid
 */
export async function once<Result>(tx: Tx, scope: string, key: string, request: unknown, work: () => Promise<Result>): Promise<Result> {
  if (key.length === 0 || key.length > 200 || /\p{Cc}/u.test(key)) throw keyInvalid({ length: key.length })
  const requestHash = createHash('sha256').update(canonicalJson(request)).digest('hex')
  const claimed = await tx.insertMissing(idempotencyTable, [{ scope, key, requestHash, result: null, createdAt: tx.now }])
  if (claimed === 0) {
    const earlier = await tx.findOne(idempotencyTable, { scope, key })
    if (earlier?.requestHash !== requestHash) throw conflict({ scope, key })
    return earlier.result?.value as Result
  }
  const result = await work()
  await tx.update(idempotencyTable, { result: { value: result } }, { scope, key })
  return result
}

/** JSON with keys in order and absent members left out: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
