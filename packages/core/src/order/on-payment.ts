/** What an order makes of its payments: joined to the payment room's hooks, inside the transaction that changes the payment. */
import { addMillis, type Tx } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import type { CapturedInput, Payment, PaymentHooks } from '../payment/index.js'
import { captureOrder } from './capture-order.js'
import { closeOrder } from './close-order.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { notPayable } from './errors.js'
import { exchangeTable } from './exchange.entity.js'
import { exchangeOf, exchangePaid } from './exchange-paid.js'
import { orderTable } from './order.entity.js'
import type { OrderAggregate, OrderRecord, OrderWithLines } from './order.js'
import { keepStock, reopenOrder } from './order-stock.js'
import { changeOrder, lockOrder, whole, withLines } from './order-store.js'
import { dueOf } from './payment-choice.js'
import { movePayment, paymentStatus } from './payment-state.js'
import { returnPayment } from './return-payment.js'

export function joinPayments(deps: OrderDeps): void {
  const payments = deps.kernel.hooks<PaymentHooks>()
  // What 'payment.settling' has locked, for a capture of the same report: nothing changes the row in between, so it is not read twice.
  const settling = new WeakMap<Tx, OrderRecord>()
  const capture = onCaptured(deps)
  // Whoever changes a payment locks its order first, so that payment and order are always locked in one order.
  payments.join('payment.settling', async ({ reference }, tx) => {
    const [order] = await tx.lock(orderTable, { id: reference })
    if (order) settling.set(tx, order)
  })
  payments.join('payment.captured', async (captured, tx) => {
    const order = settling.get(tx)
    settling.delete(tx)
    // A payment may be for something else (a top-up), which is no business of ours.
    if (order?.id === captured.payment.reference) await capture(tx, order, captured)
  })
  payments.join('payment.authorized', onAuthorized(deps))
  payments.join('payment.voided', onLost(deps, 'payment_voided'))
  payments.join('payment.failed', onLost(deps, 'payment_failed'))
  payments.join('payment.retrying', onRetrying(deps))
  payments.join('payment.refund_failed', async ({ payment, refund }, tx) => {
    const order = await tx.findOne(orderTable, { id: payment.reference })
    if (order)
      await deps.note(tx, [
        {
          orderId: order.id,
          type: 'refund_failed',
          by: 'system',
          details: { paymentId: payment.id, refundId: refund.id, amount: refund.amount },
        },
      ])
  })
}

/** The order that a payment is for, locked; a payment may be for something else (a top-up), which is no business of ours. */
async function orderOf(tx: Tx, { reference }: Payment): Promise<OrderAggregate | undefined> {
  return reference.startsWith('ord_') ? lockOrder(tx, reference) : undefined
}

/**
 * Money has come in. It is booked if the order can still be served; what the order cannot take (it was canceled, its goods are gone, it is paid already) goes
 * back by itself. Paid therefore implies allocated, and no money is without an order.
 */
function onCaptured(deps: OrderDeps) {
  const [keep, reopen, capture, close, giveBack] = [
    keepStock(deps),
    reopenOrder(deps),
    captureOrder(deps),
    closeOrder(deps),
    returnPayment(deps),
  ]

  /** An order that expired takes the money that pays for all of it, if its goods can be had again. */
  const opened = async (tx: Tx, order: OrderRecord, amount: number): Promise<OrderWithLines | undefined> => {
    const { status, captured, total } = order
    if (status === 'open') return withLines(tx, order)
    const late = status === 'expired' && captured === 0 && amount >= total
    return late ? reopen(tx, await whole(tx, await withLines(tx, order)), null, 'system') : undefined
  }

  const exchange = exchangePaid(deps)

  return async (tx: Tx, before: OrderRecord, captured: CapturedInput): Promise<void> => {
    const { payment, captureId, clearing, at } = captured
    if (exchangeOf(payment) !== undefined) return exchange(tx, before, captured)
    const open = await opened(tx, before, captured.amount)
    if (!open) return giveBack(tx, before, captured, captured.amount, before.status)

    const { order } = open
    const amount = Math.min(captured.amount, order.total - order.captured)
    const completes = amount > 0 && sumAmounts([order.captured, amount]) === order.total
    if (completes && order.expiresAt !== null && !(await keep(tx, open))) {
      await giveBack(tx, order, captured, captured.amount, 'out_of_stock')
      await close(tx, await whole(tx, open), { as: 'expired', reason: 'out_of_stock', by: 'system' })
      return
    }
    if (amount > 0) await capture(tx, open, { paymentId: payment.id, provider: payment.provider, captureId, amount, clearing, at })
    if (amount < captured.amount) await giveBack(tx, order, captured, captured.amount - amount, 'overpaid')
  }
}

