import type { Timestamp } from '../kernel/index.js'
import type { StatementLineKind, StatementSide, StatementState } from './statement.js'

/** What can stand in a statement's trail. */
export type StatementAction = 'drawn' | 'approved' | 'disputed' | 'dispute_resolved' | 'discarded' | 'locked'

/** One step in a statement's life. The database refuses to change or remove it. */
export interface StatementTrailEntry {
  /** `sth_…` */
  readonly id: string
  readonly statementId: string
  readonly action: StatementAction
  /** The state before and after; null before it was drawn, and after it was discarded. */
  readonly from: StatementState | null
  readonly to: StatementState | null
  /** For whom it was done; null for what belongs to neither, such as drawing and locking. */
  readonly side: StatementSide | null
  /** What came of it: the adjustment, or the statement that was drawn in its place. */
  readonly subjectId: string | null
  /** The lines that are disputed; empty where it is all of them. */
  readonly lines: readonly StatementLineKind[]
  readonly reason: string | null
  /** Who: `staff:42`, `system`. */
  readonly by: string
  readonly at: Timestamp
}

/** One line for the trail. */
export type StatementStep = Pick<StatementTrailEntry, 'statementId' | 'action' | 'from' | 'to'> &
  Partial<Pick<StatementTrailEntry, 'side' | 'subjectId' | 'lines' | 'reason'>>
