/** Limits of use, spent once however many orders are placed at the same moment. */
import { inList, numberByKey, type Reader, sql, type Tx } from '@entrepot/core'
import { usedUp } from './errors.js'
import { type LimitRow, limitId, limitTable } from './limit.entity.js'
import type { Promotion } from './promotion.js'

/** One use of a promotion. */
export interface Use {
  readonly promotion: Promotion
  readonly customerId: string | null
}

/** Which of these uses no limit has room for. */
export type IsUsedUp = (promotion: Promotion, customerId: string | null) => boolean

/** Looks at the limits of uses by one statement, and by none where there are none. */
export async function readUsedUp(reader: Reader, uses: readonly Use[]): Promise<IsUsedUp> {
  const ids = uses.flatMap(limitsOf).map(({ id }) => id)
  const rows = ids.length === 0 ? [] : await reader.find(limitTable, { id: ids })
  const full = new Set(rows.filter(({ used, most }) => used >= most).map(({ id }) => id))
  return (promotion, customerId) => limitsOf({ promotion, customerId }).some(({ id }) => full.has(id))
}

/** Counts uses, in a number of statements that does not depend on theirs; all of them or, where a limit is reached, none. @throws promotions.used_up */
export async function spendLimits(tx: Tx, uses: readonly Use[]): Promise<void> {
  const spent = countsOf(uses.flatMap(limitsOf))
  const ids = [...spent.keys()].sort()
  if (ids.length === 0) return
  await tx.insertMissing(
    limitTable,
    ids.flatMap((id) => spent.get(id)?.limit ?? []),
  )
  // Locked in the order of their keys first: two orders that spend the same two limits wait in a line, not in a ring.
  const locked = await tx.lock(limitTable, { id: ids })
  const by = numberByKey(
    sql`id`,
    [...spent].map(([id, { times }]) => [id, times]),
  )
  const counted = await tx.run(sql`UPDATE ${limitTable} SET used = used + ${by} WHERE ${inList(sql`id`, ids)} AND used + ${by} <= most`)
  if (counted === ids.length) return
  const full = locked.filter(({ id, used, most }) => used + (spent.get(id)?.times ?? 0) > most)
  throw usedUp({ promotionIds: [...new Set(full.map(({ promotionId }) => promotionId))] })
}

/** Gives uses back. A promotion without limits has nothing to give back, and its ids find no row. */
export async function giveBackLimits(
  tx: Tx,
  uses: readonly { readonly promotionId: string; readonly customerId: string | null }[],
): Promise<void> {
  const times = new Map<string, number>()
  for (const { promotionId, customerId } of uses) {
    for (const id of customerId === null ? [limitId(promotionId)] : [limitId(promotionId), limitId(promotionId, customerId)])
      times.set(id, (times.get(id) ?? 0) + 1)
  }
  const ids = [...times.keys()].sort()
  await tx.lock(limitTable, { id: ids })
  await tx.run(sql`UPDATE ${limitTable} SET used = used - ${numberByKey(sql`id`, [...times])} WHERE ${inList(sql`id`, ids)}`)
}

function limitsOf({ promotion: { id: promotionId, limits }, customerId }: Use): readonly LimitRow[] {
  const inAll = limits.total === null ? [] : [{ id: limitId(promotionId), promotionId, most: limits.total, used: 0 }]
  const byCustomer =
    limits.perCustomer === null || customerId === null
      ? []
      : [{ id: limitId(promotionId, customerId), promotionId, most: limits.perCustomer, used: 0 }]
  return [...inAll, ...byCustomer]
}

/** Each limit once, with how often it is spent. */
function countsOf(limits: readonly LimitRow[]): ReadonlyMap<string, { readonly limit: LimitRow; readonly times: number }> {
  const counts = new Map<string, { limit: LimitRow; times: number }>()
  for (const limit of limits) counts.set(limit.id, { limit, times: (counts.get(limit.id)?.times ?? 0) + 1 })
  return counts
}
