/**
 * Three ways to see the same money: by a provider's report, by our payments and payouts, by the books.
 *
 * - Every difference is a case, with an age and an owner; one that is no more is cleared by the next report.
 * - Nothing is adjusted here: what puts a difference right is made elsewhere, by somebody, and named in the case.
 * - An entry of a provider counts once, however many reports it stands in. Entries, reports and the cases' trail are append-only.
 */
export type { CaseAction, CaseEntry, CaseStatus, Measure, ReconciliationCase, ThreeWays } from './case.js'
export type { ReconciliationEvents } from './events.js'
export { reconciliationTables } from './reconciliation.entity.js'
export { createReconciliation, type Reconciliation, type ReconciliationService } from './reconciliation-service.js'
export type { EntryType, ReportEntry, ReportInput } from './report.js'
export type { ReportResult } from './run-report.js'
export type {
  AssignCaseInput,
  CaseDetail,
  CaseIdInput,
  ListCasesInput,
  NoteCaseInput,
  ReopenCaseInput,
  ResolveCaseInput,
} from './work-case.js'
