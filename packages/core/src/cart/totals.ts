import { sumAmounts } from '../money/index.js'

/** What a cart costs, in minor units of its currency. */
export interface CartTotals {
  /** Unit price × quantity of all lines. */
  readonly goods: number
  /** What discounts take off it. */
  readonly discount: number
  readonly shipping: number
  /** All tax on the goods: what lies in their prices and what comes on top. */
  readonly tax: number
  /** The part of the tax that comes on top, and so makes the total higher. */
  readonly taxOnTop: number
  /** What the customer pays: goods − discount + tax on top + shipping. */
  readonly total: number
}

/** What the totals need of a line. */
export interface TotalledLine {
  readonly price: number
  readonly discounts: readonly { readonly amount: number }[]
  readonly tax: { readonly included: boolean; readonly amount: number } | null
  readonly shipping: number
}

/** What the customer pays for a line's goods: price less discounts, tax in, shipping not. */
export function paidFor({ price, discounts, tax }: Omit<TotalledLine, 'shipping'>): number {
  return sumAmounts([price, ...discounts.map((discount) => -discount.amount), onTop(tax)])
}

export function totalsOf(lines: readonly TotalledLine[]): CartTotals {
  const goods = sumAmounts(lines.map((line) => line.price))
  const discount = sumAmounts(lines.flatMap((line) => line.discounts.map(({ amount }) => amount)))
  const shipping = sumAmounts(lines.map((line) => line.shipping))
  const tax = sumAmounts(lines.map((line) => line.tax?.amount ?? 0))
  const taxOnTop = sumAmounts(lines.map((line) => onTop(line.tax)))
  return { goods, discount, shipping, tax, taxOnTop, total: sumAmounts([goods, -discount, taxOnTop, shipping]) }
}

function onTop(tax: TotalledLine['tax']): number {
  return tax === null || tax.included ? 0 : tax.amount
}
