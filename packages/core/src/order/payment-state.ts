/** How far an order is paid: derived from its amounts, and moved only along the table. */
import { illegalMove } from './errors.js'

export type PaymentStatus = 'pending' | 'authorized' | 'partially_paid' | 'paid' | 'partially_refunded' | 'refunded' | 'canceled'

/** The amounts that say it, in minor units. */
export interface PaymentProgress {
  readonly total: number
  /** Promised by providers, captured or not. */
  readonly authorized: number
  readonly captured: number
  readonly refunded: number
  /** The order waits for no payment any more. */
  readonly closed: boolean
}

/** An order of nothing to pay is paid from its first moment. */
export function paymentStatus({ total, authorized, captured, refunded, closed }: PaymentProgress): PaymentStatus {
  if (refunded > 0) return refunded < captured ? 'partially_refunded' : 'refunded'
  if (captured >= total) return 'paid'
  if (captured > 0) return 'partially_paid'
  if (closed) return 'canceled'
  return authorized >= total ? 'authorized' : 'pending'
}

/** `canceled` is not the end: a provider may say late that the money has come, and an expired order may be paid after all. */
export const paymentMoves: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  pending: ['authorized', 'partially_paid', 'paid', 'canceled'],
  authorized: ['pending', 'partially_paid', 'paid', 'canceled'],
  partially_paid: ['paid', 'partially_refunded', 'refunded'],
  paid: ['partially_refunded', 'refunded'],
  // What a bank took back, and had to give back again, is as if it had never been gone.
  partially_refunded: ['refunded', 'paid', 'partially_paid'],
  // Or a part that was given back whole, and then the rest came in.
  refunded: ['partially_refunded', 'paid', 'partially_paid'],
  canceled: ['pending', 'authorized', 'partially_paid', 'paid'],
}

/** @throws order.illegal_move */
export function movePayment(orderId: string, from: PaymentStatus, to: PaymentStatus): PaymentStatus {
  if (from !== to && !paymentMoves[from].includes(to)) throw illegalMove({ orderId, machine: 'payment', from, to })
  return to
}
