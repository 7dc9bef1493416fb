import type { Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import { sumAmounts } from '../money/index.js'
import type { CapturedInput } from '../payment/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { type ExchangeRow, exchangeTable } from './exchange.entity.js'
import { giveBackParts, payBack, refundsPayable } from './give-back.js'
import type { RefundingLine } from './hooks.js'
import { orderLineTable, orderRefundLineTable, supplierOrderTable } from './order.entity.js'
import type { OrderAggregate, OrderLine } from './order.js'
import { stockItems } from './order-stock.js'
import { changeOrder, settleStates } from './order-store.js'
import { movePayment, paymentStatus } from './payment-state.js'
import { cancelUnits } from './refund-order.js'
import { planRefund, unsentUnits } from './refund-plan.js'

/** Where an exchange's value stands between the old goods and the new: at 0 once it is completed. */
export function exchangeAccount(orderId: string): AccountRef {
  return { party: `order:${orderId}`, purpose: 'exchange' }
}

/** The key of the journal by which a part of a difference that came in is set ready. */
export function exchangePaymentKey(captureId: string): string {
  return `order.exchange_payment/${captureId}`
}

/** What of the old line is given back: so many units, or all that is left of it. @throws refund.exceeds_captured, order.line_not_found */
export async function planExchange(
  tx: Tx,
  aggregate: OrderAggregate,
  { lineId, quantity }: { readonly lineId: string; readonly quantity?: number | undefined },
): Promise<RefundingLine | undefined> {
  const past = await tx.find(orderRefundLineTable, { orderId: aggregate.order.id })
  const refunded = sumAmounts(past.filter((part) => part.lineId === lineId).map((part) => part.quantity ?? 0))
  const left = (aggregate.lines.find((line) => line.id === lineId)?.quantity ?? 0) - refunded
  const wish = quantity === undefined || quantity === left ? { lineId, all: true as const } : { lineId, quantity }
  return planRefund(aggregate, past, { lines: [wish] })[0]
}

/** Puts a part of the difference that came in where the exchange takes it from. */
export async function readyExchangeCash(
  { ledger }: Pick<OrderDeps, 'ledger'>,
  tx: Tx,
  { id: exchangeId, orderId }: ExchangeRow,
  {
    captureId,
    clearing,
    amount,
    at,
    currency,
  }: Pick<CapturedInput, 'captureId' | 'clearing' | 'amount' | 'at'> & { readonly currency: string },
): Promise<void> {
  const transfer = { from: clearing, to: exchangeAccount(orderId), amount, commodity: currency, kind: 'exchange_payment', ref: exchangeId }
  await ledger.post(tx, [
    { kind: 'exchange_payment', source: exchangeId, key: exchangePaymentKey(captureId), effectiveAt: at, transfers: [transfer] },
  ])
}

/** Old goods back, new line in, a negative difference out: in the transaction that holds the order's lock; a positive difference is ready. @returns refunds of the payment room */
export function completeExchange(deps: OrderDeps) {
  const { hooks, inventory, note } = deps
  const giveBack = giveBackParts(deps)
  const cancel = cancelUnits(deps)
  return async (tx: Tx, before: OrderAggregate, row: ExchangeRow, part: RefundingLine): Promise<readonly string[]> => {
    const { id: exchangeId, orderId, lineId, newLine, difference, reason, by } = row
    const payable = exchangeAccount(orderId)
    const returned = await giveBack(tx, before, { parts: [part], goodwill: null, reason, by, payable })
    // The new line is there before the old one's units are called off: an order of nothing left would pass for canceled.
    const aggregate = await addLine(tx, returned.aggregate, newLine)
    const { order, lines } = aggregate
    const to = lines.at(-1) ?? newLine
    await hooks.run(tx, 'order.exchanging', { ...aggregate, from: lineId, to, terms: row.terms })
    const sold = { lineId: to.id, goods: to.goods, shipping: 0 }
    const capture = { paymentId: row.paymentId, captureId: exchangeId, amount: to.goods, parts: [sold], clearing: payable, at: tx.now }
    await hooks.run(tx, 'order.captured', { orders: [{ order, lines, ...capture, complete: false }] })

    const items = stockItems([to])
    if (items.length > 0) {
      // Set aside for the exchange until now; under the lock of its shelf nobody comes in between.
      await inventory.release(tx, exchangeId)
      await inventory.reserve(tx, { reference: orderId, expiresAt: null, distributorId: order.distributorId, items })
    }
    const units = unsentUnits(returned.aggregate.lines, [part])
    await settleStates(tx, [await cancel(tx, { ...returned, aggregate }, units, by)])
    const paymentRefunds = difference < 0 ? await returnDifference(deps, tx, aggregate, row) : []
    const { currency } = order
    await note(tx, [{ orderId, type: 'exchanged', by, details: { exchangeId, lineId, newLineId: to.id, difference, currency, reason } }])
    emitOrder(tx, 'order.exchanged', orderId, { orderId, exchangeId, lineId, newLineId: to.id, difference, currency })
    return paymentRefunds
  }
}

/** The new line as one that was paid for: by the old goods' value, and the difference. */
async function addLine(tx: Tx, { order, supplierOrders, lines }: OrderAggregate, line: OrderLine): Promise<OrderAggregate> {
  const sold: OrderLine = { ...line, capturedGoods: line.goods }
  await tx.insert(orderLineTable, [sold])
  const parts = supplierOrders.map((part) =>
    part.id === line.supplierOrderId ? { ...part, goods: sumAmounts([part.goods, line.goods]) } : part,
  )
  const goods = parts.find((part) => part.id === line.supplierOrderId)?.goods ?? 0
  await tx.update(supplierOrderTable, { goods }, { id: line.supplierOrderId })
  const amounts = {
    goods: sumAmounts([order.goods, line.goods]),
    total: sumAmounts([order.total, line.goods]),
    tax: sumAmounts([order.tax, line.tax?.amount ?? 0]),
    captured: sumAmounts([order.captured, line.goods]),
  }
  const status = paymentStatus({ ...amounts, refunded: order.refunded, authorized: 0, closed: false })
  const changed = await changeOrder(tx, order, { ...amounts, paymentStatus: movePayment(order.id, order.paymentStatus, status) })
  return { order: changed, supplierOrders: parts, lines: [...lines, sold] }
}

/** The new goods cost less: the rest goes back to where the customer's money came from. */
async function returnDifference(deps: OrderDeps, tx: Tx, aggregate: OrderAggregate, row: ExchangeRow): Promise<readonly string[]> {
  const { id, orderId, reason } = row
  const amount = -row.difference
  const transfer = { from: exchangeAccount(orderId), to: refundsPayable, amount, commodity: aggregate.order.currency }
  await deps.ledger.post(tx, [
    {
      kind: 'exchange_return',
      source: id,
      key: `order.exchange_return/${id}`,
      effectiveAt: tx.now,
      transfers: [{ ...transfer, kind: 'exchange_return', ref: id }],
    },
  ])
  return payBack(deps, tx, { aggregate, refund: { id, amount, goodwill: null, reason } })
}

/** Nothing comes of an exchange that waited for its payment: its goods are for sale again, and what came in for it goes back. */
export function cancelExchange({ inventory, ledger, payments, note }: OrderDeps) {
  return async (tx: Tx, { order }: Pick<OrderAggregate, 'order'>, row: ExchangeRow, why: string): Promise<void> => {
    const { id: exchangeId, orderId, paymentId } = row
    await tx.update(exchangeTable, { status: 'canceled', endedAt: tx.now, expiresAt: null }, { id: exchangeId })
    await inventory.release(tx, exchangeId)
    const its = (await payments.ofReference(tx, orderId)).filter((payment) => payment.metadata.exchangeId === exchangeId)
    for (const { id, captured, refunded, refunding } of its) {
      const amount = captured - refunded - refunding
      if (amount <= 0) continue
      const transfer = { from: exchangeAccount(orderId), to: refundsPayable, amount, commodity: order.currency, kind: 'exchange_return' }
      await payments.requestRefund(tx, { paymentId: id, amount, reference: orderId, reason: why })
      await ledger.post(tx, [
        {
          kind: 'exchange_return',
          source: exchangeId,
          key: `order.exchange_return/${exchangeId}/${id}`,
          effectiveAt: tx.now,
          transfers: [{ ...transfer, ref: exchangeId }],
        },
      ])
    }
    await note(tx, [{ orderId, type: 'exchange_canceled', by: 'system', details: { exchangeId, paymentId, reason: why } }])
    emitOrder(tx, 'order.exchange_canceled', orderId, { orderId, exchangeId, reason: why })
  }
}
