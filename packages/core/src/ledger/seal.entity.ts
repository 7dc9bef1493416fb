import { column, defineTable, type Table } from '../kernel/index.js'

export interface SealRow {
  seq: number
  journalId: string
  hash: string
  sealedAt: string
}

/**
 * The chain over all journals, in the order in which they were sealed: 1, 2, 3, …, without a gap. That order is the sealer's own; the order of commits is nobody's
 * to know. No foreign key holds a seal to its journal: it is to tell when that is gone.
 */
export const sealTable: Table<SealRow> = defineTable<SealRow>({
  name: 'ledger_seal',
  primaryKey: ['seq'],
  appendOnly: true,
  columns: { seq: column.amount(), journalId: column.id(), hash: column.string(64), sealedAt: column.time() },
  // Not unique: what is would let INSERT OR REPLACE take the earlier row away on SQLite. Nobody seals twice what the tail holds once.
  indexes: [{ name: 'ledger_seal_journal', columns: ['journalId'] }],
})
