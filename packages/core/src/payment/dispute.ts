import type { Timestamp } from '../kernel/index.js'
import type { DisputeState, DisputeStatus } from '../ports/index.js'

/** A chargeback: a payment, or a part of it, that the customer's bank takes back. Amounts in minor units of `currency`. */
export interface Dispute {
  /** `dsp_…` */
  readonly id: string
  readonly provider: string
  /** The provider's own id of it; one dispute per provider and id. */
  readonly disputeRef: string
  /** Null where the money never came through our payments. */
  readonly paymentId: string | null
  /** What was paid: the order's id. */
  readonly reference: string
  /** ISO 4217. */
  readonly currency: string
  /** Taken back from us. */
  readonly amount: number
  /** The part of `amount` that nothing was left to bear, since it was refunded before: the platform's loss. */
  readonly excess: number
  /** What the provider has charged for it so far; stays spent when the dispute is won. */
  readonly fee: number
  readonly status: DisputeStatus
  /** The network's or the provider's own code of why. */
  readonly reason: string | null
  /** When we first heard of it. */
  readonly openedAt: Timestamp
  /** When it was won or lost. */
  readonly settledAt: Timestamp | null
}

/** What a report has told of a dispute. */
export interface DisputeChange {
  readonly status: DisputeStatus
  readonly fee: number
  /** The money is newly gone. */
  readonly taken: boolean
  /** The money is newly back. */
  readonly restored: boolean
  /** Newly charged, in minor units. */
  readonly charged: number
}

/**
 * Takes a report into what is known. A dispute only goes from opened to won or lost, and its fee only grows: late, doubled and reordered reports end in the same
 * place. One that is won when we first hear of it has moved no money but its fee.
 */
export function settleDispute(
  known: Pick<Dispute, 'status' | 'fee'> | undefined,
  report: Pick<DisputeState, 'status' | 'fee'>,
): DisputeChange {
  if (!known) return { status: report.status, fee: report.fee, taken: report.status !== 'won', restored: false, charged: report.fee }
  const status = known.status === 'opened' ? report.status : known.status
  const fee = Math.max(known.fee, report.fee)
  return { status, fee, taken: false, restored: status === 'won' && known.status === 'opened', charged: fee - known.fee }
}
