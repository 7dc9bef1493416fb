/** What an order makes of its disputes: joined to the payment room's hooks, under the lock of the order's row, which `payment.settling` has taken. */
import type { Tx } from '../kernel/index.js'
import { allocateByDeficit, sumAmounts } from '../money/index.js'
import type { Dispute, DisputeChargedInput, DisputedInput, PaymentHooks } from '../payment/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import type { LinePart } from './hooks.js'
import { orderChargebackTable, orderTable } from './order.entity.js'
import type { OrderAggregate, OrderLine, OrderRecord } from './order.js'
import { changeOrder, countLines, loadOrders, lockOrder } from './order-store.js'
import { movePayment, paymentStatus } from './payment-state.js'

export function joinDisputes(deps: OrderDeps): void {
  const payments = deps.kernel.hooks<PaymentHooks>()
  payments.join('payment.disputed', onDisputed(deps))
  payments.join('payment.dispute_won', onWon(deps))
  payments.join('payment.dispute_lost', async ({ dispute }, tx) => {
    if (isOrders(dispute)) await deps.note(tx, [noteOf(dispute, 'chargeback_lost')])
  })
  payments.join('payment.dispute_charged', onCharged(deps))
  payments.join('payment.outside', async ({ reference }, tx) => {
    const order = await tx.findOne(orderTable, { id: reference })
    return order?.paidBy ? { provider: order.paidBy, currency: order.currency } : undefined
  })
}

/** A payment may be for something else (a top-up), which is no business of ours. */
function isOrders({ reference }: Dispute): boolean {
  return reference.startsWith('ord_')
}

/**
 * A chargeback over the lines, as a refund of an amount over the order: R4 over the pots (in line order, goods before shipping). Lines that cost nothing have
 * their part, of 0, where nothing of the order is left.
 */
export function partsOfChargeback(lines: readonly OrderLine[], amount: number): readonly LinePart[] {
  const shares = lines.flatMap((line) => [line.capturedGoods, line.capturedShipping])
  const done = lines.flatMap((line) => [line.refundedGoods, line.refundedShipping])
  const whole = sumAmounts(shares)
  const cumulative = sumAmounts([...done, amount])
  const taken = allocateByDeficit({ shares, whole, cumulative, done })
  return lines
    .map(({ id }, index): LinePart => ({ lineId: id, goods: taken[2 * index] ?? 0, shipping: taken[2 * index + 1] ?? 0 }))
    .filter(({ goods, shipping }, index) => goods + shipping > 0 || (cumulative === whole && isFree(lines[index])))
}

function isFree(line: OrderLine | undefined): boolean {
  return line !== undefined && line.goods + line.shipping === 0
}

/** Counts what was taken or, negative, given back. */
async function count(tx: Tx, aggregate: OrderAggregate, parts: readonly LinePart[], amount: number): Promise<OrderAggregate> {
  const { id: orderId, total, captured, status, paymentStatus: from } = aggregate.order
  const sign = amount < 0 ? -1 : 1
  const lines = await countLines(
    tx,
    aggregate.lines,
    parts.map(({ lineId, goods, shipping }) => ({ lineId, add: { refundedGoods: sign * goods, refundedShipping: sign * shipping } })),
  )
  const refunded = sumAmounts([aggregate.order.refunded, amount])
  const order = await changeOrder(tx, aggregate.order, {
    refunded,
    chargedBack: sumAmounts([aggregate.order.chargedBack, amount]),
    paymentStatus: movePayment(orderId, from, paymentStatus({ total, authorized: 0, captured, refunded, closed: status !== 'open' })),
  })
  return { ...aggregate, order, lines }
}

/** The customer's bank has taken money back: the order has lost it, as far as it had any left. */
function onDisputed({ hooks, note }: OrderDeps): PaymentHooks['payment.disputed'] {
  return async ({ dispute, amount: most, clearing, at }: DisputedInput, tx) => {
    if (!isOrders(dispute)) return 0
    const { id: disputeId, reference: orderId, currency } = dispute
    const before = await lockOrder(tx, orderId)
    const amount = Math.min(most, before.order.captured - before.order.refunded)
    if (amount > 0) {
      const parts = partsOfChargeback(before.lines, amount)
      const aggregate = await count(tx, before, parts, amount)
      await tx.insert(orderChargebackTable, [{ disputeId, orderId, amount, parts, at, wonAt: null }])
      await hooks.run(tx, 'order.charged_back', { orders: [{ ...aggregate, disputeId, amount, parts, clearing, at }] })
    }
    await note(tx, [noteOf(dispute, 'charged_back')])
    emitOrder(tx, 'order.charged_back', orderId, { orderId, disputeId, amount, currency })
    return amount
  }
}

/** The money is back: the order stands as if it had never been gone. */
function onWon({ hooks, note }: OrderDeps): PaymentHooks['payment.dispute_won'] {
  return async ({ dispute, clearing, at }, tx) => {
    if (!isOrders(dispute)) return
    const { id: disputeId, reference: orderId, currency } = dispute
    const [taken] = await tx.lock(orderChargebackTable, { disputeId })
    const { amount = 0, parts = [] } = taken ?? {}
    if (taken) {
      const aggregate = await count(tx, await lockOrder(tx, orderId), parts, -amount)
      await tx.update(orderChargebackTable, { wonAt: at }, { disputeId })
      await hooks.run(tx, 'order.chargeback_won', { orders: [{ ...aggregate, disputeId, amount, parts, clearing, at }] })
    }
    await note(tx, [noteOf(dispute, 'chargeback_won')])
    emitOrder(tx, 'order.chargeback_won', orderId, { orderId, disputeId, amount, currency })
  }
}

/** The provider's fee is charged by what each supplier lost; where nothing was taken from them, by what each had sold. */
function onCharged({ hooks }: OrderDeps): PaymentHooks['payment.dispute_charged'] {
  return async ({ dispute, ...charge }: DisputeChargedInput, tx) => {
    if (!isOrders(dispute)) return 0
    const { id: disputeId, reference: orderId } = dispute
    const aggregate = (await loadOrders(tx, [orderId])).get(orderId)
    if (!aggregate) return 0
    const taken = await tx.findOne(orderChargebackTable, { disputeId })
    const parts = taken?.parts ?? aggregate.lines.map(soldOf)
    return sumAmounts(await hooks.run(tx, 'order.chargeback_fee', { ...aggregate, ...charge, disputeId, parts }))
  }
}

function soldOf({ id, capturedGoods, capturedShipping }: OrderLine): LinePart {
  return { lineId: id, goods: capturedGoods, shipping: capturedShipping }
}

function noteOf(
  { id: disputeId, reference: orderId, paymentId, provider, amount, fee, currency, reason }: Dispute,
  type: string,
): { readonly orderId: OrderRecord['id']; readonly type: string; readonly by: string; readonly details: Record<string, unknown> } {
  return { orderId, type, by: 'system', details: { disputeId, paymentId, provider, amount, fee, currency, reason } }
}
