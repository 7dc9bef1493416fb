import { type AnyTable, column, defineTable, nullable, type Table } from '@entrepot/core'

export interface FilePayoutRow {
  payoutId: string
  party: string
  amount: number
  currency: string
  statementId: string | null
  /** What the bank gives back: at most 35 characters that every bank takes. */
  reference: string
  status: 'waiting' | 'filed' | 'paid' | 'failed' | 'returned'
  fileId: string | null
  failureCode: string | null
  failureMessage: string | null
  submittedAt: string
}

/** Payouts that were submitted, each in one file at most. */
export const filePayoutTable: Table<FilePayoutRow> = defineTable<FilePayoutRow>({
  name: 'payout_files_payout',
  primaryKey: ['payoutId'],
  columns: {
    payoutId: column.id(),
    party: column.string(80),
    amount: column.amount(),
    currency: column.string(3),
    statementId: nullable(column.id()),
    reference: column.string(35),
    status: column.string<FilePayoutRow['status']>(8),
    fileId: nullable(column.id()),
    failureCode: nullable(column.string(40)),
    failureMessage: nullable(column.text()),
    submittedAt: column.time(),
  },
  checks: { payout_files_payout_positive: 'amount > 0' },
  indexes: [
    { name: 'payout_files_payout_reference', columns: ['reference'], unique: true },
    { name: 'payout_files_payout_waiting', columns: ['status', 'currency', 'payoutId'] },
    { name: 'payout_files_payout_file', columns: ['fileId'] },
  ],
})

export interface FileRow {
  id: string
  currency: string
  executeOn: string
  count: number
  total: number
  /** As they were handed out; null once they were erased, because names and account numbers stand in them. */
  pain001: string | null
  csv: string | null
  createdAt: string
}

export const fileTable: Table<FileRow> = defineTable<FileRow>({
  name: 'payout_files_file',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    currency: column.string(3),
    executeOn: column.string(10),
    count: column.integer(),
    total: column.amount(),
    pain001: nullable(column.text()),
    csv: nullable(column.text()),
    createdAt: column.time(),
  },
})

export const payoutFileTables: readonly AnyTable[] = [filePayoutTable, fileTable]
