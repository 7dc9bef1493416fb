import { type AnyTable, column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { LineAmounts, LineTerms } from './line.js'
import { planTables } from './plan.entity.js'
import type { CommissionTerms } from './rule.js'
import type { LineSplit } from './split.js'

export interface RuleRow {
  id: string
  supplier: string | null
  category: string | null
  product: string | null
  distributor: string | null
  channel: string | null
  terms: CommissionTerms
  validFrom: string | null
  validTo: string | null
  /** Switched off: it matches nothing. */
  disabled: boolean
  createdAt: string
  createdBy: string
  /** The supplier's contract whose commission this is; null for a rule of the platform's own. */
  contractId: string | null
  /** The version of a plan that it belongs to; null for one that stands alone. */
  planId: string | null
}

export const ruleTable: Table<RuleRow> = defineTable<RuleRow>({
  name: 'commission_rule',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    supplier: nullable(column.id()),
    category: nullable(column.string(400)),
    product: nullable(column.id()),
    distributor: nullable(column.id()),
    channel: nullable(column.string(60)),
    terms: column.json<CommissionTerms>(),
    validFrom: nullable(column.time()),
    validTo: nullable(column.time()),
    disabled: column.flag(),
    createdAt: column.time(),
    createdBy: column.text(),
    contractId: nullable(column.id()),
    planId: nullable(column.id()),
  },
  indexes: [{ name: 'commission_rule_supplier', columns: ['supplier'] }],
})

export interface TermsRow {
  lineId: string
  orderId: string
  currency: string
  terms: LineTerms
  amounts: LineAmounts
  /** By the volume at placement; a line under bands is split anew at its first capture, and that is kept here. */
  split: LineSplit
}

/** R5: what was agreed when the order was placed. */
export const termsTable: Table<TermsRow> = defineTable<TermsRow>({
  name: 'commission_terms',
  primaryKey: ['lineId'],
  columns: {
    lineId: column.id(),
    orderId: column.id(),
    currency: column.string(3),
    terms: column.json<LineTerms>(),
    amounts: column.json<LineAmounts>(),
    split: column.json<LineSplit>(),
  },
  indexes: [{ name: 'commission_terms_order', columns: ['orderId'] }],
})

export interface ClaimRow {
  lineId: string
  party: string
  orderId: string
  currency: string
  state: 'pending' | 'available'
  /** When the hold ends; unknown until delivery. */
  releaseAt: string | null
}

/** A supplier's or distributor's claim on a line: where its money lies. How much it is, the books say. */
export const claimTable: Table<ClaimRow> = defineTable<ClaimRow>({
  name: 'commission_claim',
  primaryKey: ['lineId', 'party'],
  columns: {
    lineId: column.id(),
    party: column.string(80),
    orderId: column.id(),
    currency: column.string(3),
    state: column.string<ClaimRow['state']>(12),
    releaseAt: nullable(column.time()),
  },
  indexes: [
    { name: 'commission_claim_due', columns: ['state', 'releaseAt'] },
    { name: 'commission_claim_party', columns: ['party', 'state', 'releaseAt'] },
    { name: 'commission_claim_order', columns: ['orderId'] },
  ],
})

export interface VolumeRow {
  supplierId: string
  currency: string
  /** A calendar month in the platform's time zone: `2026-01`. */
  period: string
  /** The captured base of all lines of a supplier whom a band rule could meet; minor units. Refunds do not reduce it. */
  volume: number
}

export const volumeTable: Table<VolumeRow> = defineTable<VolumeRow>({
  name: 'commission_volume',
  primaryKey: ['supplierId', 'currency', 'period'],
  columns: { supplierId: column.id(), currency: column.string(3), period: column.string(7), volume: column.amount() },
})

export interface BandTotalRow extends Omit<VolumeRow, 'volume'> {
  /** Rule, supplier, currency and period. */
  id: string
  ruleId: string
  /** The captured base of the supplier's lines under this rule; minor units. */
  base: number
  /** The commission that was booked on it; minor units. Refunds do not reduce it. */
  charged: number
  /** What its true-ups have come to; positive from the supplier to the platform. */
  truedUp: number
  /** How many true-ups were booked. */
  trueUps: number
  /** Trued up, and nothing was captured since. */
  settled: boolean
}

/** What retroactive bands are trued up from, at the end of the period. */
export const bandTotalTable: Table<BandTotalRow> = defineTable<BandTotalRow>({
  name: 'commission_band_total',
  primaryKey: ['id'],
  columns: {
    id: column.string(160),
    ruleId: column.id(),
    supplierId: column.id(),
    currency: column.string(3),
    period: column.string(7),
    base: column.amount(),
    charged: column.amount(),
    truedUp: column.amount(),
    trueUps: column.integer(),
    settled: column.flag(),
  },
  indexes: [{ name: 'commission_band_total_open', columns: ['settled', 'period'] }],
})

export const commissionTables: readonly AnyTable[] = [ruleTable, termsTable, claimTable, volumeTable, bandTotalTable, ...planTables]
