import * as z from 'zod'
import { amount, type Caller, id, quantity, reason, type Timestamp, type Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import { sumAmounts } from '../money/index.js'
import { clearingOf } from '../payment/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { nothingToRefund } from './errors.js'
import type { RefundingLine } from './hooks.js'
import { orderRefundLineTable, orderRefundTable } from './order.entity.js'
import type { Goodwill, OrderAggregate, OrderRefund } from './order.js'
import { changeOrder, countLines, lockOrder, settleStates } from './order-store.js'
import { movePayment, paymentStatus } from './payment-state.js'
import {
  allocateOverPayments,
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

/** What a refund has set in motion. */
export interface RefundOutcome {
  readonly refund: OrderRefund
  /** Refunds of the payment room, one per payment that gives something back; a job executes them, or whoever waits for them at once, outside of the transaction. */
  readonly paymentRefunds: readonly string[]
  readonly aggregate: OrderAggregate
}

/** The account out of which customers are paid back, whichever room put the money there. */
export const refundsPayable: AccountRef = { party: 'refunds', purpose: 'payable' }

/**
 * Gives money back: lines by amount, by units or whole, shipping, goodwill. Units of a paid order that were not sent yet are canceled with it.
 * @throws order.not_found, order.line_not_found, order.supplier_order_not_found, order.nothing_to_refund, refund.exceeds_captured
 */
export function refundOrder(deps: OrderDeps) {
  const giveBack = giveBackParts(deps)
  const cancel = cancelUnits(deps)
  return async (tx: Tx, input: RefundOrderInput, { by }: Pick<Caller, 'by'>): Promise<RefundOutcome> => {
    const aggregate = await lockOrder(tx, input.orderId)
    const past = await tx.find(orderRefundLineTable, { orderId: input.orderId })
    const parts = input.everything ? planRefundOfAll(aggregate.lines, past) : planRefund(aggregate, past, input)
    const goodwill =
      input.goodwill === undefined ? null : { amount: input.goodwill.amount, fundedBy: input.goodwill.fundedBy ?? 'platform' }
    const outcome = await giveBack(tx, aggregate, { parts, goodwill, reason: input.reason, by })
    // What is not paid in full is still owed in full: there a refund gives money back, and calls off nothing.
    const units = aggregate.order.paidAt === null ? [] : unsentUnits(aggregate.lines, parts)
    return { ...outcome, aggregate: await cancel(tx, outcome, units, by) }
  }
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

/** Whether anything moves by it. A line that cost nothing is refunded by its units, for what its funders paid once the order was paid. */
export function givesBack({ order }: OrderAggregate, parts: readonly RefundingLine[]): boolean {
  return parts.some(({ goods, shipping, quantity: units }) => goods + shipping > 0 || (units !== null && order.paidAt !== null))
}

/** A refund that is worked out. */
export interface GiveBack {
  readonly parts: readonly RefundingLine[]
  readonly goodwill: Goodwill | null
  readonly reason: string
  readonly by: string
  /** Where the parties' shares go, for whoever pays for something else with them; nobody is paid back then. @default refunds/payable */
  readonly payable?: AccountRef | undefined
}

/** Counts a refund, has the claims shrunk by it, and sends the money back to where it came from. The order is locked. @throws order.nothing_to_refund, refund.exceeds_captured */
export function giveBackParts(deps: OrderDeps) {
  const { kernel, hooks, note } = deps
  return async (tx: Tx, before: OrderAggregate, { parts, goodwill, reason, by, payable }: GiveBack): Promise<RefundOutcome> => {
    if (!givesBack(before, parts) && goodwill === null) throw nothingToRefund({ orderId: before.order.id })
    const value = sumAmounts(parts.flatMap(({ goods, shipping }) => [goods, shipping]))
    const refund = newRefund(kernel.ids('rfo'), before.order.id, parts, { value, goodwill, reason, by, at: tx.now })
    await storeRefund(tx, refund)
    const aggregate = await countRefund(tx, before, refund, parts)

    await hooks.run(tx, 'order.refunding', { orders: [{ ...aggregate, refund, parts, payable: payable ?? refundsPayable, at: tx.now }] })
    if (payable !== undefined) return { refund, paymentRefunds: [], aggregate }
    const paymentRefunds = await payBack(deps, tx, aggregate, refund)
    const { currency } = aggregate.order
    await note(tx, [
      {
        orderId: refund.orderId,
        type: 'refunded',
        by,
        details: { refundId: refund.id, amount: value, goodwill: goodwill?.amount ?? 0, currency, reason },
      },
    ])
    emitOrder(tx, 'order.refunded', refund.orderId, {
      orderId: refund.orderId,
      refundId: refund.id,
      amount: value,
      goodwill: goodwill?.amount ?? 0,
      currency,
    })
    return { refund, paymentRefunds, aggregate }
  }
}

function newRefund(
  refundId: string,
  orderId: string,
  parts: readonly RefundingLine[],
  {
    value,
    goodwill,
    reason,
    by,
    at,
  }: { readonly value: number; readonly goodwill: Goodwill | null; readonly reason: string; readonly by: string; readonly at: Timestamp },
): OrderRefund {
  const lines = parts.map(({ lineId, goods, shipping, quantity }) => ({ lineId, amount: goods, shipping, quantity }))
  return { id: refundId, orderId, reason, amount: value, goodwill, lines, at, by }
}

async function storeRefund(tx: Tx, { id: refundId, orderId, reason, amount, goodwill, lines, at, by }: OrderRefund): Promise<void> {
  await tx.insert(orderRefundTable, [
    { id: refundId, orderId, reason, amount, goodwill: goodwill?.amount ?? 0, goodwillFundedBy: goodwill?.fundedBy ?? null, at, by },
  ])
  await tx.insert(
    orderRefundLineTable,
    lines.map((line) => ({ refundId, orderId, ...line })),
  )
}

async function countRefund(
  tx: Tx,
  aggregate: OrderAggregate,
  refund: OrderRefund,
  parts: readonly RefundingLine[],
): Promise<OrderAggregate> {
  const { id: orderId, total, captured, status, paymentStatus: from } = aggregate.order
  const lines = await countLines(
    tx,
    aggregate.lines,
    parts.map(({ lineId, goods, shipping }) => ({ lineId, add: { refundedGoods: goods, refundedShipping: shipping } })),
  )
  const refunded = sumAmounts([aggregate.order.refunded, refund.amount])
  const order = await changeOrder(tx, aggregate.order, {
    refunded,
    goodwill: sumAmounts([aggregate.order.goodwill, refund.goodwill?.amount ?? 0]),
    paymentStatus:
      refunded === aggregate.order.refunded
        ? from
        : movePayment(orderId, from, paymentStatus({ total, authorized: 0, captured, refunded, closed: status !== 'open' })),
  })
  return { ...aggregate, order, lines }
}

/** @returns the payment room's refunds */
export async function payBack(
  { payments, ledger }: OrderDeps,
  tx: Tx,
  { order }: OrderAggregate,
  refund: Pick<OrderRefund, 'id' | 'amount' | 'goodwill' | 'reason' | 'at'>,
): Promise<readonly string[]> {
  const amount = sumAmounts([refund.amount, refund.goodwill?.amount ?? 0])
  if (amount === 0) return []
  // Money that never came through our payments leaves by the same door, at once.
  if (order.paidBy !== null) {
    const transfer = {
      from: refundsPayable,
      to: clearingOf(order.paidBy),
      amount,
      commodity: order.currency,
      kind: 'refund',
      ref: refund.id,
    }
    await ledger.post(tx, [
      { kind: 'refund', source: refund.id, key: `order.refund/${refund.id}`, effectiveAt: refund.at, transfers: [transfer] },
    ])
    return []
  }
  const made: string[] = []
  for (const part of allocateOverPayments(order.id, await payments.ofReference(tx, order.id), amount)) {
    made.push((await payments.requestRefund(tx, { ...part, reference: refund.id, reason: refund.reason })).id)
  }
  return made
}
