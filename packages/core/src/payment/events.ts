import type { PaymentFailure } from '../ports/index.js'

/** Beside every event of a payment. */
interface About {
  readonly paymentId: string
  /** What is paid: the order's id. */
  readonly reference: string
  readonly provider: string
  /** ISO 4217. */
  readonly currency: string
}

interface AboutDispute extends Omit<About, 'paymentId'> {
  readonly disputeId: string
  /** Null where the money never came through our payments. */
  readonly paymentId: string | null
  readonly amount: number
  /** Charged by the provider so far. */
  readonly fee: number
}

/** Events of the payment room; amounts in minor units. */
export interface PaymentEvents {
  'payment.action_required': About
  'payment.authorized': About & { readonly authorized: number }
  /** Once per capture. */
  'payment.captured': About & { readonly captureId: string; readonly amount: number; readonly captured: number }
  'payment.failed': About & { readonly failure: PaymentFailure | null }
  'payment.voided': About
  'payment.refunded': About & { readonly refundId: string; readonly amount: number }
  /** The money is still owed to the customer; someone must see to it. */
  'payment.refund_failed': About & { readonly refundId: string; readonly amount: number; readonly failure: PaymentFailure | null }
  /** A customer's bank has taken money back. */
  'payment.disputed': AboutDispute
  /** The money is back, the fee is not. */
  'payment.dispute_won': AboutDispute
  'payment.dispute_lost': AboutDispute
  /** The provider took more than was asked for. `excess` is not booked; someone must see to it. */
  'payment.exceeded': About & { readonly excess: number }
}
