import type { Call, Kernel, Page } from '../kernel/index.js'
import { externalProviderId } from '../payment/index.js'
import type { Adapters } from '../ports/index.js'
import { manualPayouts } from '../settlement/index.js'
import type { ReconciliationCase } from './case.js'
import { type ReportInput, reportInput } from './report.js'
import { type ReportResult, runReport } from './run-report.js'
import {
  type AssignCaseInput,
  assignInput,
  type CaseDetail,
  type CaseIdInput,
  caseIdInput,
  type ListCasesInput,
  listCases,
  listCasesInput,
  type NoteCaseInput,
  noteInput,
  type ReopenCaseInput,
  type ResolveCaseInput,
  readCase,
  reopenInput,
  resolveInput,
  workCases,
} from './work-case.js'

/** What `commerce.reconciliation` is. */
export interface ReconciliationService {
  /**
   * Takes in what a provider reports of a period, and compares it with our payments or payouts and with the books. A report handed in again changes nothing.
   * @throws reconciliation.provider_unknown, reconciliation.period_in_future, reconciliation.entry_conflict
   */
  report(input: ReportInput, call?: Call): Promise<ReportResult>
  /** In the order in which they were opened. */
  cases(input?: ListCasesInput, call?: Call): Promise<Page<ReconciliationCase>>
  /** A case and its trail. @throws reconciliation.case_not_found */
  case(input: CaseIdInput, call?: Call): Promise<CaseDetail>
  /** Says who sees to a case. @throws reconciliation.case_not_found */
  assign(input: AssignCaseInput, call?: Call): Promise<ReconciliationCase>
  /** Writes into a case's trail. @throws reconciliation.case_not_found */
  note(input: NoteCaseInput, call?: Call): Promise<ReconciliationCase>
  /** Closes a case with a reason; no amount is changed by it. It opens again if the difference changes. @throws reconciliation.case_not_found, reconciliation.case_closed */
  resolve(input: ResolveCaseInput, call?: Call): Promise<ReconciliationCase>
  /** @throws reconciliation.case_not_found, reconciliation.case_open */
  reopen(input: ReopenCaseInput, call?: Call): Promise<ReconciliationCase>
}

export interface Reconciliation {
  readonly service: ReconciliationService
}

export interface ReconciliationDeps {
  readonly kernel: Kernel
  readonly adapters: Pick<Adapters, 'payments' | 'payouts'>
}

export function createReconciliation({ kernel, adapters }: ReconciliationDeps): Reconciliation {
  const { command, query } = kernel.useCases
  const providers = [...adapters.payments, ...adapters.payouts].map(({ id }) => id)
  const { assign, note, resolve, reopen } = workCases({ kernel })
  const cases = query('reconciliation.cases', listCasesInput, listCases)
  return {
    service: {
      report: command(
        'reconciliation.report',
        reportInput,
        runReport({ kernel, providers: [...providers, externalProviderId, manualPayouts.id] }),
      ),
      cases: (input = {}, call) => cases(input, call),
      case: query('reconciliation.case', caseIdInput, readCase),
      assign: command('reconciliation.assign', assignInput, assign),
      note: command('reconciliation.note', noteInput, note),
      resolve: command('reconciliation.resolve', resolveInput, resolve),
      reopen: command('reconciliation.reopen', reopenInput, reopen),
    },
  }
}
