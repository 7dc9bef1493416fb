import { column, defineTable, nullable, type Table } from '../kernel/index.js'
import { accountTable, journalTable } from './ledger.entity.js'

export interface HoldRow {
  id: string
  kind: string
  source: string
  key: string
  contentHash: string
  fromAccount: string
  toAccount: string
  amount: number
  commodity: string
  ref: string | null
  heldAt: string
  /** Exclusive: at this moment it has lapsed. */
  expiresAt: string | null
}

/** What was reserved, as it was asked for. */
export const holdTable: Table<HoldRow> = defineTable<HoldRow>({
  name: 'ledger_hold',
  primaryKey: ['id'],
  appendOnly: true,
  columns: {
    id: column.id(),
    kind: column.string(40),
    source: column.string(80),
    key: column.string(200),
    contentHash: column.string(64),
    fromAccount: column.id(),
    toAccount: column.id(),
    amount: column.amount(),
    commodity: column.string(12),
    ref: nullable(column.string(80)),
    heldAt: column.time(),
    expiresAt: nullable(column.time()),
  },
  checks: { ledger_hold_positive: 'amount > 0', ledger_hold_two_accounts: 'from_account <> to_account' },
  indexes: [
    { name: 'ledger_hold_key', columns: ['key'], unique: true },
    { name: 'ledger_hold_from', columns: ['fromAccount', 'heldAt'] },
  ],
  foreignKeys: [
    { name: 'ledger_hold_debit', columns: ['fromAccount', 'commodity'], references: () => accountTable, referenced: ['id', 'commodity'] },
    { name: 'ledger_hold_credit', columns: ['toAccount', 'commodity'], references: () => accountTable, referenced: ['id', 'commodity'] },
  ],
})

export interface HoldEndRow {
  holdId: string
  outcome: 'captured' | 'released' | 'lapsed'
  captured: number
  journalId: string | null
  endedAt: string
}

/** How a hold ended: one row, once, which is what capture, release and lapse at the same moment cannot all write. */
export const holdEndTable: Table<HoldEndRow> = defineTable<HoldEndRow>({
  name: 'ledger_hold_end',
  primaryKey: ['holdId'],
  appendOnly: true,
  columns: {
    holdId: column.id(),
    outcome: column.string<HoldEndRow['outcome']>(8),
    captured: column.amount(),
    journalId: nullable(column.id()),
    endedAt: column.time(),
  },
  checks: { ledger_hold_end_captured: 'captured >= 0' },
  foreignKeys: [
    { name: 'ledger_hold_end_hold', columns: ['holdId'], references: () => holdTable, referenced: ['id'] },
    { name: 'ledger_hold_end_journal', columns: ['journalId'], references: () => journalTable, referenced: ['id'] },
  ],
})

export interface OpenHoldRow {
  holdId: string
  accountId: string
  amount: number
  expiresAt: string | null
}

/**
 * Holds that have not ended: who ends one takes its row away, and of two at once only one can. It says nothing that the two tables above do not say; it spares
 * whoever asks for what is open the history of all that was.
 */
export const openHoldTable: Table<OpenHoldRow> = defineTable<OpenHoldRow>({
  name: 'ledger_open_hold',
  primaryKey: ['holdId'],
  columns: { holdId: column.id(), accountId: column.id(), amount: column.amount(), expiresAt: nullable(column.time()) },
  indexes: [
    { name: 'ledger_open_hold_account', columns: ['accountId'] },
    { name: 'ledger_open_hold_expires', columns: ['expiresAt'] },
  ],
  foreignKeys: [{ name: 'ledger_open_hold_hold', columns: ['holdId'], references: () => holdTable, referenced: ['id'] }],
})
