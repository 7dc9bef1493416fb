/** A difference between what a provider reports, what our payments or payouts record, and what the books hold; as pure rules. */
import type { Timestamp } from '../kernel/index.js'

/** What is compared, of one payment or one payout. */
export const measures = ['captured', 'refunded', 'paid_out'] as const
export type Measure = (typeof measures)[number]

/** The three ways, in minor units of one currency, cumulative up to the end of a report's period. */
export interface ThreeWays {
  /** By the provider. */
  readonly reported: number
  /** By our payments and payouts. */
  readonly recorded: number
  /** By the ledger. */
  readonly booked: number
}

/** What two things differ in: one payment (or payout), one measure, one currency. */
export interface Subject {
  /** Our id; where we know of none, what the provider calls it. */
  readonly subjectId: string
  /** False where nothing of ours is meant by it: money that nobody here knows of. */
  readonly known: boolean
  readonly measure: Measure
  readonly currency: string
}

export interface Comparison extends Subject, ThreeWays {}

/**
 * - `open`: the three differ, and somebody must find out why.
 * - `cleared`: they agree again, by something that was reported, recorded or booked since.
 * - `resolved`: a person has said why they differ and what was done; nothing was changed by saying so.
 */
export type CaseStatus = 'open' | 'cleared' | 'resolved'

/** A difference that was found. Nothing is ever adjusted by it: what puts it right is a journal, a refund, a payout that somebody makes and names. */
export interface ReconciliationCase extends Comparison {
  readonly id: string
  readonly provider: string
  readonly status: CaseStatus
  /** Who sees to it; null while nobody does. */
  readonly owner: string | null
  readonly openedAt: Timestamp
  /** When it was cleared or resolved. */
  readonly closedAt: Timestamp | null
  /** Why it is resolved. */
  readonly resolution: string | null
  /** Milliseconds from its opening until now, or until it was closed. */
  readonly ageMillis: number
}

export type CaseAction = 'opened' | 'changed' | 'cleared' | 'reopened' | 'assigned' | 'noted' | 'resolved'

/** One step in a case's life; the database refuses to change or remove it. */
export interface CaseEntry extends ThreeWays {
  /** `rct_…` */
  readonly id: string
  readonly caseId: string
  readonly action: CaseAction
  /** What was noted, or why. */
  readonly text: string | null
  readonly by: string
  readonly at: Timestamp
}

export function agree({ reported, recorded, booked }: ThreeWays): boolean {
  return reported === recorded && recorded === booked
}

/** What a comparison makes of a case that is there, or of none. Null: nothing has changed. */
export function stepOf(
  known: (Pick<ReconciliationCase, 'status'> & ThreeWays) | undefined,
  found: ThreeWays,
): Extract<CaseAction, 'opened' | 'changed' | 'cleared' | 'reopened'> | null {
  if (known === undefined) return agree(found) ? null : 'opened'
  const same = known.reported === found.reported && known.recorded === found.recorded && known.booked === found.booked
  if (agree(found)) return known.status === 'open' ? 'cleared' : null
  // What was resolved stays so while it differs as it did then.
  if (known.status === 'open') return same ? null : 'changed'
  return same && known.status === 'resolved' ? null : 'reopened'
}

export function subjectKey({ subjectId, measure, currency }: Pick<Subject, 'subjectId' | 'measure' | 'currency'>): string {
  return `${subjectId} ${measure} ${currency}`
}
