import * as z from 'zod'
import type { ExchangeRates } from '../commission/index.js'
import type { Reader, Timestamp } from '../kernel/index.js'
import { currency, percent } from '../money/index.js'
import { type ReserveTerms, reserveTerms, type SettlementCycle, type Suppliers, settlementCycle } from '../supplier/index.js'
import type { ApprovalNeeded } from './statement.js'
import type { Withholding } from './withholding.js'

/** When and how a party's claims become money. */
export interface SettlementPolicy {
  /** Days from delivery (from fulfilment where nothing is shipped) until a claim is available. */
  readonly holdDays: number
  /** Below it nothing is paid, and it carries; minor units. */
  readonly threshold: number
  readonly cycle: SettlementCycle
  /** The rail takes only multiples of it; minor units. */
  readonly roundTo: number
  /** What is withheld of each claim when it becomes available; null for nothing. */
  readonly reserve: ReserveTerms | null
}

/** The platform's settlement plan; a supplier's contract overrides it for that supplier. */
export interface SettlementOptions {
  /** @default 7 */
  readonly holdDays?: number | undefined
  /** Minor units. @default 0 */
  readonly threshold?: number | undefined
  /** @default 'monthly' */
  readonly cycle?: SettlementCycle | undefined
  /** Minor units. @default 1 */
  readonly roundTo?: number | undefined
  /** A part of each claim, withheld when it becomes available and released some days later; refunds of the claim take it first. @default nothing */
  readonly reserve?: ReserveTerms | null | undefined
  /** What the platform keeps of what a party withdraws, in percent; rounded once. @default 0 */
  readonly withdrawalFeePercent?: number | undefined
  /** By which rules tax is withheld from payouts; of those that hold for one, the one that began last. @default none */
  readonly withholding?: readonly Withholding[] | undefined
  /**
   * Whose approval statements wait for, fixed when each is drawn. What has it is locked within a minute, and paid. `none`: a cycle draws, approves and locks in one.
   * @default 'none'
   */
  readonly approval?: 'none' | ApprovalNeeded | undefined
  /** Days from the drawing, or from the end of a dispute, after which a party's silence counts as its approval. @default null: never */
  readonly approvalDays?: number | null | undefined
  /** Calendar of the cycles, IANA. @default 'UTC' */
  readonly timezone?: string | undefined
  /** Who bears a payment provider's fee for a chargeback, unless a supplier's contract says. @default 'supplier' */
  readonly chargebackFeeFrom?: 'supplier' | 'platform' | undefined
  /** ISO 4217: in which parties are paid, whatever the sales are in, unless a supplier's contract says; thresholds and `roundTo` are in it then. Needs `exchangeRate`. @default each sale's */
  readonly payoutCurrency?: string | null | undefined
  /** The rates at which claims are converted, each frozen with its sale. @default none: everybody is paid in the currency of the sale */
  readonly exchangeRate?: ExchangeRates | null | undefined
  /** Id of the payout provider. @default 'manual' */
  readonly payoutProvider?: string | undefined
}

/** The plan with its defaults. */
export type SettlementPlan = Required<{ [K in keyof SettlementOptions]: Exclude<SettlementOptions[K], undefined> }>

export const settlementOptions: z.ZodType<SettlementPlan> = z
  .strictObject({
    holdDays: z.int().min(0).max(3650).default(7),
    threshold: z.int().nonnegative().default(0),
    cycle: settlementCycle.default('monthly'),
    roundTo: z.int().positive().default(1),
    reserve: reserveTerms.nullable().default(null),
    withdrawalFeePercent: percent.default(0),
    withholding: z
      .array(
        z.custom<Withholding>(isWithholding, {
          error: 'is no withholding rule: it has an id of up to 80 characters and taxOf(), and validFrom before validTo',
        }),
      )
      .default([]),
    approval: z.enum(['none', 'operator', 'party', 'both']).default('none'),
    approvalDays: z.int().min(1).max(365).nullable().default(null),
    timezone: z
      .string()
      .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', { error: 'is not an IANA time zone' })
      .default('UTC'),
    chargebackFeeFrom: z.enum(['supplier', 'platform']).default('supplier'),
    payoutCurrency: currency.nullable().default(null),
    exchangeRate: z
      .custom<ExchangeRates>((rates) => typeof rates === 'function', { error: 'must be a function' })
      .nullable()
      .default(null),
    payoutProvider: z.string().min(1).max(40).default('manual'),
  })
  .refine(({ payoutCurrency, exchangeRate }) => payoutCurrency === null || exchangeRate !== null, {
    error: 'payoutCurrency needs exchangeRate, which knows the rates',
  })

function isWithholding(value: unknown): boolean {
  const rule: { readonly [Member in keyof Withholding]?: unknown } = Object(value)
  const { id, validFrom, validTo, taxOf } = rule
  const inOrder = typeof validFrom !== 'string' || typeof validTo !== 'string' || validFrom < validTo
  const dated = [validFrom, validTo].every((at) => at === undefined || z.iso.datetime().safeParse(at).success)
  return typeof id === 'string' && id.length > 0 && id.length <= 80 && typeof taxOf === 'function' && dated && inOrder
}

/** The policies of parties; one statement at most. */
export type Policies = (reader: Reader, parties: readonly string[], at: Timestamp) => Promise<(party: string) => SettlementPolicy>

export function createPolicies(standard: SettlementPolicy, suppliers: Pick<Suppliers, 'contracts'>): Policies {
  return async (reader, parties, at) => {
    const ids = parties.filter((party) => party.startsWith('supplier:')).map((party) => party.slice('supplier:'.length))
    const contracts = ids.length === 0 ? new Map() : await suppliers.contracts(reader, [...new Set(ids)], at)
    return (party) => {
      const terms = contracts.get(party.slice('supplier:'.length))?.settlement
      if (terms === undefined) return standard
      const { holdDays, threshold, cycle, reserve } = terms
      return { ...standard, holdDays, threshold, cycle, reserve: reserve ?? standard.reserve }
    }
  }
}
