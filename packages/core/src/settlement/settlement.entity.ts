import { type AnyTable, column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { PayoutAccount } from './payout-account.js'
import type { ApprovalNeeded, StatementLineKind, StatementSide, StatementState } from './statement.js'
import type { StatementAction } from './statement-trail.js'

export interface StatementRow {
  id: string
  party: string
  currency: string
  state: StatementState
  /** What was effective up to here, inclusive, and in no statement yet is in this one. */
  until: string
  opening: number
  closing: number
  /** What it pays, already taken off the closing. */
  payable: number
  /** What of that is withheld as tax, by which rule. */
  withheld: number
  withholdingRule: string | null
  /** Every transfer on the account in a journal below this id stands in a statement. */
  statedBefore: string
  drawnAt: string
  approvedAt: string | null
  approvedBy: string | null
  lockedAt: string | null
  /** Whose approval it was drawn to wait for; null where nobody's is asked for. */
  approvalNeeded: ApprovalNeeded | null
  /** From here on the party's silence is its approval; null where it never is, or is no more. */
  silentFrom: string | null
  operatorApprovedAt: string | null
  partyApprovedAt: string | null
  /** Who disputes it, as long as it is disputed. */
  disputedBy: StatementSide | null
}

export const statementTable: Table<StatementRow> = defineTable<StatementRow>({
  name: 'settlement_statement',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    party: column.string(80),
    currency: column.string(3),
    state: column.string<StatementState>(12),
    until: column.time(),
    opening: column.amount(),
    closing: column.amount(),
    payable: column.amount(),
    withheld: column.amount(),
    withholdingRule: nullable(column.string(80)),
    statedBefore: column.id(),
    drawnAt: column.time(),
    approvedAt: nullable(column.time()),
    approvedBy: nullable(column.string(120)),
    lockedAt: nullable(column.time()),
    approvalNeeded: nullable(column.string<ApprovalNeeded>(12)),
    silentFrom: nullable(column.time()),
    operatorApprovedAt: nullable(column.time()),
    partyApprovedAt: nullable(column.time()),
    disputedBy: nullable(column.string<StatementSide>(12)),
  },
  checks: { settlement_statement_payable: 'payable >= 0 AND withheld >= 0 AND withheld <= payable' },
  // A party's periods do not overlap: the same cycle run twice, or two at once, finds the first one's statement.
  indexes: [
    { name: 'settlement_statement_party', columns: ['party', 'currency', 'until'], unique: true },
    { name: 'settlement_statement_state', columns: ['state', 'id'] },
  ],
  finalWhen: { column: 'state', values: ['locked'] },
})

export interface StatementLineRow {
  statementId: string
  kind: StatementLineKind
  amount: number
  count: number
}

export const statementLineTable: Table<StatementLineRow> = defineTable<StatementLineRow>({
  name: 'settlement_statement_line',
  primaryKey: ['statementId', 'kind'],
  appendOnly: true,
  keptWith: 'settlement_statement_line_statement',
  columns: { statementId: column.id(), kind: column.string<StatementLineKind>(40), amount: column.amount(), count: column.integer() },
  foreignKeys: [
    { name: 'settlement_statement_line_statement', columns: ['statementId'], references: () => statementTable, referenced: ['id'] },
  ],
})

export interface StatementItemRow {
  journalId: string
  position: number
  party: string
  statementId: string
}

/** Which transfer stands in which statement: each exactly once per party, so that nothing is stated twice and nothing is left out. */
export const statementItemTable: Table<StatementItemRow> = defineTable<StatementItemRow>({
  name: 'settlement_statement_item',
  primaryKey: ['journalId', 'position', 'party'],
  appendOnly: true,
  keptWith: 'settlement_statement_item_statement_id',
  columns: { journalId: column.id(), position: column.integer(), party: column.string(80), statementId: column.id() },
  indexes: [{ name: 'settlement_statement_item_statement', columns: ['statementId'] }],
  foreignKeys: [
    { name: 'settlement_statement_item_statement_id', columns: ['statementId'], references: () => statementTable, referenced: ['id'] },
  ],
})

export interface StatementTrailRow {
  id: string
  statementId: string
  action: StatementAction
  fromState: StatementState | null
  toState: StatementState | null
  /** For whom it was done. */
  side: StatementSide | null
  subjectId: string | null
  lines: readonly StatementLineKind[]
  reason: string | null
  by: string
  at: string
}

/** Who did what with a statement. It refers to no row of statements, since what is discarded is removed and its trail stays. */
export const statementTrailTable: Table<StatementTrailRow> = defineTable<StatementTrailRow>({
  name: 'settlement_statement_trail',
  primaryKey: ['id'],
  appendOnly: true,
  columns: {
    id: column.id(),
    statementId: column.id(),
    action: column.string<StatementAction>(24),
    fromState: nullable(column.string<StatementState>(12)),
    toState: nullable(column.string<StatementState>(12)),
    side: nullable(column.string<StatementSide>(12)),
    subjectId: nullable(column.id()),
    lines: column.json<readonly StatementLineKind[]>(),
    reason: nullable(column.text()),
    by: column.text(),
    at: column.time(),
  },
  indexes: [{ name: 'settlement_statement_trail_statement', columns: ['statementId', 'id'] }],
})

