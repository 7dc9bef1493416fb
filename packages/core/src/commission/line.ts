import { assertAmount, type ExchangeRate, type Rounding, sumAmounts } from '../money/index.js'
import type { ChainMember, DistributionTerms } from './chain.js'
import { invalidLine } from './errors.js'
import type { PartyId, SupplierParty } from './party.js'
import type { CommissionTerms } from './rule.js'

/** The rates of a line's parties; whoever is not named is paid in the currency of the sale. */
export type Conversions = Readonly<Partial<Record<PartyId, ExchangeRate>>>

/** What is frozen on an order line when the order is placed (R5); plain JSON. */
export interface LineTerms {
  /** The rule that matched, with its terms; `null` where none did, and then there is no commission. */
  readonly rule: { readonly id: string; readonly terms: CommissionTerms } | null
  /** The distribution plan; `null` where nobody distributes. */
  readonly distribution: DistributionTerms | null
  /** The line's chain, tier 1 first. */
  readonly chain: readonly ChainMember[]
  /** The distributor who buys, if the customer is one. */
  readonly buyer?: string | undefined
  readonly rounding: Rounding
  /** Whether the line adds to its supplier's volume: a rule with bands could meet the supplier, even if another one met the line. */
  readonly counts?: boolean | undefined
  /** Who is paid in another currency than that of the sale, and at which rate. */
  readonly conversions?: Conversions | undefined
}

/** A discount of a line, by who pays for it. */
export interface FundedDiscount {
  readonly funder: PartyId
  readonly amount: number
}

/** The tax of a line. */
export interface LineTax {
  readonly amount: number
  /** Whether the price holds it already; else the customer pays it on top. */
  readonly included: boolean
  /** Who pays it to the state; the supplier's stays in its share. */
  readonly remits: 'supplier' | 'platform'
}

/** The amounts of one line, in minor units of one currency. */
export interface LineAmounts {
  /** Line id; every flow carries it. */
  readonly line: string
  readonly supplier: SupplierParty
  /** Unit price × quantity, before discounts; tax inside if it is included. */
  readonly price: number
  readonly quantity: number
  readonly discounts?: readonly FundedDiscount[] | undefined
  readonly tax?: LineTax | undefined
  /** This line's part of its parcel's shipping. */
  readonly shipping?: number | undefined
  /** The supplier's captured base in the period before this line; only bands look at it. */
  readonly volume?: number | undefined
}

/** A line's amounts, checked and worked out. */
export interface WorkedLine {
  /** R6: price less supplier-funded discount, without tax and shipping. */
  readonly net: number
  readonly shipping: number
  /** What the customer pays for the line, tax in, shipping not. */
  readonly paid: number
  readonly discountOf: (funder: PartyId) => number
  /** Tax that the platform remits. */
  readonly remitted: number
}

/** @throws commission.invalid_line, money.unsafe_amount */
export function workOut(amounts: LineAmounts): WorkedLine {
  const { line, supplier, price, quantity, discounts = [], tax, shipping = 0, volume = 0 } = amounts
  const refuse = (reason: string): never => {
    throw invalidLine({ line, reason })
  }
  const named: Record<string, number> = { price, quantity, shipping, volume, tax: tax?.amount ?? 0 }
  for (const [name, amount] of Object.entries(named))
    if (assertAmount(amount, `${name} of line ${line}`) < 0) refuse(`its ${name} is ${amount}`)
  for (const { funder, amount } of discounts) {
    if (assertAmount(amount, `discount of line ${line}`) < 0) refuse(`its discount funded by ${funder} is ${amount}`)
    if (funder === 'tax' || (funder.startsWith('supplier:') && funder !== supplier)) refuse(`${funder} cannot fund a discount of it`)
  }
  const discountOf = (funder: PartyId): number => sumAmounts(discounts.filter((d) => d.funder === funder).map((d) => d.amount))
  const discount = sumAmounts(discounts.map((d) => d.amount))
  if (discount > price) refuse(`its discounts of ${discount} are above its price of ${price}`)
  const net = price - discountOf(supplier) - (tax?.included ? tax.amount : 0)
  if (net < 0) refuse(`its tax of ${tax?.amount} is above what is taxed`)
  const paid = sumAmounts([price, -discount, tax && !tax.included ? tax.amount : 0])
  return { net, shipping, paid, discountOf, remitted: tax?.remits === 'platform' ? tax.amount : 0 }
}
