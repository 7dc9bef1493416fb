import type { Metadata } from '../kernel/index.js'

/** What the platform keeps of this supplier's sales. Free-form: the commission room reads it and refuses what it does not know. */
export interface CommissionTerms {
  /** In percent of the commission base, with at most four decimals. */
  readonly percent?: number | undefined
  readonly [term: string]: unknown
}

/**
 * How often a statement is drawn: at the end of each day, week (on Monday) or month of the platform's calendar; `T+3`: every day, of what was available by the end
 * of the day that is three days back, so that `T+1` is `daily`; `threshold`: within the hour in which the available balance reaches the threshold; `manual`: by
 * hand or by `settlement.run` alone.
 */
export type SettlementCycle = 'daily' | 'weekly' | 'monthly' | `T+${number}` | 'threshold' | 'manual'

const named: readonly string[] = ['daily', 'weekly', 'monthly', 'threshold', 'manual'] satisfies SettlementCycle[]

export function isSettlementCycle(value: unknown): value is SettlementCycle {
  return typeof value === 'string' && (named.includes(value) || /^T\+[1-9]\d?$/.test(value))
}

/** A part of each claim that is withheld when the claim becomes available: what refunds that come later are taken from first. */
export interface ReserveTerms {
  /** In percent of the claim, with at most four decimals; 0 withholds nothing. */
  readonly percent: number
  /** Days from when the claim becomes available until the rest of its reserve does. */
  readonly days: number
}

export const chargebackFeeBearers = ['supplier', 'platform'] as const

/** Who bears what a payment provider charges for a chargeback. */
export type ChargebackFeeFrom = (typeof chargebackFeeBearers)[number]

export interface SettlementTerms {
  readonly cycle: SettlementCycle
  /** Days from delivery until a claim becomes available. */
  readonly holdDays: number
  /** Minor units; below it nothing is paid out, and it carries. */
  readonly threshold: number
  /** Null: as the platform's settlement plan says. */
  readonly reserve: ReserveTerms | null
  /** Who bears a provider's fee for a chargeback; null: as the platform has it in general. */
  readonly chargebackFeeFrom: ChargebackFeeFrom | null
  /** ISO 4217: what is sold in another currency is converted at a rate frozen with the sale. Null: as the platform has it in general. */
  readonly payoutCurrency: string | null
}

/** One version of a supplier's contract. It is never edited: other terms are another version. */
export interface SupplierContract {
  /** `sct_…` */
  readonly id: string
  readonly supplierId: string
  /** Counts a supplier's contracts from 1. */
  readonly version: number
  readonly commission: CommissionTerms | null
  readonly settlement: SettlementTerms
  /** From this moment on, until a contract with a later one. Of two with the same, the newer version holds. */
  readonly validFrom: string
  readonly metadata: Metadata
  readonly createdAt: string
  /** `staff:42`, `system` */
  readonly createdBy: string
}
