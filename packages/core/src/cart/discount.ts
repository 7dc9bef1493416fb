import { allocate, percentage, sumAmounts } from '../money/index.js'
import { invalidDiscount } from './errors.js'

/** A reduction of the order's price, as a promotion answers it to the hook `cart.adjusting`. */
export interface Discount {
  /** Id of the promotion that grants it. */
  readonly source: string
  /** The code that the customer entered for it; null where it needs none. */
  readonly code: string | null
  /** What the customer reads. */
  readonly label: string
  /** Minor units, over all its lines; allocated to them by R3 by line price. What is above the price that they still have is not granted. */
  readonly amount: number
  /** The lines it is for; all of the cart unless given. */
  readonly lineIds?: readonly string[] | undefined
  /** Who bears it, in percent that add up to 100: `platform`, `distributor:…`, `supplier` (of each line its own). */
  readonly funders: Readonly<Record<string, number>>
}

/** A line's part of a discount. */
export interface LineDiscount {
  readonly source: string
  readonly code: string | null
  readonly label: string
  /** Minor units; the funders' parts add up to it. */
  readonly amount: number
  /** In party order: platform, distributors, supplier. */
  readonly funders: readonly FundedPart[]
}

export interface FundedPart {
  /** `platform`, `distributor:…`, `supplier:…` */
  readonly party: string
  readonly amount: number
}

/** What a discount must know of a line. */
export interface DiscountableLine {
  readonly id: string
  readonly supplierId: string
  /** Unit price × quantity, minor units. */
  readonly price: number
}

/**
 * Allocates discounts, one after another, to lines (R3 by line price) and line by line to their funders (R3 by their percentages, in party order).
 * No line ever costs less than nothing: what it cannot bear goes to the others, and what nobody can bear is not granted.
 * @param distributorId tier 1 of the cart: the first of several distributors
 * @returns by line, in line order
 * @throws cart.discount_invalid
 */
export function discountLines(
  lines: readonly DiscountableLine[],
  discounts: readonly Discount[],
  distributorId: string | null,
): readonly (readonly LineDiscount[])[] {
  const byLine: LineDiscount[][] = lines.map(() => [])
  const left = lines.map((line) => line.price)
  for (const discount of discounts) {
    const chosen = discount.lineIds === undefined ? undefined : new Set(discount.lineIds)
    const limits = lines.map((line, index) => (chosen === undefined || chosen.has(line.id) ? (left[index] ?? 0) : 0))
    const amount = Math.min(checkedAmount(discount), sumAmounts(limits))
    const shares = sharesOf(discount, distributorId)
    const parts = allocateWithin(
      amount,
      lines.map((line, index) => (limits[index] ? line.price : 0)),
      limits,
    )
    for (const [index, line] of lines.entries()) {
      const part = parts[index] ?? 0
      if (part === 0) continue
      left[index] = (left[index] ?? 0) - part
      byLine[index]?.push({
        source: discount.source,
        code: discount.code,
        label: discount.label,
        amount: part,
        funders: fundedBy(shares, part, line.supplierId),
      })
    }
  }
  return byLine
}

/** What a supplier gives of its own price: it lowers the base of commission and tax, which other funders' parts do not (R6). */
export function supplierFunded(discounts: readonly LineDiscount[]): number {
  return sumAmounts(
    discounts.flatMap(({ funders }) => funders.filter(({ party }) => party.startsWith('supplier:')).map(({ amount }) => amount)),
  )
}

/** R3 with a most for each: what is above a limit is allocated anew among the others. The total is at most the limits' sum. */
export function allocateWithin(total: number, weights: readonly number[], limits: readonly number[]): readonly number[] {
  const parts = weights.map(() => 0)
  let left = total
  let open = weights.map((_, index) => index).filter((index) => (limits[index] ?? 0) > 0)
  while (left > 0) {
    const shares = new Map(
      allocate(
        left,
        open.map((index) => weights[index] ?? 0),
      ).map((share, at) => [open[at] ?? 0, share]),
    )
    const full = open.filter((index) => (shares.get(index) ?? 0) > (limits[index] ?? 0))
    for (const index of full.length === 0 ? open : full) {
      const part = Math.min(shares.get(index) ?? 0, limits[index] ?? 0)
      parts[index] = part
      left -= part
    }
    if (full.length === 0) break
    open = open.filter((index) => !full.includes(index))
  }
  return parts
}

interface Share {
  /** `supplier` stands for each line's own. */
  readonly party: string
  /** Percent, in 1/1,000,000 of the whole. */
  readonly weight: number
}

const whole = percentage(100)

/** The funders in party order, never in the order of the object's keys: ties of R3 go to the first. */
function sharesOf({ source, funders }: Discount, distributorId: string | null): readonly Share[] {
  const rank = (party: string): number => {
    if (party === 'platform') return 0
    if (party === 'supplier') return 3
    if (!party.startsWith('distributor:'))
      throw invalidDiscount({ source, reason: `"${party}" cannot fund it; platform, distributor:… and supplier can` })
    return party === `distributor:${distributorId}` ? 1 : 2
  }
  const shares = Object.entries(funders)
    .map(([party, percent]): Share & { readonly rank: number } => ({ party, weight: percentage(percent), rank: rank(party) }))
    .sort((a, b) => a.rank - b.rank || (a.party < b.party ? -1 : 1))
  if (sumAmounts(shares.map((share) => share.weight)) !== whole)
    throw invalidDiscount({ source, reason: 'its funders must bear 100 % together' })
  return shares
}

function fundedBy(shares: readonly Share[], amount: number, supplierId: string): readonly FundedPart[] {
  const parts = allocate(
    amount,
    shares.map((share) => share.weight),
  )
  return shares
    .map(({ party }, index) => ({ party: party === 'supplier' ? `supplier:${supplierId}` : party, amount: parts[index] ?? 0 }))
    .filter((part) => part.amount > 0)
}

function checkedAmount({ source, amount }: Discount): number {
  if (!Number.isSafeInteger(amount) || amount < 0)
    throw invalidDiscount({ source, reason: `its amount is ${amount}, not minor units of 0 or more` })
  return amount
}