/** Money is promised. Once it covers the order, the stock is kept: the merchant captures when the goods leave. */
function onAuthorized(deps: OrderDeps): PaymentHooks['payment.authorized'] {
  const [keep, reopen, close] = [keepStock(deps), reopenOrder(deps), closeOrder(deps)]
  return async ({ payment }, tx) => {
    const before = await orderOf(tx, payment)
    // The difference of an exchange is captured at once, or nothing comes of it.
    if (!before || exchangeOf(payment) !== undefined) return
    const { id: orderId, total } = before.order
    const covered = sumAmounts((await deps.payments.ofReference(tx, orderId)).map(promised)) >= total
    const aggregate = before.order.status === 'expired' && covered ? await reopen(tx, before, null, 'system') : before
    if (aggregate?.order.status !== 'open') {
      await deps.payments.cancelOpen(tx, orderId)
      return
    }
    await deps.note(tx, [
      {
        orderId,
        type: 'authorized',
        by: 'system',
        details: { paymentId: payment.id, provider: payment.provider, amount: payment.authorized },
      },
    ])
    if (!covered) return
    if (aggregate.order.expiresAt !== null && !(await keep(tx, aggregate))) {
      await close(tx, aggregate, { as: 'expired', reason: 'out_of_stock', by: 'system' })
      return
    }
    await changeOrder(tx, aggregate.order, { expiresAt: null, paymentStatus: statusNow(aggregate.order, total) })
    emitOrder(tx, 'order.authorized', orderId, { orderId })
  }
}

/** A payment came to nothing. The order waits for another try, until it expires. */
function onLost(deps: OrderDeps, type: 'payment_failed' | 'payment_voided'): PaymentHooks['payment.failed'] {
  return async ({ payment }, tx) => {
    const aggregate = await orderOf(tx, payment)
    if (!aggregate) return
    const { order } = aggregate
    await deps.note(tx, [
      {
        orderId: order.id,
        type,
        by: 'system',
        details: { paymentId: payment.id, provider: payment.provider, failure: payment.failure?.code ?? null },
      },
    ])
    if (type === 'payment_failed') emitOrder(tx, 'order.payment_failed', order.id, { orderId: order.id, paymentId: payment.id })
    if (order.status !== 'open' || order.captured > 0 || order.paidAt !== null) return
    const authorized = sumAmounts((await deps.payments.ofReference(tx, order.id)).map(promised))
    const paymentStatus = statusNow(order, authorized)
    if (paymentStatus === order.paymentStatus) return
    await changeOrder(tx, order, { paymentStatus, expiresAt: addMillis(tx.now, deps.payWithinMillis) })
  }
}

/** A failed payment is tried again: the order must still want it. @throws order.not_payable */
function onRetrying(deps: OrderDeps): PaymentHooks['payment.retrying'] {
  const reopen = reopenOrder(deps)
  return async ({ payment }, tx) => {
    const before = await orderOf(tx, payment)
    if (!before) return
    const orderId = before.order.id
    const exchangeId = exchangeOf(payment)
    if (exchangeId !== undefined) {
      const row = await tx.findOne(exchangeTable, { id: exchangeId })
      if (row?.status === 'awaiting_payment') return
      throw notPayable({ orderId, reason: `exchange ${exchangeId} is ${row?.status}; ask for another` })
    }
    const expiresAt = addMillis(tx.now, deps.payWithinMillis)
    if (before.order.status === 'canceled') throw notPayable({ orderId, reason: 'it is canceled' })
    const due = dueOf(before.order, await deps.payments.ofReference(tx, orderId))
    if (due < payment.amount)
      throw notPayable({
        orderId,
        reason: `${due} is due, less than the failed payment's ${payment.amount}; pay what is due by orders.pay`,
      })
    if (before.order.status === 'open') await changeOrder(tx, before.order, { expiresAt })
    else if (!(await reopen(tx, before, expiresAt, 'system')))
      throw notPayable({ orderId, reason: 'it has expired and its goods are gone' })
  }
}

/** What a payment has brought or holds. */
function promised({ status, authorized, captured, canceledAt }: Payment): number {
  return status === 'authorized' && canceledAt === null ? authorized : captured
}

function statusNow(order: OrderRecord, authorized: number): OrderRecord['paymentStatus'] {
  return movePayment(order.id, order.paymentStatus, paymentStatus({ ...order, authorized, closed: order.status !== 'open' }))
}
