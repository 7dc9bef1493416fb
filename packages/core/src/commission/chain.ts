import { allocate, type Percentage, percentageFromMillionths, percentOf, type Rounding } from '../money/index.js'
import { chainTooDeep, unknownLevel } from './errors.js'

/** The most tiers that may earn (MONEY 2; China's 禁止传销条例, article 7). */
export const maxTiers = 3

/** A distributor in a line's chain; the one who brought the customer is the first. */
export interface ChainMember {
  /** Distributor id. */
  readonly distributor: string
  /** Its level in the plan (级差). */
  readonly level?: string | undefined
  /** `false` where it may not earn: suspended, or not qualified. */
  readonly mayEarn?: boolean | undefined
}

/** A distribution plan, as it is frozen on the order line (R5). */
export interface DistributionTerms {
  /** `tier`: a percentage for each tier, tier 1 first. `level`: a percentage for each level, of which each ancestor earns the difference. */
  readonly rates:
    | { readonly by: 'tier'; readonly percents: readonly Percentage[] }
    | { readonly by: 'level'; readonly percents: Readonly<Record<string, Percentage>> }
  /** Who pays the tiers: the supplier out of its residual, or the platform out of its commission. */
  readonly fundedBy: 'supplier' | 'platform'
  /** A percentage of the commission; the rates are then weights within it (R3). */
  readonly pool?: Percentage | undefined
  /** What a distributor earns from what it buys itself; `allow` unless given. */
  readonly ownPurchase?: 'allow' | 'forfeit' | 'rebate' | undefined
  /** Whether the chain moves up over a member who may not earn; its tier stays with the funder unless given. */
  readonly compress?: boolean | undefined
}

/** What the chain of one line earns from. */
export interface ChainInput {
  readonly terms: DistributionTerms
  readonly chain: readonly ChainMember[]
  /** The distributor who buys, if the customer is one. */
  readonly buyer?: string | undefined
  /** R6, in minor units. */
  readonly base: number
  /** The commission that a pool is part of: what a refund gives back in full, before tax. */
  readonly commission: number
  readonly rounding: Rounding
}

/** One tier's share. */
export interface TierShare {
  readonly tier: number
  readonly distributor: string
  readonly percent: Percentage
  readonly amount: number
}

/**
 * Refuses a plan deeper than the law allows.
 * @throws chain.too_deep
 */
export function assertDistribution(terms: DistributionTerms): void {
  if (terms.rates.by === 'tier' && terms.rates.percents.length > maxTiers) {
    throw chainTooDeep({ tiers: terms.rates.percents.length, limit: maxTiers })
  }
}

/**
 * What each tier earns. Tiers that nobody holds, or whose holder may not earn, are missing: they stay with the funder.
 * @throws chain.too_deep, chain.unknown_level
 */
export function tierShares({ terms, chain, buyer, base, commission, rounding }: ChainInput): TierShare[] {
  assertDistribution(terms)
  const earns = (member: ChainMember): boolean =>
    member.mayEarn !== false && !(terms.ownPurchase === 'forfeit' && member.distributor === buyer)
  const ordered = terms.ownPurchase === 'rebate' && buyer !== undefined ? buyerFirst(chain, buyer) : chain
  const members = (terms.compress === true ? ordered.filter(earns) : ordered).slice(0, maxTiers)
  const rates = terms.rates.by === 'tier' ? terms.rates.percents : levelRates(members, terms.rates.percents)
  // The empty tiers take part in the pool, because what they leave is the funder's and not the other tiers'.
  const amounts =
    terms.pool === undefined
      ? rates.map((rate) => percentOf(base, rate, rounding))
      : rates.length === 0
        ? []
        : allocate(percentOf(commission, terms.pool, rounding), rates)
  return rates.flatMap((percent, index) => {
    const member = members[index]
    return member && earns(member) ? [{ tier: index + 1, distributor: member.distributor, percent, amount: amounts[index] ?? 0 }] : []
  })
}

/** `rebate`: a distributor who buys is tier 1 of its own order, and the others follow. */
function buyerFirst(chain: readonly ChainMember[], buyer: string): ChainMember[] {
  const self = chain.find((member) => member.distributor === buyer) ?? { distributor: buyer }
  return [self, ...chain.filter((member) => member.distributor !== buyer)]
}

/**
 * 级差: each ancestor's percentage less the highest below it, never under zero. Who may not earn but was not moved over counts as well, so
 * that the others keep theirs.
 */
function levelRates(members: readonly ChainMember[], percents: Readonly<Record<string, Percentage>>): Percentage[] {
  let highest = 0
  return members.map(({ distributor, level }) => {
    const own = level === undefined ? 0 : percents[level]
    if (own === undefined) throw unknownLevel({ distributor, level: level ?? '' })
    const rate = Math.max(0, own - highest)
    highest = Math.max(highest, own)
    return percentageFromMillionths(rate)
  })
}
