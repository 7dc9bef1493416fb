/** A scenario, as `scenario.schema.json` describes it and `schema.ts` reads it: a plan, what happens under it, and what must come of it. */

/** By party: `P` platform, `S…` suppliers, `D…` distributors, `X` tax to be remitted, `C` the customer's cash, `G` what rails took. Minor units. */
export type ScenarioAmounts = Readonly<Record<string, number>>

/** What of a party's money lies where; a bucket that is not named is free. Minor units. */
export interface ScenarioBuckets {
  readonly pending?: number | undefined
  readonly available?: number | undefined
  readonly reserve?: number | undefined
  readonly inPayout?: number | undefined
  readonly paid?: number | undefined
}

/** All of a party's buckets. */
export type FoundBuckets = { readonly [Bucket in keyof ScenarioBuckets]-?: number }

/** By party. */
export type ScenarioBalances = Readonly<Record<string, ScenarioBuckets>>

/** A whole scenario, its defaults filled in. */
export interface Scenario {
  readonly id: string
  readonly title?: string | undefined
  /** ISO 4217. */
  readonly currency: string
  /** IANA; calendar of cycles and band periods. */
  readonly timezone: string
  /** When it begins. */
  readonly start?: string | undefined
  readonly rounding: 'half-up' | 'half-even'
  readonly categories: readonly string[]
  /** Oldest first. */
  readonly commission: readonly ScenarioRule[]
  readonly distribution?: ScenarioDistribution | undefined
  readonly settlement: ScenarioSettlement
  readonly rail: { readonly maxSplitPercent?: number | undefined; readonly roundTo: number }
  readonly steps: readonly ScenarioStep[]
  /** How the orders' amounts fell on their lines, `order/line`; lines not named are free. */
  readonly allocations?: ScenarioAllocations | undefined
  /** At the end. */
  readonly balances?: ScenarioBalances | undefined
}

export interface ScenarioAllocations {
  readonly discount?: ScenarioAmounts | undefined
  readonly shipping?: ScenarioAmounts | undefined
  readonly tax?: ScenarioAmounts | undefined
}

export interface ScenarioMatch {
  readonly supplier?: string | undefined
  readonly category?: string | undefined
  readonly product?: string | undefined
  readonly distributor?: string | undefined
  readonly channel?: string | undefined
}

export interface ScenarioRule {
  readonly percent?: number | undefined
  readonly perUnit?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly fixed?: number | undefined
  readonly fixedRefundable?: boolean | undefined
  readonly taxPercent?: number | undefined
  readonly refundFee?: { readonly percent: number; readonly max?: number | undefined } | undefined
  readonly bands?:
    | {
        readonly mode: 'marginal' | 'slab' | 'retroactive'
        readonly period?: 'month' | undefined
        readonly steps: readonly { readonly from: number; readonly percent: number }[]
      }
    | undefined
  readonly priorVolume?: number | undefined
  readonly priorCommission?: number | undefined
  readonly match?: ScenarioMatch | undefined
  readonly base?: 'net' | 'net+shipping' | undefined
  readonly validFrom?: string | undefined
  readonly validTo?: string | undefined
  readonly disabled?: boolean | undefined
}

export interface ScenarioDistribution {
  readonly tiers?: readonly number[] | undefined
  readonly levels?: Readonly<Record<string, number>> | undefined
  readonly fundedBy: 'supplier' | 'platform'
  readonly poolPercentOfCommission?: number | undefined
  readonly ownPurchase: 'allow' | 'forfeit' | 'rebate'
  readonly compress: boolean
  readonly protectionDays: number
}

export interface ScenarioSettlement {
  readonly holdDays: number
  readonly reserve?: { readonly percent: number; readonly days: number } | undefined
  readonly threshold: number
  readonly cycle: 'manual' | 'daily' | 'weekly' | 'monthly'
  readonly payoutCurrency?: string | undefined
  readonly rate?: string | undefined
  readonly withholding?: 'cn-labour-single' | undefined
}

/** What every step may say beside what it does. */
export interface StepOutcome {
  /** When; the clock stands where it stood unless given. */
  readonly at?: string | undefined
  /** What it changes; a party not named: nothing. */
  readonly expect?: ScenarioAmounts | undefined
  /** It is refused with this code, or with any, and changes nothing. */
  readonly error?: string | true | undefined
  readonly balances?: ScenarioBalances | undefined
}

export interface SellLine {
  readonly id: string
  readonly supplier: string
  readonly product?: string | undefined
  readonly category?: string | undefined
  /** Of a unit. */
  readonly price: number
  readonly quantity: number
  /** Grams of a unit. */
  readonly weight?: number | undefined
  /** Tier 1 first. */
  readonly distributors?: readonly string[] | undefined
  /** Of the distributors, one for each. */
  readonly levels?: readonly string[] | undefined
}

export interface SellTax {
  readonly percent: number
  readonly included: boolean
  readonly remits: 'supplier' | 'platform'
  readonly per: 'line' | 'order'
}

export interface SellShipping {
  readonly supplier: string
  readonly amount: number
  readonly allocate: 'price' | 'weight'
}

export interface SellStep extends StepOutcome {
  readonly do: 'sell'
  readonly id: string
  readonly pay: 'capture' | 'authorize'
  readonly customer?: string | undefined
  readonly buyer?: string | undefined
  readonly channel?: string | undefined
  readonly tax?: SellTax | undefined
  readonly lines: readonly SellLine[]
  readonly discounts: readonly { readonly amount: number; readonly fundedBy: Readonly<Record<string, number>> }[]
  readonly shipping: readonly SellShipping[]
}

export interface RefundStep extends StepOutcome {
  readonly do: 'refund'
  readonly order: string
  readonly line?: string | undefined
  readonly amount?: number | undefined
  readonly quantity?: number | undefined
  readonly all?: true | undefined
  readonly shipping?: number | undefined
  readonly goodwill?: { readonly amount: number; readonly fundedBy: string } | undefined
}

export type ScenarioStep =
  | SellStep
  | RefundStep
  | (StepOutcome & { readonly do: 'click'; readonly customer: string; readonly distributor: string })
  | (StepOutcome & { readonly do: 'deliver'; readonly order: string; readonly line?: string | undefined })
  | (StepOutcome & {
      readonly do: 'exchange'
      readonly order: string
      readonly line: string
      /** Of a unit. */
      readonly price: number
      readonly terms: 'current' | 'inherit'
    })
  | (StepOutcome & { readonly do: 'capture'; readonly order: string; readonly amount?: number | undefined })
  | (StepOutcome & { readonly do: 'void'; readonly order: string })
  | (StepOutcome & { readonly do: 'advance'; readonly to: string })
  | (StepOutcome & { readonly do: 'settle'; readonly party: string })
  | (StepOutcome & { readonly do: 'payout'; readonly party: string; readonly result: 'paid' | 'returned' | 'failed' })
  | (StepOutcome & { readonly do: 'adjust'; readonly party: string; readonly amount: number; readonly reason: string })
  | (StepOutcome & { readonly do: 'writeOff'; readonly party: string })
  | (StepOutcome & {
      readonly do: 'chargeback'
      readonly order: string
      readonly amount: number
      readonly fee: number
      readonly feeFrom: 'supplier' | 'platform'
    })
  | (StepOutcome & { readonly do: 'chargebackWon'; readonly order: string })
  | (StepOutcome & { readonly do: 'withdraw'; readonly party: string; readonly amount: number; readonly feePercent: number })

export type StepOf<Do extends ScenarioStep['do']> = Extract<ScenarioStep, { readonly do: Do }>
