import { allocate, sumAmounts } from '../money/index.js'
import { type Earnings, earningsOf } from './earnings.js'
import { exceedsShare } from './errors.js'
import { type Component, componentsOf, type Flow, type FlowKind, type Pot, type Share, sharesOf } from './flow.js'
import { type LineAmounts, type LineTerms, type WorkedLine, workOut } from './line.js'
import { type DistributorParty, distributorParty, type Endpoint, isDistributor, type PartyId, partyOrder } from './party.js'
import { plainWording, type Wording } from './wording.js'

/** How one line is shared out, and why; plain JSON. */
export interface LineSplit {
  readonly line: string
  /** Everyone who may have a share, in party order (MONEY 1). */
  readonly parties: readonly PartyId[]
  /** What the customer pays for the line: `goods` with tax in, `shipping` on its own. */
  readonly paid: { readonly goods: number; readonly shipping: number }
  /** What moves between whom, party by party in party order. */
  readonly flows: readonly Flow[]
  /** The same, as each party's side of it. */
  readonly components: readonly Component[]
  /** Each party's net; the shares add up to what the customer pays. */
  readonly shares: readonly Share[]
  readonly explanation: SplitExplanation
}

/** Which rule, which base, which arithmetic. */
export interface SplitExplanation {
  /** Id of the rule that matched; `null` where none did. */
  readonly rule: string | null
  /** The base of the tiers (R6), and of the commission unless that includes shipping. */
  readonly net: number
  /** What the commission was calculated on; it is also what the line adds to the supplier's volume. */
  readonly base: number
  /** One sentence for each share. */
  readonly words: readonly string[]
}

/**
 * Splits one line by its frozen terms. Every share but the supplier's comes from a rate or an amount; the supplier's is what is left (R2).
 * @throws discount.exceeds_share, commission.invalid_line, chain.too_deep, chain.unknown_level, money.unsafe_amount
 */
export function splitLine(terms: LineTerms, amounts: LineAmounts, wording: Wording = plainWording): LineSplit {
  const worked = workOut(amounts)
  const earnings = earningsOf(terms, worked, amounts, wording)
  const distributors = distributorsOf(earnings, amounts)
  for (const distributor of distributors) assertWithinShare(amounts.line, distributor, earnings, worked)

  const parties = partyOrder(distributors, amounts.supplier)
  const flows = flowsOf(terms, amounts, worked, earnings, distributors)
  return {
    line: amounts.line,
    parties,
    paid: { goods: worked.paid, shipping: worked.shipping },
    flows,
    components: componentsOf(flows, parties),
    shares: sharesOf(flows, parties),
    explanation: { rule: terms.rule?.id ?? null, net: worked.net, base: earnings.base, words: earnings.words },
  }
}

/** By tier; one who only funds a discount comes last, and is refused unless that is 0. */
function distributorsOf({ tiers }: Earnings, { discounts = [] }: LineAmounts): DistributorParty[] {
  const funders = discounts.map((discount) => discount.funder).filter(isDistributor)
  return [...new Set([...tiers.map((tier) => distributorParty(tier.distributor)), ...funders])]
}

function assertWithinShare(line: string, distributor: DistributorParty, { tiers }: Earnings, { discountOf }: WorkedLine): void {
  const discount = discountOf(distributor)
  const share = tierAmount(tiers, distributor)
  if (discount > share) throw exceedsShare({ line, distributor: distributor.slice('distributor:'.length), discount, share })
}

function tierAmount(tiers: Earnings['tiers'], distributor: DistributorParty): number {
  return sumAmounts(tiers.filter((tier) => distributorParty(tier.distributor) === distributor).map((tier) => tier.amount))
}

function flowsOf(
  terms: LineTerms,
  { line, supplier }: LineAmounts,
  { net, shipping, paid, discountOf, remitted }: WorkedLine,
  { commission, fixed, commissionTax, tiers }: Earnings,
  distributors: readonly DistributorParty[],
): Flow[] {
  const ofShipping = terms.rule?.terms.base === 'net+shipping' ? shipping : 0
  // A computed share is rounded once, so the pots share the rounded amount (R3), each by its part of the base.
  const [onGoods = 0, onShipping = 0] = ofShipping > 0 ? allocate(commission, [net, ofShipping]) : [commission, 0]
  const [taxOnGoods = 0, taxOnShipping = 0, taxOnFixed = 0] = allocate(commissionTax, [onGoods, onShipping, fixed])
  const fixedPot: Pot = terms.rule?.terms.fixedRefundable === true ? 'goods' : 'charge'
  const funder = terms.distribution?.fundedBy === 'platform' ? 'platform' : supplier
  const taxes: Readonly<Record<Pot, number>> =
    fixedPot === 'goods'
      ? { goods: taxOnGoods + taxOnFixed, shipping: taxOnShipping, charge: 0 }
      : { goods: taxOnGoods, shipping: taxOnShipping, charge: taxOnFixed }

  const flow = (from: Endpoint, to: Endpoint, kind: FlowKind, pot: Pot, amount: number): Flow => ({ line, from, to, kind, pot, amount })
  return [
    flow('customer', supplier, 'sale', 'goods', paid),
    flow('customer', supplier, 'shipping', 'shipping', shipping),
    flow(supplier, 'platform', 'commission', 'goods', onGoods),
    flow(supplier, 'platform', 'commission', 'shipping', onShipping),
    flow(supplier, 'platform', 'commission_fixed', fixedPot, fixed),
    flow('platform', supplier, 'promotion_funding', 'goods', discountOf('platform')),
    ...distributors.flatMap((distributor) => [
      flow(funder, distributor, 'tier', 'goods', tierAmount(tiers, distributor)),
      flow(distributor, supplier, 'promotion_funding', 'goods', discountOf(distributor)),
    ]),
    flow(supplier, 'tax', 'tax', 'goods', remitted),
    flow(supplier, 'tax', 'commission_tax', 'goods', taxes.goods),
    flow(supplier, 'tax', 'commission_tax', 'shipping', taxes.shipping),
    flow(supplier, 'tax', 'commission_tax', 'charge', taxes.charge),
  ].filter(({ amount }) => amount !== 0)
}
