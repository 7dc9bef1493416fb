import * as z from 'zod'
import { amount, type Caller, id, quantity, reason, type Timestamp, type Tx } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { type GiveBack, giveBackParts, givesBack, type RefundOutcome } from './give-back.js'
import { orderRefundLineTable, orderRefundTable } from './order.entity.js'
import type { OrderAggregate, OrderRefundLine } from './order.js'
import { countLines, lockOrder, settleStates } from './order-store.js'
import {
  type CanceledUnits,
  planRefund,
  planRefundOfAll,
  planRefundOfReturned,
  type RefundLineInput,
  type RefundShippingInput,
  unsentUnits,
} from './refund-plan.js'

export interface RefundOrderInput {
  readonly orderId: string
  /** Goods, line by line; each line once. */
  readonly lines?: readonly RefundLineInput[] | undefined
  /** Shipping, in minor units, by line or by supplier. */
  readonly shipping?: readonly RefundShippingInput[] | undefined
  /** All that is left of every line, shipping too; instead of `lines` and `shipping`. */
  readonly everything?: true | undefined
  /** Minor units beyond what the lines come to, and who bears them. @default fundedBy 'platform' */
  readonly goodwill?: { readonly amount: number; readonly fundedBy?: string | undefined } | undefined
  /** Kept in the timeline and shown to the customer. */
  readonly reason: string
}

export const refundOrderSchema: z.ZodType<RefundOrderInput> = z
  .object({
    orderId: id,
    lines: z
      .array(
        z.union([
          z.strictObject({ lineId: id, amount }),
          z.strictObject({ lineId: id, quantity }),
          z.strictObject({ lineId: id, all: z.literal(true) }),
        ]),
      )
      .max(2000)
      .refine((lines) => new Set(lines.map((line) => line.lineId)).size === lines.length, 'a line stands here once')
      .optional(),
    shipping: z
      .array(z.union([z.strictObject({ lineId: id, amount }), z.strictObject({ supplierId: id, amount })]))
      .max(2000)
      .optional(),
    everything: z.literal(true).optional(),
    goodwill: z.object({ amount: amount.min(1), fundedBy: z.string().min(1).max(120).optional() }).optional(),
    reason,
  })
  .refine(
    ({ everything, lines, shipping }) => !everything || (lines === undefined && shipping === undefined),
    'everything stands instead of lines and shipping',
  )

/**
 * Gives money back: lines by amount, by units or whole, shipping, goodwill. Units of a paid order that were not sent yet are canceled with it.
 * @throws order.not_found, order.line_not_found, order.supplier_order_not_found, order.nothing_to_refund, refund.exceeds_captured
 */
export function refundOrder(deps: OrderDeps) {
  const giveBack = giveBackParts(deps)
  const cancel = cancelUnits(deps)
  return async (tx: Tx, input: RefundOrderInput, { by }: Pick<Caller, 'by'>): Promise<RefundOutcome> => {
    const aggregate = await lockOrder(tx, input.orderId)
    const wish = workOut(aggregate, await tx.find(orderRefundLineTable, { orderId: input.orderId }), input, by)
    const outcome = await giveBack(tx, aggregate, wish)
    return { ...outcome, aggregate: await cancel(tx, outcome, calledOff(aggregate, wish), by) }
  }
}

/** What a refund comes to. @param past every refund line of the order so far @throws order.line_not_found, order.supplier_order_not_found, refund.exceeds_captured */
export function workOut(aggregate: OrderAggregate, past: readonly OrderRefundLine[], input: RefundOrderInput, by: string): GiveBack {
  const { everything, goodwill, reason: why } = input
  return {
    parts: everything ? planRefundOfAll(aggregate.lines, past) : planRefund(aggregate, past, input),
    goodwill: goodwill === undefined ? null : { amount: goodwill.amount, fundedBy: goodwill.fundedBy ?? 'platform' },
    reason: why,
    by,
  }
}

/** Units that will not be sent for it. What is not paid in full is still owed in full: there a refund gives money back, and calls off nothing. */
export function calledOff({ order, lines }: OrderAggregate, { parts }: Pick<GiveBack, 'parts'>): readonly CanceledUnits[] {
  return order.paidAt === null ? [] : unsentUnits(lines, parts)
}

/** Goods that have come back, and for which money is to go back. */
export interface RefundReturnedInput {
  readonly orderId: string
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
  /** When they were announced: units refunded by hand from then on were these. */
  readonly since: Timestamp
  /** The refunds that other returns ended in: none of them was made by hand. */
  readonly ofReturns: readonly string[]
  readonly reason: string
}

/** Refunds what has come back, as far as that is still to be refunded. The units are counted as returned before. @returns null where nothing is left to go back @throws order.not_found, order.line_not_found */
export function refundReturned(deps: OrderDeps) {
  const giveBack = giveBackParts(deps)
  return async (tx: Tx, input: RefundReturnedInput, { by }: Pick<Caller, 'by'>): Promise<RefundOutcome | null> => {
    const { orderId, lines, since, ofReturns, reason: why } = input
    const aggregate = await lockOrder(tx, orderId)
    const past = await tx.find(orderRefundLineTable, { orderId })
    const refunds = await tx.find(orderRefundTable, { orderId })
    const byHand = new Set(
      refunds.filter(({ id: refundId, at }) => at >= since && !ofReturns.includes(refundId)).map((refund) => refund.id),
    )
    const refundedSince = (lineId: string): number =>
      sumAmounts(past.filter((line) => line.lineId === lineId && byHand.has(line.refundId)).map((line) => line.quantity ?? 0))
    const came = lines.map((line) => ({ ...line, refundedSince: refundedSince(line.lineId) }))
    const parts = planRefundOfReturned(aggregate, past, came)
    return givesBack(aggregate, parts) ? giveBack(tx, aggregate, { parts, goodwill: null, reason: why, by }) : null
  }
}

/** Units that are refunded leave no more: their stock is freed, and parcels that wait with them are unpacked. */
export function cancelUnits({ inventory, hooks, note }: OrderDeps) {
  return async (tx: Tx, { aggregate, refund }: RefundOutcome, units: readonly CanceledUnits[], by: string): Promise<OrderAggregate> => {
    if (units.length === 0) return aggregate
    const { orderId, id: refundId, reason: why } = refund
    await inventory.release(tx, orderId, units, refundId)
    const lines = await countLines(
      tx,
      aggregate.lines,
      units.map(({ lineId, quantity: canceled }) => ({ lineId, add: { canceled } })),
    )
    const [settled = aggregate] = await settleStates(tx, [{ ...aggregate, lines }])
    await note(tx, [{ orderId, type: 'units_canceled', by, details: { refundId, lines: units, reason: why } }])
    emitOrder(tx, 'order.units_canceled', orderId, { orderId, refundId, lines: units })
    await hooks.run(tx, 'order.canceled', { orders: [{ ...settled, lineIds: units.map(({ lineId }) => lineId) }] })
    return settled
  }
}
