/** The plan: what the host passes to `distribution(…)`, and what it becomes. */
import { type DistributionTerms, type Percentage, percentage } from '@entrepot/core'
import * as z from 'zod'

/** What both kinds of plan may say. */
export interface PlanOptions {
  /** Who pays the shares: the supplier out of its residual, or the platform out of its commission. @default 'supplier' */
  readonly fundedBy?: 'supplier' | 'platform' | undefined
  /** A percentage of the commission that is shared out; the tiers or levels are then weights within it. */
  readonly pool?: number | undefined
  /**
   * What a distributor earns from what it buys itself. `allow`: what its place in the chain gives. `forfeit`: its own tier is unpaid, the others keep
   * theirs. `rebate`: it is tier 1 of its own order. @default 'allow'
   */
  readonly ownPurchase?: 'allow' | 'forfeit' | 'rebate' | undefined
  /** Whether the chain moves up over a distributor who may not earn; else its tier stays with the funder. @default false */
  readonly compress?: boolean | undefined
  /** For so many days from a click that binds, other clicks change nothing. @default 30 */
  readonly protectionDays?: number | undefined
  /** How many of a chain may earn: 1 to 3 (China's 禁止传销条例, article 7). @default 2 */
  readonly maxDepth?: number | undefined
}

/** A percentage of the base for each tier; the distributor who brought the customer is tier 1. */
export interface TierPlan extends PlanOptions {
  /** Tier 1 first; no more than `maxDepth`. */
  readonly tiers: readonly { readonly percent: number }[]
  readonly levels?: undefined
}

/** 级差: each distributor earns its level's percentage less the highest below it in the chain. */
export interface LevelPlan extends PlanOptions {
  /** Percentages by the name of the level: `{ bronze: 5, silver: 8, gold: 12 }`. */
  readonly levels: Readonly<Record<string, number>>
  readonly tiers?: undefined
}

/** All percentages have at most four decimals. */
export type DistributionOptions = TierPlan | LevelPlan

/** The plan as the plugin works with it. */
export interface Policy {
  /** What is frozen on every line. */
  readonly terms: DistributionTerms
  readonly maxDepth: number
  readonly protectionDays: number
}

const mostDepth = 3

const percent: z.ZodType<Percentage> = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 10_000) / 10_000 === value, 'must have at most four decimals')
  .transform((value) => percentage(value))

const level = z.string().trim().min(1).max(60)

export const distributionOptions: z.ZodType<Policy> = z
  .strictObject({
    tiers: z.array(z.strictObject({ percent })).min(1).optional(),
    levels: z.record(level, percent).optional(),
    fundedBy: z.enum(['supplier', 'platform']).default('supplier'),
    pool: percent.optional(),
    ownPurchase: z.enum(['allow', 'forfeit', 'rebate']).default('allow'),
    compress: z.boolean().default(false),
    protectionDays: z.int().min(0).max(36_500).default(30),
    maxDepth: z.int().min(1).max(mostDepth).default(2),
  })
  .refine(({ tiers, levels }) => (tiers === undefined) !== (levels === undefined), 'give either tiers or levels')
  .refine(({ tiers = [], maxDepth }) => tiers.length <= maxDepth, {
    path: ['tiers'],
    error: `there are more tiers than maxDepth allows, which is 2 unless set, and ${mostDepth} at the most`,
  })
  .refine(({ tiers = [], pool }) => pool !== undefined || sum(tiers) <= percentage(100), {
    path: ['tiers'],
    error: 'the tiers are above 100 % together',
  })
  .transform(({ tiers, levels = {}, maxDepth, protectionDays, ...terms }) => ({
    terms: { ...terms, rates: tiers ? { by: 'tier', percents: tiers.map((tier) => tier.percent) } : { by: 'level', percents: levels } },
    maxDepth,
    protectionDays,
  }))

function sum(tiers: readonly { readonly percent: number }[]): number {
  return tiers.reduce((total, tier) => total + tier.percent, 0)
}
