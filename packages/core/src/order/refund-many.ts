import * as z from 'zod'
import { type Caller, groupBy, type Timestamp, type Tx, time } from '../kernel/index.js'
import { closeOrder } from './close-order.js'
import type { OrderDeps } from './deps.js'
import { isOver } from './end-refunded.js'
import { refundTime } from './errors.js'
import { giveBackAll } from './give-back.js'
import { orderRefundLineTable } from './order.entity.js'
import type { OrderAggregate, OrderRefund, OrderRefundLine } from './order.js'
import { lockOrders } from './order-store.js'
import { calledOff, cancelUnits, type RefundOrderInput, refundOrderSchema, workOut } from './refund-order.js'

/** A refund among others. */
export interface RefundOfMany extends RefundOrderInput {
  /** When it was given; in the past only for the host's own code. A hold that begins with it counts from then; it is booked now. @default now */
  readonly at?: Timestamp | undefined
}

export interface RefundManyInput {
  /** 1 to 1000. Those of one order follow one another in this order. */
  readonly refunds: readonly RefundOfMany[]
}

export const refundManySchema: z.ZodType<RefundManyInput> = z.object({
  refunds: z
    .array(z.intersection(refundOrderSchema, z.object({ at: time.optional() })))
    .min(1)
    .max(1000),
})

/**
 * Many refunds, all or none. The first of every order go by the same statements, however many they are; then the second of those that have one, and so on. Only an
 * order of which units are called off, or that ends by it, takes some of its own.
 * @returns in the order of the input @throws as refundOrder, and order.refund_time
 */
export function refundMany(deps: OrderDeps) {
  const [giveBack, cancel, close] = [giveBackAll(deps), cancelUnits(deps), closeOrder(deps)]
  return async (tx: Tx, { refunds }: RefundManyInput, caller: Pick<Caller, 'actor' | 'by'>): Promise<readonly OrderRefund[]> => {
    const { by } = caller
    const numbered = refunds.map((refund, position) => ({ refund, position }))
    const byOrder = groupBy(numbered, ({ refund }) => refund.orderId)
    const orders = new Map(await lockOrders(tx, [...byOrder.keys()]))
    const past = new Map<string, readonly OrderRefundLine[]>(
      groupBy(await tx.find(orderRefundLineTable, { orderId: [...byOrder.keys()] }), (line) => line.orderId),
    )
    const made: OrderRefund[] = []
    for (let turn = 0, left = true; left; turn++) {
      const now = [...byOrder.values()].flatMap((its) => its[turn] ?? [])
      const wishes = now.flatMap(({ refund }) => {
        const before = orders.get(refund.orderId)
        if (!before) return []
        return [{ ...workOut(before, past.get(refund.orderId) ?? [], refund, by), before, at: givenAt(refund, before, tx.now, caller) }]
      })
      const outcomes = await giveBack(tx, wishes)
      for (const [index, outcome] of outcomes.entries()) {
        const { orderId } = outcome.refund
        const wish = wishes[index]
        const units = wish ? calledOff(wish.before, wish) : []
        const after = await cancel(tx, outcome, units, by)
        const ended = isOver(after) ? await close(tx, after, { as: 'canceled', reason: outcome.refund.reason, by }) : { aggregate: after }
        orders.set(orderId, ended.aggregate)
        past.set(orderId, [...(past.get(orderId) ?? []), ...outcome.refund.lines])
        made[now[index]?.position ?? 0] = outcome.refund
      }
      left = [...byOrder.values()].some((its) => its.length > turn + 1)
    }
    return made
  }
}

/** A hold may count from it, so only the host's own code may name a moment that has passed. @throws order.refund_time */
function givenAt(
  { orderId, at }: RefundOfMany,
  { order }: OrderAggregate,
  now: Timestamp,
  { actor, by }: Pick<Caller, 'actor' | 'by'>,
): Timestamp {
  if (at === undefined || at === now) return now
  if (at > now) throw refundTime({ orderId, at, reason: `it is ${now}; tell it when it has been` })
  if (actor !== undefined) throw refundTime({ orderId, at, reason: `${by} may not say that it was in the past; leave the time out` })
  if (at < order.placedAt) throw refundTime({ orderId, at, reason: `it was placed at ${order.placedAt}` })
  return at
}
