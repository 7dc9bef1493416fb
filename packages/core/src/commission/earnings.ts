import { allocate, formatPercentage, percentOf, sumAmounts } from '../money/index.js'
import { calculateCommission } from './calculate.js'
import { type TierShare, tierShares } from './chain.js'
import type { LineAmounts, LineTerms, WorkedLine } from './line.js'
import type { Wording } from './wording.js'

/** The shares of a line that come from rates and amounts; all that is left is the supplier's (R2). */
export interface Earnings {
  /** What the commission was calculated on. */
  readonly base: number
  /** The calculated commission, between minimum and maximum. */
  readonly commission: number
  /** The fixed part. */
  readonly fixed: number
  /** Tax on both. */
  readonly commissionTax: number
  readonly tiers: readonly TierShare[]
  /** The arithmetic in words, a sentence for each share and for each limit that was met. */
  readonly words: readonly string[]
}

/** @throws chain.too_deep, chain.unknown_level */
export function earningsOf(
  terms: LineTerms,
  worked: WorkedLine,
  { quantity, volume = 0 }: Pick<LineAmounts, 'quantity' | 'volume'>,
  wording: Wording,
): Earnings {
  const { rule, rounding } = terms
  const base = rule?.terms.base === 'net+shipping' ? worked.net + worked.shipping : worked.net
  const words: string[] = []
  const { amount } = wording
  const calculated = rule
    ? calculateCommission({ terms: rule.terms, base, quantity, volume, rounding, wording })
    : { amount: 0, words: 'no rule matches' }
  words.push(`commission: ${rule ? `${wording.rule(rule.id)}: ` : ''}${calculated.words}`)
  const fixed = rule?.terms.fixed ?? 0
  if (fixed > 0) words.push(`fixed part: ${amount(fixed)}${rule?.terms.fixedRefundable ? '' : ', not refundable'}`)
  const rate = rule?.terms.taxPercent
  const commissionTax = rate === undefined ? 0 : percentOf(calculated.amount + fixed, rate, rounding)
  if (rate !== undefined)
    words.push(`tax on commission: ${formatPercentage(rate)} of ${amount(calculated.amount + fixed)} = ${amount(commissionTax)}`)
  const tiers = tiersOf(terms, worked.net, refundable(terms, calculated.amount, fixed), wording)
  for (const tier of tiers)
    words.push(`tier ${tier.tier}, ${wording.distributor(tier.distributor)}: ${tier.words} = ${amount(tier.amount)}`)
  return limit(
    terms,
    {
      base,
      commission: calculated.amount,
      fixed,
      commissionTax,
      tiers: tiers.map(({ words: _, ...tier }) => tier),
      words,
    },
    wording,
  )
}

/** The part of the commission that a pool is a part of and that platform-funded tiers are paid from: charges of their own are not. */
function refundable(terms: LineTerms, commission: number, fixed: number): number {
  return terms.rule?.terms.fixedRefundable === true ? commission + fixed : commission
}

function tiersOf(
  { distribution, chain, buyer, rounding }: LineTerms,
  base: number,
  commission: number,
  { amount }: Wording,
): (TierShare & { words: string })[] {
  if (!distribution) return []
  const { pool } = distribution
  return tierShares({ terms: distribution, chain, buyer, base, commission, rounding }).map((tier) => ({
    ...tier,
    words:
      pool === undefined
        ? `${formatPercentage(tier.percent)} of ${amount(base)}`
        : `weight ${formatPercentage(tier.percent)} in the pool of ${formatPercentage(pool)} of the commission ${amount(commission)}`,
  }))
}

/**
 * R3: shares that exceed the whole become weights, and the whole is allocated among them. The whole of the supplier's payers is the base;
 * of tiers that the platform funds it is the commission, since only a discount may take the platform's share below zero.
 */
function limit(terms: LineTerms, earnings: Earnings, wording: Wording): Earnings {
  const supplierPays = terms.distribution?.fundedBy !== 'platform'
  const limited = limitToBase(earnings, supplierPays, wording)
  if (supplierPays) return limited
  const commission = refundable(terms, limited.commission, limited.fixed)
  const amounts = limited.tiers.map((tier) => tier.amount)
  if (sumAmounts(amounts) <= commission) return limited
  const parts = allocate(commission, amounts)
  return {
    ...limited,
    tiers: limited.tiers.map((tier, index) => ({ ...tier, amount: parts[index] ?? 0 })),
    words: [
      ...limited.words,
      `the tiers exceed the commission of ${wording.amount(commission)}, which is allocated among them: ${list(parts, wording)}`,
    ],
  }
}

function list(amounts: readonly number[], { amount }: Wording): string {
  return amounts.map(amount).join(', ')
}

function limitToBase(earnings: Earnings, supplierPaysTiers: boolean, wording: Wording): Earnings {
  const { base, commission, fixed, commissionTax, tiers } = earnings
  const paidTiers = supplierPaysTiers ? tiers : []
  // In party order: platform, distributors by tier, tax.
  const shares = [commission + fixed, ...paidTiers.map((tier) => tier.amount), commissionTax]
  if (sumAmounts(shares) <= base) return earnings
  const parts = allocate(base, shares)
  const [platform = 0, ...others] = parts
  const tax = others.pop() ?? 0
  const [limitedCommission = 0, limitedFixed = 0] = allocate(platform, [commission, fixed])
  return {
    base,
    commission: limitedCommission,
    fixed: limitedFixed,
    commissionTax: tax,
    tiers: supplierPaysTiers ? tiers.map((tier, index) => ({ ...tier, amount: others[index] ?? 0 })) : tiers,
    words: [
      ...earnings.words,
      `the shares ${list(shares, wording)} exceed the ${wording.amount(base)} of the line, which is allocated among them: ${list(parts, wording)}`,
    ],
  }
}
