import type { Hooks, Tx } from '../kernel/index.js'
import type { Percentage, Rounding } from '../money/index.js'
import type { OrderLine, OrderPlacing } from '../order/index.js'
import { type TermsRow, termsTable } from './commission.entity.js'
import type { CommissionHooks, LineBeneficiaries } from './hooks.js'
import type { LineAmounts, LineTerms } from './line.js'
import { selectRule } from './match.js'
import { isDistributor, type PartyId, supplierParty } from './party.js'
import { assertWithinCap } from './rail.js'
import type { CommissionRule } from './rule.js'
import { readRules } from './rules.js'
import { splitLine } from './split.js'

export interface CommissionPolicy {
  /** How a computed share is rounded (R1). */
  readonly rounding: Rounding
  /** The most that may be split off an order; undefined where the rail sets no cap. */
  readonly maxSplit: Percentage | undefined
}

/**
 * Freezes the terms of every line while the order is being placed (R5), and refuses the order if it could not be split by them.
 * @throws discount.exceeds_share, rail.split_exceeds_cap, chain.too_deep, chain.unknown_level
 */
export function freezeTerms(
  hooks: Hooks<CommissionHooks>,
  policy: CommissionPolicy,
): (orders: readonly OrderPlacing[], tx: Tx) => Promise<void> {
  return async (orders, tx) => {
    const rules = await readRules(tx)
    const named = new Map<string, LineBeneficiaries>()
    for (const answer of await hooks.run(tx, 'commission.naming', { orders })) {
      for (const beneficiaries of answer) if (!named.has(beneficiaries.lineId)) named.set(beneficiaries.lineId, beneficiaries)
    }
    const rows = orders.flatMap((placing) => {
      const frozen = placing.lines.map((line) => frozenLine(placing, line, rules, named.get(line.id), policy))
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

function frozenLine(
  { order }: OrderPlacing,
  line: OrderLine,
  rules: readonly CommissionRule[],
  beneficiaries: LineBeneficiaries | undefined,
  { rounding }: CommissionPolicy,
): TermsRow {
  const chain = beneficiaries?.chain ?? []
  const rule = selectRule(rules, {
    supplier: line.supplierId,
    categories: line.categoryPath === null ? [] : [line.categoryPath],
    product: line.productId ?? '',
    distributor: chain[0]?.distributor,
    channel: order.channel ?? undefined,
    at: order.placedAt,
  })
  const terms: LineTerms = {
    rule: rule && { id: rule.id, terms: rule.terms },
    distribution: beneficiaries?.distribution ?? null,
    chain,
    buyer: beneficiaries?.buyer,
    rounding,
  }
  const amounts = amountsOf(line)
  return { lineId: line.id, orderId: order.id, currency: order.currency, terms, amounts, split: splitLine(terms, amounts) }
}

/** What the split sees of an order line. */
function amountsOf(line: OrderLine): LineAmounts {
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
