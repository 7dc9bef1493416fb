import { column, defineTable, nullable, type Table } from '../kernel/index.js'

export interface AccountRow {
  id: string
  party: string
  purpose: string
  commodity: string
  guarded: boolean
  createdAt: string
}

export const accountTable: Table<AccountRow> = defineTable<AccountRow>({
  name: 'ledger_account',
  primaryKey: ['id'],
  // Whose money it is stands here: an account given to another would move all that was ever posted to it.
  appendOnly: true,
  columns: {
    id: column.id(),
    party: column.string(80),
    purpose: column.string(40),
    commodity: column.string(12),
    guarded: column.flag(),
    createdAt: column.time(),
  },
  indexes: [
    { name: 'ledger_account_path', columns: ['party', 'purpose', 'commodity'], unique: true },
    { name: 'ledger_account_commodity', columns: ['id', 'commodity'], unique: true },
    { name: 'ledger_account_purpose', columns: ['purpose', 'party'] },
  ],
})

export interface GuardedBalanceRow {
  accountId: string
  balance: number
  /** Of the balance, what holds reserve. */
  held: number
}

/** Only guarded accounts have a balance row: a hot one would make every order wait for the one before. */
export const guardedBalanceTable: Table<GuardedBalanceRow> = defineTable<GuardedBalanceRow>({
  name: 'ledger_guarded_balance',
  primaryKey: ['accountId'],
  columns: { accountId: column.id(), balance: column.amount(), held: column.amount() },
  checks: { ledger_guarded_balance_held: 'held >= 0', ledger_guarded_balance_covered: 'balance >= held' },
  foreignKeys: [{ name: 'ledger_guarded_balance_account', columns: ['accountId'], references: () => accountTable, referenced: ['id'] }],
})

/** Journals that are not closed yet: what they come to is not in the snapshots. Noted as they are posted, taken away as they are closed. */
export const tailTable: Table<{ journalId: string }> = defineTable<{ journalId: string }>({
  name: 'ledger_tail',
  primaryKey: ['journalId'],
  columns: { journalId: column.id() },
})

export interface SnapshotRow {
  accountId: string
  balance: number
}

/** What all closed journals come to on an account: with the tail, its balance, however long its history. */
export const snapshotTable: Table<SnapshotRow> = defineTable<SnapshotRow>({
  name: 'ledger_snapshot',
  primaryKey: ['accountId'],
  columns: { accountId: column.id(), balance: column.amount() },
  foreignKeys: [{ name: 'ledger_snapshot_account', columns: ['accountId'], references: () => accountTable, referenced: ['id'] }],
})

export interface JournalRow {
  id: string
  kind: string
  source: string
  key: string
  contentHash: string
  effectiveAt: string
  postedAt: string
  reverses: string | null
}

export const journalTable: Table<JournalRow> = defineTable<JournalRow>({
  name: 'ledger_journal',
  primaryKey: ['id'],
  appendOnly: true,
  notedIn: () => tailTable,
  columns: {
    id: column.id(),
    kind: column.string(40),
    source: column.string(80),
    key: column.string(200),
    contentHash: column.string(64),
    effectiveAt: column.time(),
    postedAt: column.time(),
    reverses: nullable(column.id()),
  },
  indexes: [
    { name: 'ledger_journal_key', columns: ['key'], unique: true },
    { name: 'ledger_journal_source', columns: ['source'] },
    { name: 'ledger_journal_reverses', columns: ['reverses'], unique: true },
  ],
  foreignKeys: [{ name: 'ledger_journal_reversed', columns: ['reverses'], references: () => journalTable, referenced: ['id'] }],
})

export interface TransferRow {
  journalId: string
  position: number
  kind: string
  fromAccount: string
  toAccount: string
  amount: number
  commodity: string
  ref: string | null
}

/** Debits equal credits because a row is both: it cannot take from one account without giving to another, nor change the commodity on the way. */
export const transferTable: Table<TransferRow> = defineTable<TransferRow>({
  name: 'ledger_transfer',
  primaryKey: ['journalId', 'position'],
  appendOnly: true,
  columns: {
    journalId: column.id(),
    position: column.integer(),
    kind: column.string(40),
    fromAccount: column.id(),
    toAccount: column.id(),
    amount: column.amount(),
    commodity: column.string(12),
    ref: nullable(column.string(80)),
  },
  checks: { ledger_transfer_positive: 'amount > 0', ledger_transfer_two_accounts: 'from_account <> to_account' },
  indexes: [
    // By journal, whose ids rise with time: what is new on an account is found without its history.
    { name: 'ledger_transfer_from', columns: ['fromAccount', 'journalId'] },
    { name: 'ledger_transfer_to', columns: ['toAccount', 'journalId'] },
    { name: 'ledger_transfer_ref', columns: ['ref'] },
  ],
  foreignKeys: [
    { name: 'ledger_transfer_journal', columns: ['journalId'], references: () => journalTable, referenced: ['id'] },
    {
      name: 'ledger_transfer_debit',
      columns: ['fromAccount', 'commodity'],
      references: () => accountTable,
      referenced: ['id', 'commodity'],
    },
    {
      name: 'ledger_transfer_credit',
      columns: ['toAccount', 'commodity'],
      references: () => accountTable,
      referenced: ['id', 'commodity'],
    },
  ],
})
