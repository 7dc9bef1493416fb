import { addMillis, type Metadata, type Timestamp } from '../kernel/index.js'
import type { PaymentAction, PaymentFailure, PaymentState, PaymentStatus } from '../ports/index.js'

/** Money on its way from a customer through one provider. Amounts are cumulative, in minor units of `currency`. */
export interface Payment {
  /** `pay_…`; the provider knows it as its idempotency key. */
  readonly id: string
  /** What is paid: the order's id. Several payments may share it. */
  readonly reference: string
  readonly provider: string
  /** The provider's own id, once known. */
  readonly providerRef: string | null
  /** What is asked for. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  readonly customerId: string | null
  /** `automatic`: captured as soon as authorized. `manual`: captured when asked. */
  readonly capture: 'automatic' | 'manual'
  readonly status: PaymentStatus
  /** All that was ever authorized, at most `amount`. */
  readonly authorized: number
  /** All that was ever captured and booked, at most `amount`. */
  readonly captured: number
  /** All that was given back. */
  readonly refunded: number
  /** Asked to be given back and not yet done. */
  readonly refunding: number
  /** Of what was captured: taken back by the customer's bank, disputes that were won not counted. */
  readonly disputed: number
  /** What the provider took beyond `amount`: not booked, to be cleared up by the operator. */
  readonly excess: number
  /** Why it was last refused. */
  readonly failure: PaymentFailure | null
  /** What the customer must do, with `requires_action`. */
  readonly action: PaymentAction | null
  /** The failed payment in whose place this one stands. */
  readonly retryOf: string | null
  /** Since when it is no longer wanted. Money that still comes in is booked all the same. */
  readonly canceledAt: Timestamp | null
  readonly metadata: Metadata
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}

/** How far a payment is. A report of a lower rank is old news: providers' answers and webhooks overtake each other. */
const rank: Readonly<Record<PaymentStatus, number>> = { pending: 0, requires_action: 1, authorized: 2, failed: 3, voided: 3, captured: 4 }

/** What can still be given back, or be taken back, of what was captured. */
export function leftOf({
  captured,
  refunded,
  refunding,
  disputed,
}: Pick<Payment, 'captured' | 'refunded' | 'refunding' | 'disputed'>): number {
  return captured - refunded - refunding - disputed
}

/** Statuses that something may still come of. */
export const openStatuses: readonly PaymentStatus[] = ['pending', 'requires_action', 'authorized']

export function isOpen(status: PaymentStatus): boolean {
  return rank[status] < rank.failed
}

/** Its provider may be asked to begin it: nobody has heard an answer yet, and it is still wanted. */
export function isStartable({ status, providerRef, canceledAt }: Pick<Payment, 'status' | 'providerRef' | 'canceledAt'>): boolean {
  return status === 'pending' && providerRef === null && canceledAt === null
}

/** What a payment is from its writing until a first report changes it, or nobody wants it any more. */
export const unheard = { status: 'pending', providerRef: null, authorized: 0, captured: 0, excess: 0, canceledAt: null } as const

export function isUnheard(payment: Pick<Payment, keyof typeof unheard>): boolean {
  return isStartable(payment) && payment.authorized === 0 && payment.captured === 0 && payment.excess === 0
}

/** What of a payment a provider's report can change. */
export type PaymentFacts = Pick<Payment, 'status' | 'authorized' | 'captured' | 'excess' | 'failure' | 'action' | 'providerRef'>

/** What a report has told. */
export interface Settled {
  readonly facts: PaymentFacts
  /** Newly captured minor units, to be booked. */
  readonly captured: number
  /** The status it newly has; null where it is as before. */
  readonly became: PaymentStatus | null
  /** The provider newly took more than was asked for. */
  readonly exceeded: boolean
}

/**
 * Takes a provider's report into what is known. Amounts are cumulative and only grow, the status only rises, so any number of reports in any order end in the
 * same place. Captured money outranks everything: it is booked, whatever was believed before.
 */
export function settle(known: PaymentFacts & Pick<Payment, 'amount'>, report: PaymentState): Settled {
  const captured = Math.max(known.captured, Math.min(report.captured, known.amount))
  const excess = Math.max(known.excess, report.captured - known.amount)
  const status = statusAfter(known.status, report.status, captured)
  const current = rank[report.status] >= rank[known.status]
  return {
    facts: {
      status,
      authorized: Math.max(known.authorized, captured, Math.min(report.authorized, known.amount)),
      captured,
      excess,
      failure: current ? (report.failure ?? null) : known.failure,
      action: status !== 'requires_action' ? null : current ? (report.action ?? null) : known.action,
      providerRef: report.providerRef ?? known.providerRef,
    },
    captured: captured - known.captured,
    became: status === known.status ? null : status,
    exceeded: excess > known.excess,
  }
}

function statusAfter(known: PaymentStatus, reported: PaymentStatus, captured: number): PaymentStatus {
  const status = rank[reported] > rank[known] ? reported : known
  // Money came in and the rest was given back: that is a payment captured in part, not one that failed.
  return captured > 0 && (status === 'failed' || status === 'voided') ? 'captured' : status
}

const firstPauseMillis = 2 * 60_000
const longestPauseMillis = 6 * 60 * 60_000

/** When to ask the provider by ourselves: soon while the payment is young, then ever more seldom, never once nothing can come of it. */
export function nextCheck(payment: Pick<Payment, 'status' | 'createdAt'>, now: Timestamp): Timestamp | null {
  if (!isOpen(payment.status)) return null
  const age = Date.parse(now) - Date.parse(payment.createdAt)
  return addMillis(now, Math.min(Math.max(Math.floor(age / 4), firstPauseMillis), longestPauseMillis))
}
