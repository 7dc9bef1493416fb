import * as z from 'zod'
import { type Caller, id, reason, type Tx } from '../kernel/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { notCancelable, supplierOrderNotFound } from './errors.js'
import { giveBackParts, givesBack } from './give-back.js'
import { orderRefundLineTable } from './order.entity.js'
import type { OrderAggregate, OrderLine } from './order.js'
import { changeOrder, countLines, lockOrder, settleStates } from './order-store.js'
import { movePayment, paymentStatus } from './payment-state.js'
import { planRefundOfAll } from './refund-plan.js'

export interface CancelOrderInput {
  readonly orderId: string
  /** That supplier's part alone, of an order that is paid; the whole order unless given. */
  readonly supplierId?: string | undefined
  /** Shown to the customer and kept in the timeline. */
  readonly reason: string
}

export const cancelOrderSchema: z.ZodType<CancelOrderInput> = z.object({ orderId: id, supplierId: id.optional(), reason })

/** What closing an order has set in motion. */
export interface CloseOutcome {
  readonly aggregate: OrderAggregate
  /** Refunds of the payment room that wait to be executed. */
  readonly paymentRefunds: readonly string[]
}

/**
 * Cancels what has not been sent: frees its stock, voids what is authorized, gives back what was paid, has its commission reversed. Again, it changes nothing.
 * @throws order.not_found, order.supplier_order_not_found, order.not_cancelable
 */
export function cancelOrder(deps: OrderDeps) {
  const close = closeOrder(deps)
  const closePart = closeSupplierPart(deps)
  return async (tx: Tx, { orderId, supplierId, reason: why }: CancelOrderInput, { by }: Pick<Caller, 'by'>): Promise<CloseOutcome> => {
    const aggregate = await lockOrder(tx, orderId)
    const { order, lines } = aggregate
    const its = supplierId === undefined ? lines : lines.filter((line) => line.supplierId === supplierId)
    if (supplierId !== undefined && its.length === 0) throw supplierOrderNotFound({ orderId, supplierId })
    // All units of an order that is open may have been refunded before they were sent: then it is closed all the same.
    const isWhole = supplierId === undefined && order.status === 'open'
    if (order.status === 'canceled' || (!isWhole && its.every((line) => line.canceled === line.quantity)))
      return { aggregate, paymentRefunds: [] }
    if (its.some((line) => line.fulfilled > 0)) throw notCancelable({ orderId, reason: 'some of it has been sent; open a return instead' })
    const rest = lines.filter((line) => !its.includes(line) && line.canceled < line.quantity)
    if (supplierId === undefined || rest.length === 0) return close(tx, aggregate, { as: 'canceled', reason: why, by })
    if (order.paidAt === null)
      throw notCancelable({ orderId, reason: 'a part is canceled once the order is paid; cancel the whole order, or wait for its payment' })
    return closePart(tx, aggregate, its, { supplierId, reason: why, by })
  }
}

/** How an order ends before its goods are sent. */
export interface Closing {
  readonly as: 'canceled' | 'expired'
  readonly reason: string
  readonly by: string
}

/** Closes a locked order of which nothing was sent. */
export function closeOrder(deps: OrderDeps) {
  const { inventory, payments, hooks, note } = deps
  const refundAll = refundLines(deps)
  return async (tx: Tx, before: OrderAggregate, { as, reason: why, by }: Closing): Promise<CloseOutcome> => {
    const orderId = before.order.id
    await inventory.release(tx, orderId)
    await payments.cancelOpen(tx, orderId)
    const { aggregate: refunded, paymentRefunds } = await refundAll(tx, before, before.lines, { reason: why, by })
    // Units of an expired order are not canceled: it may still be paid, and then goes on.
    const lines = as === 'canceled' ? await countLines(tx, refunded.lines, cancelAll(refunded.lines)) : refunded.lines
    const { order, ...rest } = await settle(tx, { ...refunded, lines })
    const status = paymentStatus({ ...order, authorized: 0, closed: true })
    const closed = await changeOrder(tx, order, {
      status: as,
      closedAt: tx.now,
      closeReason: why,
      expiresAt: null,
      paymentStatus: movePayment(orderId, order.paymentStatus, status),
    })
    const aggregate: OrderAggregate = { ...rest, order: closed }
    await note(tx, [{ orderId, type: as, by, details: { reason: why } }])
    if (as === 'expired') emitOrder(tx, 'order.expired', orderId, { orderId })
    else emitOrder(tx, 'order.canceled', orderId, { orderId, supplierId: null, reason: why })
    await hooks.run(tx, 'order.canceled', { orders: [{ ...aggregate, lineIds: lines.map((line) => line.id) }] })
    return { aggregate, paymentRefunds }
  }
}

function closeSupplierPart(deps: OrderDeps) {
  const { inventory, hooks, note } = deps
  const refundAll = refundLines(deps)
  return async (
    tx: Tx,
    before: OrderAggregate,
    its: readonly OrderLine[],
    { supplierId, reason: why, by }: { supplierId: string; reason: string; by: string },
  ): Promise<CloseOutcome> => {
    const orderId = before.order.id
    const lineIds = its.map((line) => line.id)
    await inventory.release(
      tx,
      orderId,
      lineIds.map((lineId) => ({ lineId })),
    )
    const { aggregate: refunded, paymentRefunds } = await refundAll(tx, before, its, { reason: why, by })
    const lines = await countLines(tx, refunded.lines, cancelAll(its))
    const aggregate = await settle(tx, { ...refunded, lines })
    await note(tx, [{ orderId, type: 'supplier_order_canceled', by, details: { supplierId, reason: why } }])
    emitOrder(tx, 'order.canceled', orderId, { orderId, supplierId, reason: why })
    await hooks.run(tx, 'order.canceled', { orders: [{ ...aggregate, lineIds }] })
    return { aggregate, paymentRefunds }
  }
}

async function settle(tx: Tx, aggregate: OrderAggregate): Promise<OrderAggregate> {
  const [settled = aggregate] = await settleStates(tx, [aggregate])
  return settled
}

function cancelAll(lines: readonly OrderLine[]): readonly { readonly lineId: string; readonly add: { readonly canceled: number } }[] {
  return lines.map((line) => ({ lineId: line.id, add: { canceled: line.quantity - line.canceled } }))
}

/** Gives back what is left of the lines, if anything was ever booked for them. */
function refundLines(deps: OrderDeps) {
  const giveBack = giveBackParts(deps)
  return async (
    tx: Tx,
    aggregate: OrderAggregate,
    lines: readonly OrderLine[],
    { reason: why, by }: { reason: string; by: string },
  ): Promise<CloseOutcome> => {
    const { captured, paidAt, id: orderId } = aggregate.order
    if (captured === 0 && paidAt === null) return { aggregate, paymentRefunds: [] }
    const ids = new Set(lines.map((line) => line.id))
    const its = aggregate.lines.filter((line) => ids.has(line.id))
    const parts = planRefundOfAll(its, await tx.find(orderRefundLineTable, { orderId }))
    if (!givesBack(aggregate, parts)) return { aggregate, paymentRefunds: [] }
    return giveBack(tx, aggregate, { parts, goodwill: null, reason: why, by })
  }
}
