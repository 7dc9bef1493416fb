import { type AnyTable, column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { CaseAction, CaseStatus, Measure } from './case.js'
import type { EntryType } from './report.js'

export interface ReportRow {
  id: string
  provider: string
  from: string
  to: string
  entries: number
  by: string
  at: string
}

/** What was handed in, and when: a report that comes twice is seen to. */
export const reportTable: Table<ReportRow> = defineTable<ReportRow>({
  name: 'reconciliation_report',
  primaryKey: ['id'],
  appendOnly: true,
  columns: {
    id: column.id(),
    provider: column.string(40),
    from: column.time(),
    to: column.time(),
    entries: column.integer(),
    by: column.string(200),
    at: column.time(),
  },
  indexes: [{ name: 'reconciliation_report_provider', columns: ['provider', 'id'] }],
})

export interface EntryRow {
  id: string
  reportId: string
  provider: string
  ref: string
  type: EntryType
  paymentId: string | null
  providerRef: string | null
  payoutId: string | null
  amount: number
  currency: string
  at: string
}

/** Each entry of a provider once, however many reports it stands in. */
export const entryTable: Table<EntryRow> = defineTable<EntryRow>({
  name: 'reconciliation_entry',
  primaryKey: ['id'],
  appendOnly: true,
  columns: {
    id: column.id(),
    reportId: column.id(),
    provider: column.string(40),
    ref: column.string(160),
    type: column.string<EntryType>(16),
    paymentId: nullable(column.id()),
    providerRef: nullable(column.string(160)),
    payoutId: nullable(column.id()),
    amount: column.amount(),
    currency: column.string(3),
    at: column.time(),
  },
  indexes: [
    { name: 'reconciliation_entry_ref', columns: ['provider', 'ref'], unique: true },
    { name: 'reconciliation_entry_payment', columns: ['provider', 'paymentId'] },
    { name: 'reconciliation_entry_provider_ref', columns: ['provider', 'providerRef'] },
    { name: 'reconciliation_entry_payout', columns: ['provider', 'payoutId'] },
  ],
  foreignKeys: [{ name: 'reconciliation_entry_report', columns: ['reportId'], references: () => reportTable, referenced: ['id'] }],
  checks: { reconciliation_entry_positive: 'amount > 0' },
})

export interface CaseRow {
  id: string
  provider: string
  subjectId: string
  known: boolean
  measure: Measure
  currency: string
  reported: number
  recorded: number
  booked: number
  status: CaseStatus
  owner: string | null
  openedAt: string
  closedAt: string | null
  resolution: string | null
}

export const caseTable: Table<CaseRow> = defineTable<CaseRow>({
  name: 'reconciliation_case',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    provider: column.string(40),
    subjectId: column.string(160),
    known: column.flag(),
    measure: column.string<Measure>(16),
    currency: column.string(3),
    reported: column.amount(),
    recorded: column.amount(),
    booked: column.amount(),
    status: column.string<CaseStatus>(8),
    owner: nullable(column.string(200)),
    openedAt: column.time(),
    closedAt: nullable(column.time()),
    resolution: nullable(column.string(500)),
  },
  indexes: [
    // One case for one difference, however many reports find it, at once too.
    { name: 'reconciliation_case_subject', columns: ['provider', 'subjectId', 'measure', 'currency'], unique: true },
    { name: 'reconciliation_case_status', columns: ['status', 'id'] },
  ],
})

export interface CaseEntryRow {
  id: string
  caseId: string
  action: CaseAction
  text: string | null
  reported: number
  recorded: number
  booked: number
  by: string
  at: string
}

export const caseEntryTable: Table<CaseEntryRow> = defineTable<CaseEntryRow>({
  name: 'reconciliation_trail',
  primaryKey: ['id'],
  appendOnly: true,
  columns: {
    id: column.id(),
    caseId: column.id(),
    action: column.string<CaseAction>(12),
    text: nullable(column.string(500)),
    reported: column.amount(),
    recorded: column.amount(),
    booked: column.amount(),
    by: column.string(200),
    at: column.time(),
  },
  indexes: [{ name: 'reconciliation_trail_case', columns: ['caseId', 'id'] }],
  foreignKeys: [{ name: 'reconciliation_trail_of', columns: ['caseId'], references: () => caseTable, referenced: ['id'] }],
})

export const reconciliationTables: readonly AnyTable[] = [reportTable, entryTable, caseTable, caseEntryTable]
