import * as z from 'zod'
import { amount, groupBy, type Hooks, id, line, quantity, type Reader, type Timestamp, time } from '../kernel/index.js'
import { currency, type Percentage, percent, percentage, sumAmounts } from '../money/index.js'
import { type ChainMember, type DistributionTerms, maxTiers } from './chain.js'
import { planNotFound } from './errors.js'
import { namesOf, ruleNameFor } from './explain.js'
import type { CommissionPolicy } from './freeze-terms.js'
import type { CommissionHooks } from './hooks.js'
import type { LineAmounts, LineTax } from './line.js'
import { selectRule } from './match.js'
import { distributorParty, isDistributor, type PartyId, supplierParty } from './party.js'
import { planTable } from './plan.entity.js'
import { isAboveCap, orderSplit } from './rail.js'
import type { CommissionRule } from './rule.js'
import { type CommissionRuleInput, newRule, type RuleDeps, ruleInput } from './rules.js'
import { type RulesInForce, rulesFor } from './rules-in-force.js'
import { type LineSplit, splitLine } from './split.js'
import { bandsOf, type VolumeKey, Volumes } from './volume.js'
import { wordingFor } from './wording.js'

/** A plan to try: an announced one, or one that is written nowhere; the rules in force unless either is given. */
export interface SimulatedPlan {
  readonly planId?: string | undefined
  /** Oldest first; they alone hold, the whole time. */
  readonly rules?: readonly CommissionRuleInput[] | undefined
  /** What distributors of the basket's lines earn; nothing unless given. */
  readonly distribution?: SimulatedDistribution | undefined
}

/** In percent; either tiers or levels. */
export interface SimulatedDistribution {
  readonly tiers?: readonly number[] | undefined
  readonly levels?: Readonly<Record<string, number>> | undefined
  /** @default 'supplier' */
  readonly fundedBy?: 'supplier' | 'platform' | undefined
  readonly pool?: number | undefined
  readonly ownPurchase?: 'allow' | 'forfeit' | 'rebate' | undefined
  readonly compress?: boolean | undefined
}

/** A basket that nobody has filled. Amounts are minor units of its currency. */
export interface SimulatedBasket {
  readonly currency: string
  readonly channel?: string | undefined
  /** @default now, or the plan's beginning */
  readonly placedAt?: Timestamp | undefined
  readonly lines: readonly SimulatedLine[]
}

export interface SimulatedLine {
  readonly supplierId: string
  readonly productId?: string | undefined
  /** `shoes/running` */
  readonly categoryPath?: string | undefined
  readonly quantity: number
  readonly unitPrice: number
  /** Who pays how much of it: `platform`, `supplier`, `distributor:…`. */
  readonly discounts?: readonly { readonly funder: string; readonly amount: number }[] | undefined
  readonly tax?: LineTax | undefined
  readonly shipping?: number | undefined
  /** Tier 1 first. */
  readonly distributors?: readonly ChainMember[] | undefined
  /** The distributor who buys. */
  readonly buyer?: string | undefined
  /** The supplier's volume before this line, for bands. @default what it has this month by now */
  readonly volume?: number | undefined
}

export interface SimulateInput {
  readonly plan?: SimulatedPlan | undefined
  readonly basket: SimulatedBasket
}

export interface Simulation {
  readonly currency: string
  /** In the basket's order; words have names, and amounts of the currency. */
  readonly lines: readonly (LineSplit & { readonly ruleName: string | null })[]
  /** By party, over all lines. */
  readonly shares: readonly { readonly party: PartyId; readonly amount: number }[]
  readonly paid: number
  /** What does not stay with suppliers. */
  readonly split: number
  /** Whether the payment rail would take it; true where it sets no cap. */
  readonly withinCap: boolean
}

