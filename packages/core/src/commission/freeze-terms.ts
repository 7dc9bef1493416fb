import type { Hooks, Timestamp, Tx } from '../kernel/index.js'
import type { Percentage, Rounding } from '../money/index.js'
import type { OrderLine, OrderPlacing } from '../order/index.js'
import { type TermsRow, termsTable } from './commission.entity.js'
import type { CommissionHooks, LineBeneficiaries } from './hooks.js'
import type { LineAmounts, LineTerms } from './line.js'
import { selectRule } from './match.js'
import { isDistributor, type PartyId, supplierParty } from './party.js'
import { conversions, type PayoutTerms } from './payout-terms.js'
import { assertWithinCap } from './rail.js'
import { type RulesInForce, rulesFor } from './rules-in-force.js'
import { splitLine } from './split.js'
import { bandsOf, type VolumeKey, Volumes } from './volume.js'

export interface CommissionPolicy {
  /** How a computed share is rounded (R1). */
  readonly rounding: Rounding
  /** The most that may be split off an order; undefined where the rail sets no cap. */
  readonly maxSplit: Percentage | undefined
  /** The calendar month of a moment in the platform's time zone. */
  readonly monthOf: (at: Timestamp) => string
  /** In which currencies parties are paid; undefined where all are paid in that of the sale. */
  readonly payouts: PayoutTerms | undefined
}

/**
 * Freezes the terms of every line while the order is being placed (R5), and refuses the order if it could not be split by them.
 * @throws discount.exceeds_share, rail.split_exceeds_cap, chain.too_deep, chain.unknown_level, exchange.rate_missing, money.invalid_rate
 */
export function freezeTerms(
  hooks: Hooks<CommissionHooks>,
  policy: CommissionPolicy,
): (orders: readonly OrderPlacing[], tx: Tx) => Promise<void> {
  return async (orders, tx) => {
    const inForce = await rulesFor(tx, [...new Set(orders.flatMap(({ lines }) => lines.map((line) => line.supplierId)))])
    const named = new Map<string, LineBeneficiaries>()
    for (const answer of await hooks.run(tx, 'commission.naming', { orders })) {
      for (const beneficiaries of answer) if (!named.has(beneficiaries.lineId)) named.set(beneficiaries.lineId, beneficiaries)
    }
    const terms = new Map(
      orders.flatMap((placing) =>
        placing.lines.map((line) => [line.id, lineTerms(placing, line, inForce, named.get(line.id), policy)] as const),
      ),
    )
    // What a line will be split by is the volume at its capture; until then it is explained, and held against caps, by that of now.
    const banded = orders.flatMap(({ order, lines }) =>
      lines.filter((line) => bandsOf(terms.get(line.id)?.rule?.terms)).map((line) => volumeKey(order, line, policy)),
    )
    const volumes = await Volumes.read(tx, banded)
    const convert = policy.payouts && (await conversions(tx, policy.payouts, orders))
    const rows = orders.flatMap((placing) => {
      const frozen = placing.lines.flatMap((line) => {
        const its = terms.get(line.id)
        if (!its) return []
        const row = frozenLine(placing, line, its, volumes, policy)
        return [convert ? { ...row, terms: { ...its, conversions: convert(placing, row.split.parties) } } : row]
      })
      if (policy.maxSplit !== undefined)
        assertWithinCap(
          frozen.map((row) => row.split),
          policy.maxSplit,
        )
      return frozen
    })
    await tx.insert(termsTable, rows)
  }
}

function lineTerms(
  { order }: OrderPlacing,
  line: OrderLine,
  { rules, termsAt }: RulesInForce,
  beneficiaries: LineBeneficiaries | undefined,
  { rounding }: CommissionPolicy,
): LineTerms {
  const chain = beneficiaries?.chain ?? []
  const rule = selectRule(rules, {
    supplier: line.supplierId,
    categories: line.categoryPath === null ? [] : [line.categoryPath],
    product: line.productId ?? '',
    distributor: chain[0]?.distributor,
    channel: order.channel ?? undefined,
    at: termsAt(line.supplierId, order.placedAt),
  })
  return {
    rule: rule && { id: rule.id, terms: rule.terms },
    distribution: beneficiaries?.distribution ?? null,
    chain,
    buyer: beneficiaries?.buyer,
    rounding,
    // Whatever else a rule with bands asks for, and whenever it holds: volume is the supplier's, and the rule may meet a later line of the month.
    counts:
      rules.some(({ match, terms }) => bandsOf(terms) && (match.supplier === undefined || match.supplier === line.supplierId)) || undefined,
  }
}

function frozenLine({ order }: OrderPlacing, line: OrderLine, terms: LineTerms, volumes: Volumes, policy: CommissionPolicy): TermsRow {
  const bands = bandsOf(terms.rule?.terms)
  const amounts = { ...amountsOf(line), volume: bands && volumes.at(volumeKey(order, line, policy), bands) }
  return { lineId: line.id, orderId: order.id, currency: order.currency, terms, amounts, split: splitLine(terms, amounts) }
}

function volumeKey({ currency, placedAt }: OrderPlacing['order'], { supplierId }: OrderLine, { monthOf }: CommissionPolicy): VolumeKey {
  return { supplierId, currency, period: monthOf(placedAt) }
}

/** What the split sees of an order line. */
export function amountsOf(line: OrderLine): LineAmounts {
  return {
    line: line.id,
    supplier: supplierParty(line.supplierId),
    price: line.price,
    quantity: line.quantity,
    discounts: line.discounts.flatMap((discount) =>
      discount.funders.map(({ party, amount }) => ({ funder: funderParty(party, line), amount })),
    ),
    tax: line.tax === null ? undefined : { amount: line.tax.amount, included: line.tax.included, remits: line.tax.remits },
    shipping: line.shipping,
  }
}

function funderParty(party: string, line: OrderLine): PartyId {
  const id = party as PartyId
  return party === 'platform' || isDistributor(id) ? id : supplierParty(line.supplierId)
}
