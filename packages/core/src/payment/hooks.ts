import type { Timestamp, Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import type { Payment } from './payment.js'
import type { Refund } from './refund.js'

/** Money that came in. */
export interface CapturedInput {
  /** As it is after the capture. */
  readonly payment: Payment
  /** `cap_…`: the cause of what is booked. */
  readonly captureId: string
  /** Minor units of this capture; `payment.captured` is the sum of all. */
  readonly amount: number
  /** The account that owes us the money: journals take it from here. */
  readonly clearing: AccountRef
  /** When the money counts as received. */
  readonly at: Timestamp
}

/** How upper rooms take part. All run inside the transaction that changes the payment. */
export interface PaymentHooks {
  /**
   * About to lock the payment. A room that will lock its own rows in a later hook locks them here, so that everyone locks the order before its payments.
   */
  'payment.settling': (input: { readonly paymentId: string; readonly reference: string }, tx: Tx) => Promise<void>
  'payment.authorized': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
  /** Once per capture, also for a payment that was voided, failed or canceled before: the money is there. */
  'payment.captured': (input: CapturedInput, tx: Tx) => Promise<void>
  'payment.failed': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
  'payment.voided': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
  /** The money has left. Its journal, from `refunds/payable` to the provider's clearing account, is posted already. */
  'payment.refunded': (input: { readonly payment: Payment; readonly refund: Refund }, tx: Tx) => Promise<void>
  /** The provider refused for good. The money is still owed. */
  'payment.refund_failed': (input: { readonly payment: Payment; readonly refund: Refund }, tx: Tx) => Promise<void>
  /** Another try of a failed payment; whoever no longer wants it throws. */
  'payment.retrying': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
}
