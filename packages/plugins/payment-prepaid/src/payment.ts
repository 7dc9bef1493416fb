/** What becomes of a payment from a balance. Pure. */
import type { PaymentFailure, PaymentState, StartPayment, Timestamp } from '@entrepot/core'
import type { PrepaidPaymentRow } from './payment.entity.js'

/** Who may spend a balance is its owner alone, and a guest owns none. */
export const guest: PaymentFailure = {
  code: 'customer_required',
  message: 'the order has no customer, and only its own customer may pay with a balance',
  retryable: false,
}

export const insufficientBalance: PaymentFailure = {
  code: 'insufficient_balance',
  message: 'the balance holds less than the payment asks for; top it up, or pay a part by another way',
  retryable: true,
}

/** A payment that takes its money at once, or holds it. */
export function begin(
  { paymentId, amount, currency, capture, metadata }: StartPayment,
  customerId: string,
  at: Timestamp,
): PrepaidPaymentRow {
  const automatic = capture === 'automatic'
  return {
    id: paymentId,
    customerId,
    orderId: metadata.orderId,
    amount,
    currency,
    status: automatic ? 'captured' : 'authorized',
    captured: automatic ? amount : 0,
    refunded: 0,
    failure: null,
    startedAt: at,
  }
}

/** The same payment, for which there was no money. */
export function fail(payment: PrepaidPaymentRow, failure: PaymentFailure): PrepaidPaymentRow {
  return { ...payment, status: 'failed', captured: 0, failure }
}

/** What is held for it and can still be captured. */
export function heldFor({ status, amount, captured }: PrepaidPaymentRow): number {
  return status === 'authorized' ? amount - captured : 0
}

/** Why so much cannot be captured; undefined where it can. */
export function captureRefusal(payment: PrepaidPaymentRow, amount: number): PaymentFailure | undefined {
  const left = heldFor(payment)
  if (amount <= left) return undefined
  return {
    code: 'capture_exceeds_hold',
    message: `${amount} cannot be captured; ${left} is held for payment ${payment.id}, which is ${payment.status}`,
    retryable: false,
  }
}

export function capture(payment: PrepaidPaymentRow, amount: number): PrepaidPaymentRow {
  const captured = payment.captured + amount
  return { ...payment, captured, status: captured === payment.amount ? 'captured' : 'authorized' }
}

/** What was captured stays; a payment of which nothing was is voided. */
export function release(payment: PrepaidPaymentRow): PrepaidPaymentRow {
  return { ...payment, status: payment.captured > 0 ? 'captured' : 'voided' }
}

/** Why so much cannot be refunded; undefined where it can. */
export function refundRefusal({ id, captured, refunded }: PrepaidPaymentRow, amount: number): PaymentFailure | undefined {
  const left = captured - refunded
  if (amount <= left) return undefined
  return {
    code: 'refund_exceeds_capture',
    message: `${amount} cannot be refunded; ${left} of payment ${id} is captured and not refunded`,
    retryable: false,
  }
}

export function refund(payment: PrepaidPaymentRow, amount: number): PrepaidPaymentRow {
  return { ...payment, refunded: payment.refunded + amount }
}

/** A payment as core is told of it. */
export function stateOf({ id, status, amount, captured, refunded, failure }: PrepaidPaymentRow): PaymentState {
  return { status, providerRef: id, authorized: status === 'failed' ? 0 : amount, captured, refunded, failure: failure ?? undefined }
}

/** A payment that was refused without a trace: whoever asks again is refused again. */
export function refused(failure: PaymentFailure): PaymentState {
  return { status: 'failed', providerRef: null, authorized: 0, captured: 0, refunded: 0, failure }
}