const distribution = z
  .strictObject({
    tiers: z.array(percent).min(1).max(maxTiers).optional(),
    levels: z.record(line(60), percent).optional(),
    fundedBy: z.enum(['supplier', 'platform']).optional(),
    pool: percent.optional(),
    ownPurchase: z.enum(['allow', 'forfeit', 'rebate']).optional(),
    compress: z.boolean().optional(),
  })
  .refine(({ tiers, levels }) => (tiers === undefined) !== (levels === undefined), 'give either tiers or levels')

const basketLine: z.ZodType<SimulatedLine> = z.strictObject({
  supplierId: id,
  productId: id.optional(),
  categoryPath: line(400).optional(),
  quantity,
  unitPrice: amount,
  discounts: z
    .array(z.strictObject({ funder: z.string().regex(/^(platform|supplier|distributor:.{1,64})$/), amount }))
    .max(50)
    .optional(),
  tax: z.strictObject({ amount, included: z.boolean(), remits: z.enum(['supplier', 'platform']) }).optional(),
  shipping: amount.optional(),
  distributors: z
    .array(z.strictObject({ distributor: id, level: line(60).optional(), mayEarn: z.boolean().optional() }))
    .max(10)
    .optional(),
  buyer: id.optional(),
  volume: amount.optional(),
})

export const simulateInput: z.ZodType<SimulateInput> = z.strictObject({
  plan: z
    .strictObject({ planId: id.optional(), rules: z.array(ruleInput).max(500).optional(), distribution: distribution.optional() })
    .refine(({ planId, rules }) => planId === undefined || rules === undefined, 'give planId or rules, not both')
    .optional(),
  basket: z.strictObject({
    currency,
    channel: line(60).optional(),
    placedAt: time.optional(),
    lines: z.array(basketLine).min(1).max(500),
  }),
})

export interface SimulateDeps extends RuleDeps {
  readonly hooks: Hooks<CommissionHooks>
  readonly policy: Pick<CommissionPolicy, 'rounding' | 'maxSplit'>
}

/**
 * What a basket would be shared out into, under the rules in force or under a plan; nothing is written.
 * @throws commission.plan_not_found, commission.invalid_rule, commission.invalid_line, discount.exceeds_share, chain.unknown_level
 */
export function simulate(deps: SimulateDeps): (reader: Reader, input: SimulateInput) => Promise<Simulation> {
  const { hooks, policy, monthOf } = deps
  return async (reader, { plan = {}, basket }) => {
    const supplierIds = [...new Set(basket.lines.map(({ supplierId }) => supplierId))]
    const begins = plan.planId === undefined ? reader.now : await beginningOf(reader, plan.planId)
    const at = basket.placedAt ?? (begins > reader.now ? begins : reader.now)
    const inForce = plan.rules === undefined ? await rulesFor(reader, supplierIds) : written(deps, plan.rules, at)
    const terms = plan.distribution && termsOf(plan.distribution)
    const chosen = basket.lines.map((each) => ({ each, rule: ruleFor(inForce, basket, each, at) }))
    const keyOf = (supplierId: string): VolumeKey => ({ supplierId, currency: basket.currency, period: monthOf(at) })
    const banded = chosen.filter(({ each, rule }) => bandsOf(rule?.terms) && each.volume === undefined)
    const volumes = await Volumes.read(
      reader,
      banded.map(({ each }) => keyOf(each.supplierId)),
    )
    const parties = chosen.flatMap(({ each, rule }) => partiesOf(each, rule))
    const names = await namesOf(hooks, reader, parties)
    const lines = chosen.map(({ each, rule }, index) => {
      const bands = bandsOf(rule?.terms)
      const volume = each.volume ?? (bands && volumes.at(keyOf(each.supplierId), bands))
      const ruleName = rule && ruleNameFor(rule.match, names, null)
      const split = splitLine(
        {
          rule: rule && { id: rule.id, terms: rule.terms },
          distribution: terms ?? null,
          chain: each.distributors ?? [],
          buyer: each.buyer,
          rounding: policy.rounding,
        },
        { ...amountsOf(each, `line ${index + 1}`), volume },
        wordingFor(basket.currency, names, ruleName ?? ''),
      )
      if (bands) volumes.raise(keyOf(each.supplierId), split.explanation.base)
      return { ...split, ruleName }
    })
    const { paid, split } = orderSplit(lines)
    return {
      currency: basket.currency,
      lines,
      shares: sharesOf(lines),
      paid,
      split,
      withinCap: policy.maxSplit === undefined || !isAboveCap({ paid, split }, policy.maxSplit),
    }
  }
}

