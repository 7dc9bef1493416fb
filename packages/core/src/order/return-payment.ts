import type { Tx } from '../kernel/index.js'
import type { CapturedInput } from '../payment/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { refundsPayable } from './give-back.js'
import type { OrderRecord } from './order.js'
import { unlessRefused } from './order-stock.js'

/**
 * Sends back money that an order cannot take: through an escrow of the order's own, so that the books show where it stood. Where the provider cannot refund that
 * amount it stays in the escrow, which an operator sees.
 */
export function returnPayment({ payments, ledger, note }: Pick<OrderDeps, 'payments' | 'ledger' | 'note'>) {
  return async (
    tx: Tx,
    order: OrderRecord,
    { payment, captureId, clearing, at }: CapturedInput,
    amount: number,
    why: string,
  ): Promise<void> => {
    const { id: orderId, currency } = order
    const escrow = { party: `order:${orderId}`, purpose: 'escrow' }
    const transfer = { amount, commodity: currency, ref: captureId }
    await ledger.post(tx, [
      {
        kind: 'unplaced_payment',
        source: captureId,
        key: escrowKey(captureId),
        effectiveAt: at,
        transfers: [{ ...transfer, from: clearing, to: escrow, kind: 'unplaced_payment' }],
      },
    ])
    const requested = await unlessRefused(tx, async () => {
      await payments.requestRefund(tx, { paymentId: payment.id, amount, reference: orderId, reason: why })
      await ledger.post(tx, [
        {
          kind: 'payment_return',
          source: captureId,
          key: `order.return/${captureId}`,
          effectiveAt: tx.now,
          transfers: [{ ...transfer, from: escrow, to: refundsPayable, kind: 'payment_return' }],
        },
      ])
    })
    await note(tx, [
      {
        orderId,
        type: requested ? 'payment_returned' : 'payment_stranded',
        by: 'system',
        details: { paymentId: payment.id, amount, currency, reason: why },
      },
    ])
    emitOrder(tx, requested ? 'order.payment_returned' : 'order.payment_stranded', orderId, {
      orderId,
      paymentId: payment.id,
      amount,
      currency,
    })
  }
}

/** The key of the journal that sets a capture aside. */
export function escrowKey(captureId: string): string {
  return `order.escrow/${captureId}`
}
