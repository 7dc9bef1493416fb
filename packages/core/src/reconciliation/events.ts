import { type Emit, emit } from '../kernel/index.js'
import type { Measure } from './case.js'

interface CaseEvent {
  readonly caseId: string
  readonly provider: string
  readonly subjectId: string
  readonly measure: Measure
  readonly currency: string
  /** Minor units. */
  readonly reported: number
  readonly recorded: number
  readonly booked: number
}

export interface ReconciliationEvents {
  'reconciliation.case_opened': CaseEvent
  'reconciliation.case_closed': CaseEvent
}

export const emitReconciliation: Emit<ReconciliationEvents> = emit
