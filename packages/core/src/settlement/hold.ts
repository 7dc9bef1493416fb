import { claimTable } from '../commission/index.js'
import { lastArrivals } from '../fulfilment/index.js'
import { addDays, groupBy, inList, sql, type Timestamp, type Tx, textByKey } from '../kernel/index.js'
import type { OrderAggregate, OrderCapture, OrderChargeback, OrderLine, OrderRefunding } from '../order/index.js'
import type { Policies } from './policy.js'

/** A line whose hold begins. */
export interface HeldLine {
  readonly lineId: string
  /** When the last of it arrived, or was given up. */
  readonly at: Timestamp
  /** Its claim is not available before. */
  readonly notBefore?: Timestamp | undefined
}

/**
 * Starts the hold of the claims on these lines; one statement for each length of hold that occurs. A line keeps its first hold, unless what was given up
 * arrives after all while its claim is pending: then the hold counts from the arrival.
 */
export async function startHold(
  tx: Tx,
  policies: Policies,
  lines: readonly HeldLine[],
  { arrived = false }: { readonly arrived?: boolean } = {},
): Promise<void> {
  if (lines.length === 0) return
  const starting = new Map(lines.map((line) => [line.lineId, line]))
  const claims = (await tx.lock(claimTable, { lineId: [...starting.keys()], state: 'pending' })).filter(
    (claim) => arrived || claim.releaseAt === null,
  )
  if (claims.length === 0) return
  const policyOf = await policies(tx, [...new Set(claims.map((claim) => claim.party))], tx.now)
  for (const [holdDays, held] of groupBy(claims, (claim) => policyOf(claim.party).holdDays)) {
    const lineIds = [...new Set(held.map((claim) => claim.lineId))]
    const releaseAt = textByKey(
      sql`line_id`,
      lineIds.map((lineId) => {
        const { at = tx.now, notBefore = '' } = starting.get(lineId) ?? {}
        const end = addDays(at, holdDays)
        return [lineId, end < notBefore ? notBefore : end] as const
      }),
    )
    await tx.run(sql`
      UPDATE ${claimTable} SET release_at = ${releaseAt}
      WHERE ${inList(sql`line_id`, lineIds)} AND ${inList(sql`party`, [...new Set(held.map((claim) => claim.party))])} AND state = 'pending'`)
  }
}

/** Goods may leave for a promise, and the money be captured after they have arrived: then the claim comes last, and its hold counts from the arrival all the same. */
export async function holdCaptured(tx: Tx, policies: Policies, captures: readonly OrderCapture[]): Promise<void> {
  const captured = new Map(
    captures.flatMap(({ lines, parts, at }) => {
      const moved = new Set(parts.map((part) => part.lineId))
      return lines.filter((line) => moved.has(line.id) && hasArrived(line)).map((line) => [line.id, at] as const)
    }),
  )
  if (captured.size === 0) return
  const arrivals = await lastArrivals(tx, [...captured.keys()])
  const held = [...captured].map(([lineId, notBefore]) => ({ lineId, at: arrivals.get(lineId) ?? notBefore, notBefore }))
  await startHold(tx, policies, held)
}

function hasArrived({ quantity, canceled, delivered }: OrderLine): boolean {
  return delivered > 0 && delivered === quantity - canceled
}

function isAwaited({ quantity, canceled, delivered }: OrderLine): boolean {
  return delivered < quantity - canceled
}

interface GivenBack extends Pick<OrderRefunding, 'lines' | 'at'> {
  readonly parts: readonly Pick<OrderRefunding['parts'][number], 'lineId' | 'refundedUnits'>[]
}

/** Lines whose goods are given back in full. If they never arrive, this is what their hold counts from: charges and shipping are still to be settled. */
export function givenBack(refunds: readonly GivenBack[]): readonly HeldLine[] {
  return refunds.flatMap(({ lines, parts, at }) =>
    parts.flatMap(({ lineId, refundedUnits }) => {
      const line = lines.find((candidate) => candidate.id === lineId)
      if (!line) return []
      const all = line.goods > 0 ? line.refundedGoods === line.goods : refundedUnits === line.quantity
      return all ? [{ lineId, at }] : []
    }),
  )
}

/** Lines whose goods a customer's bank has taken back in full: as if they were given back. */
export function takenBack(chargebacks: readonly OrderChargeback[]): readonly HeldLine[] {
  return givenBack(
    chargebacks.map(({ order, lines, parts, at }) => {
      const units = new Map(lines.map((line) => [line.id, order.refunded === order.captured ? line.quantity : 0]))
      return { lines, at, parts: parts.map(({ lineId }) => ({ lineId, refundedUnits: units.get(lineId) ?? 0 })) }
    }),
  )
}

/** The money is there again, and the goods are still to come: nothing of it is due before they have arrived. */
export async function awaitAgain(tx: Tx, won: readonly OrderChargeback[]): Promise<void> {
  const awaited = won.flatMap(({ lines, parts }) => {
    const ids = new Set(parts.map((part) => part.lineId))
    return lines.filter((line) => ids.has(line.id) && isAwaited(line)).map((line) => line.id)
  })
  if (awaited.length > 0) await tx.update(claimTable, { releaseAt: null }, { lineId: awaited, state: 'pending' })
}

/** Lines of which nothing is left to send or to arrive, of orders of which anything was captured. */
export function givenUp(orders: readonly (OrderAggregate & { readonly lineIds: readonly string[] })[], at: Timestamp): readonly HeldLine[] {
  return orders
    .filter(({ order }) => order.captured > 0 || order.paidAt !== null)
    .flatMap(({ order, lines, lineIds }) => {
      const goOn = new Set(order.status === 'open' ? lines.filter(isAwaited).map((line) => line.id) : [])
      return lineIds.filter((lineId) => !goOn.has(lineId)).map((lineId) => ({ lineId, at }))
    })
}