async function beginningOf(reader: Reader, planId: string): Promise<Timestamp> {
  const plan = await reader.findOne(planTable, { id: planId })
  if (!plan) throw planNotFound({ plan: planId })
  return plan.effectiveAt
}

/** Rules that are written nowhere, checked as if they were. */
function written(deps: RuleDeps, rules: readonly CommissionRuleInput[], at: Timestamp): RulesInForce {
  return { rules: rules.map((rule) => newRule(deps, rule, { by: 'simulation', at }).rule), termsAt: (_supplierId, placedAt) => placedAt }
}

function ruleFor(
  { rules, termsAt }: RulesInForce,
  { channel }: SimulatedBasket,
  each: SimulatedLine,
  at: Timestamp,
): CommissionRule | null {
  return selectRule(rules, {
    supplier: each.supplierId,
    categories: each.categoryPath === undefined ? [] : [each.categoryPath],
    product: each.productId ?? '',
    distributor: each.distributors?.[0]?.distributor,
    channel,
    at: termsAt(each.supplierId, at),
  })
}

function termsOf({ tiers = [], levels, fundedBy = 'supplier', pool, ownPurchase, compress }: SimulatedDistribution): DistributionTerms {
  const percents: Readonly<Record<string, Percentage>> = Object.fromEntries(
    Object.entries(levels ?? {}).map(([level, value]) => [level, percentage(value)]),
  )
  return {
    rates: levels === undefined ? { by: 'tier', percents: tiers.map((value) => percentage(value)) } : { by: 'level', percents },
    fundedBy,
    pool: pool === undefined ? undefined : percentage(pool),
    ownPurchase,
    compress,
  }
}

function amountsOf({ supplierId, quantity: units, unitPrice, discounts = [], tax, shipping }: SimulatedLine, name: string): LineAmounts {
  const supplier = supplierParty(supplierId)
  const funderOf = (funder: string): PartyId => {
    if (funder === 'platform') return funder
    return funder === 'supplier' ? supplier : distributorParty(funder.slice('distributor:'.length))
  }
  return {
    line: name,
    supplier,
    price: sumAmounts([unitPrice * units]),
    quantity: units,
    discounts: discounts.map(({ funder, amount: part }) => ({ funder: funderOf(funder), amount: part })),
    tax,
    shipping,
  }
}

function partiesOf({ supplierId, distributors = [] }: SimulatedLine, rule: CommissionRule | null): readonly string[] {
  const { supplier, distributor } = rule?.match ?? {}
  return [
    supplierParty(supplierId),
    ...distributors.map((member) => `distributor:${member.distributor}`),
    ...(supplier === undefined ? [] : [supplierParty(supplier)]),
    ...(distributor === undefined ? [] : [`distributor:${distributor}`]),
  ]
}

function sharesOf(lines: readonly LineSplit[]): Simulation['shares'] {
  const byParty = groupBy(
    lines.flatMap(({ shares }) => shares),
    ({ party }) => party,
  )
  const rank = (party: PartyId): number => (party === 'platform' ? 0 : isDistributor(party) ? 1 : party === 'tax' ? 2 : 3)
  return [...byParty]
    .map(([party, its]) => ({ party, amount: sumAmounts(its.map(({ amount: part }) => part)) }))
    .sort((a, b) => rank(a.party) - rank(b.party))
}
