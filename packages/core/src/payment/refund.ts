import type { Timestamp } from '../kernel/index.js'
import type { PaymentFailure, RefundState } from '../ports/index.js'

/** Money on its way back to the customer, through the payment it came by. */
export interface Refund {
  /** `rfd_…`; the provider knows it as its idempotency key. */
  readonly id: string
  readonly paymentId: string
  /** Minor units of `currency`. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  /** What caused it: the order's refund, for one. */
  readonly reference: string
  readonly reason: string | null
  /** `pending`: asked for, outcome not known yet. */
  readonly status: RefundState['status']
  readonly failure: PaymentFailure | null
  /** The failed refund in whose place this one stands. */
  readonly retryOf: string | null
  readonly createdAt: Timestamp
  /** When it succeeded or failed. */
  readonly settledAt: Timestamp | null
}
