import type { Timestamp, Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import type { Dispute } from './dispute.js'
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

/** Who bears a provider's fee for a dispute. */
export type DisputeFeeFrom = 'supplier' | 'platform'

/** Money that a customer's bank has taken back. */
export interface DisputedInput {
  readonly dispute: Dispute
  /** Minor units to be taken from whose they were; at most the dispute's, less where the payment had given a part back before. */
  readonly amount: number
  /** The account that the money has left: journals put it there. */
  readonly clearing: AccountRef
  readonly at: Timestamp
}

/** What a provider charges for a dispute. */
export interface DisputeChargedInput {
  readonly dispute: Dispute
  /** Minor units that are newly charged. */
  readonly amount: number
  /** Instead of what the contracts say. */
  readonly feeFrom: DisputeFeeFrom | undefined
  /** The account that takes it. */
  readonly fees: AccountRef
  /** The key of the journal that books it. */
  readonly key: string
  readonly at: Timestamp
}

/** How upper rooms take part. All run inside the transaction that changes the payment. */
export interface PaymentHooks {
  /**
   * About to lock the payment, or what was paid outside of our payments. A room that will lock its own rows in a later hook locks them here, so that everyone locks the order before its payments.
   */
  'payment.settling': (input: { readonly paymentId: string | null; readonly reference: string }, tx: Tx) => Promise<void>
  'payment.authorized': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
  /** Once per capture, also for a payment that was voided, failed or canceled before: the money is there. */
  'payment.captured': (input: CapturedInput, tx: Tx) => Promise<void>
  'payment.failed': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
  'payment.voided': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
  /** The money has left. Its journal, from `refunds/payable` to the provider's clearing account, is posted already. */
  'payment.refunded': (input: { readonly payment: Payment; readonly refund: Refund }, tx: Tx) => Promise<void>
  /** The provider refused for good. The money is still owed. */
  'payment.refund_failed': (input: { readonly payment: Payment; readonly refund: Refund }, tx: Tx) => Promise<void>
  /** Once per dispute, unless it was won before we heard of it. Answers how much of the amount was taken from its owners; the platform bears the rest. */
  'payment.disputed': (input: DisputedInput, tx: Tx) => Promise<number>
  /** Whoever took from the owners gives it back, to the unit. */
  'payment.dispute_won': (input: Omit<DisputedInput, 'amount'>, tx: Tx) => Promise<void>
  'payment.dispute_lost': (input: { readonly dispute: Dispute; readonly at: Timestamp }, tx: Tx) => Promise<void>
  /** Answers how much of the amount was charged to others; the platform bears the rest. */
  'payment.dispute_charged': (input: DisputeChargedInput, tx: Tx) => Promise<number>
  /** By which provider, and in which currency, something was paid outside of our payments; undefined for what is not known or was not. */
  'payment.outside': (
    input: { readonly reference: string },
    tx: Tx,
  ) => Promise<{ readonly provider: string; readonly currency: string } | undefined>
  /** Another try of a failed payment; whoever no longer wants it throws. */
  'payment.retrying': (input: { readonly payment: Payment }, tx: Tx) => Promise<void>
}