export interface PayoutRow {
  id: string
  /** Null for a withdrawal, which no statement pays. */
  statementId: string | null
  party: string
  currency: string
  /** What arrives. */
  amount: number
  /** What the platform keeps of a withdrawal, beside the amount; it stays spent whatever becomes of the payout. */
  fee: number
  /** What is withheld as tax, beside the amount, by which rule; a payout that comes back takes it back. */
  withheld: number
  withholdingRule: string | null
  provider: string
  providerRef: string | null
  status: 'requested' | 'submitted' | 'paid' | 'failed' | 'returned'
  failure: string | null
  createdAt: string
  settledAt: string | null
  /** When its provider is asked what became of it; null where it has not been asked yet. */
  askAt: string | null
}

export const payoutTable: Table<PayoutRow> = defineTable<PayoutRow>({
  name: 'settlement_payout',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    statementId: nullable(column.id()),
    party: column.string(80),
    currency: column.string(3),
    amount: column.amount(),
    fee: column.amount(),
    withheld: column.amount(),
    withholdingRule: nullable(column.string(80)),
    provider: column.string(40),
    providerRef: nullable(column.string(200)),
    status: column.string<PayoutRow['status']>(12),
    failure: nullable(column.text()),
    createdAt: column.time(),
    settledAt: nullable(column.time()),
    askAt: nullable(column.time()),
  },
  checks: { settlement_payout_positive: 'amount > 0 AND fee >= 0 AND withheld >= 0' },
  indexes: [
    { name: 'settlement_payout_statement', columns: ['statementId'], unique: true },
    { name: 'settlement_payout_party', columns: ['party', 'currency'] },
    { name: 'settlement_payout_status', columns: ['status', 'createdAt'] },
  ],
})

export interface AdjustmentRow {
  id: string
  party: string
  currency: string
  amount: number
  kind: 'adjustment' | 'write_off'
  reason: string
  approvedBy: string
  createdAt: string
}

export const adjustmentTable: Table<AdjustmentRow> = defineTable<AdjustmentRow>({
  name: 'settlement_adjustment',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    party: column.string(80),
    currency: column.string(3),
    amount: column.amount(),
    kind: column.string<AdjustmentRow['kind']>(12),
    reason: column.string(500),
    approvedBy: column.string(120),
    createdAt: column.time(),
  },
  indexes: [{ name: 'settlement_adjustment_party', columns: ['party', 'createdAt'] }],
})

export interface ReserveRow {
  id: string
  lineId: string
  party: string
  currency: string
  withheld: number
  /** What refunds have taken of it. */
  consumed: number
  releaseAt: string
  state: 'held' | 'released'
}

/** What is withheld of a claim: once when the claim becomes available, and again for what a later capture adds to it. */
export const reserveTable: Table<ReserveRow> = defineTable<ReserveRow>({
  name: 'settlement_reserve',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    lineId: column.id(),
    party: column.string(80),
    currency: column.string(3),
    withheld: column.amount(),
    consumed: column.amount(),
    releaseAt: column.time(),
    state: column.string<ReserveRow['state']>(12),
  },
  checks: { settlement_reserve_consumed: 'consumed >= 0 AND consumed <= withheld' },
  indexes: [
    { name: 'settlement_reserve_line', columns: ['lineId', 'party'] },
    { name: 'settlement_reserve_due', columns: ['state', 'releaseAt'] },
    { name: 'settlement_reserve_party', columns: ['party', 'state', 'releaseAt'] },
  ],
})

export interface RunRow {
  id: string
  /** A cycle whose end it is; `all` for a run that somebody asked for. */
  cycle: string
  until: string
  /** The last account looked at; empty at the beginning. */
  cursor: string
  accounts: number
  statements: number
  startedAt: string
  finishedAt: string | null
}

/** How far the settlement of a cycle's end has come: whoever goes on begins where the last one stopped. */
export const runTable: Table<RunRow> = defineTable<RunRow>({
  name: 'settlement_run',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    cycle: column.string(12),
    until: column.time(),
    cursor: column.id(),
    accounts: column.integer(),
    statements: column.integer(),
    startedAt: column.time(),
    finishedAt: nullable(column.time()),
  },
  indexes: [{ name: 'settlement_run_end', columns: ['cycle', 'until'], unique: true }],
})

/** Where each party is paid. Personal data: a row is removed when its party is forgotten, and nothing refers to it. */
export const payoutAccountTable: Table<PayoutAccount> = defineTable<PayoutAccount>({
  name: 'settlement_payout_account',
  primaryKey: ['party'],
  columns: {
    party: column.string(80),
    holder: column.string(140),
    iban: nullable(column.string(34)),
    accountNumber: nullable(column.string(34)),
    bic: nullable(column.string(11)),
    bankCode: nullable(column.string(35)),
    bankName: nullable(column.string(140)),
    country: column.string(2),
    city: nullable(column.string(35)),
    postalCode: nullable(column.string(16)),
    street: nullable(column.string(70)),
    updatedAt: column.time(),
  },
})

export const settlementTables: readonly AnyTable[] = [
  statementTable,
  statementLineTable,
  statementItemTable,
  statementTrailTable,
  payoutTable,
  adjustmentTable,
  reserveTable,
  runTable,
  payoutAccountTable,
]
