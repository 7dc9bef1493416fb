import { allocate, assertAmount, formatPercentage, type Percentage, percentageFromMillionths, sumAmounts } from '../money/index.js'
import { exceedsPrice, invalidFunding } from './errors.js'
import type { FundedDiscount } from './line.js'
import { type DistributorParty, isDistributor, type PartyId, type SupplierParty } from './party.js'

/** Who pays for a discount; `supplier` is the supplier of each line that it falls on. */
export interface DiscountFunder {
  readonly funder: 'platform' | 'supplier' | DistributorParty
  /** The funders' percentages add up to 100. */
  readonly percent: Percentage
}

/** A discount on an order. */
export interface OrderDiscount {
  /** Minor units, taken off the order. */
  readonly amount: number
  readonly funders: readonly DiscountFunder[]
}

/** A line, as discounts and shipping see it. */
export interface DiscountedLine {
  readonly supplier: SupplierParty
  /** Unit price × quantity. */
  readonly price: number
  /** The line's chain by tier: the order of its distributors among the funders. */
  readonly distributors?: readonly DistributorParty[] | undefined
}

/**
 * Allocates an order's discounts to its lines (R3 by line price), then line by line to the funders (R3 by percentage, in party order).
 * Returns, for each line in order, what each funder pays of it.
 * @throws discount.exceeds_price, discount.invalid_funding
 */
export function allocateDiscounts(lines: readonly DiscountedLine[], discounts: readonly OrderDiscount[]): FundedDiscount[][] {
  const prices = lines.map((line) => line.price)
  const left = [...prices]
  const funded = lines.map((): FundedDiscount[] => [])
  for (const { amount, funders } of discounts) {
    const percent = sumAmounts(funders.map((funder) => funder.percent))
    if (percent !== 1_000_000) throw invalidFunding({ percent: formatPercentage(percentageFromMillionths(percent)) })
    for (const [index, part] of withinRoom(assertAmount(amount), prices, left).entries()) {
      const line = lines[index]
      if (!line || part === 0) continue
      left[index] = (left[index] ?? 0) - part
      funded[index]?.push(...fund(line, part, funders))
    }
  }
  return funded
}

/** R3 by price; what a line has no room for, after other discounts, goes to the lines that have. */
function withinRoom(amount: number, prices: readonly number[], left: readonly number[]): number[] {
  const room = sumAmounts(left)
  if (amount < 0 || amount > room) throw exceedsPrice({ discount: amount, price: room })
  const parts = allocate(amount, prices).map((part, index) => Math.min(part, left[index] ?? 0))
  const rest = amount - sumAmounts(parts)
  if (rest === 0) return parts
  const more = allocate(
    rest,
    parts.map((part, index) => (left[index] ?? 0) - part),
  )
  return parts.map((part, index) => part + (more[index] ?? 0))
}

function fund(line: DiscountedLine, amount: number, funders: readonly DiscountFunder[]): FundedDiscount[] {
  const inOrder = funders
    .map(({ funder, percent }): { funder: PartyId; percent: Percentage } => ({
      funder: funder === 'supplier' ? line.supplier : funder,
      percent,
    }))
    .sort((a, b) => place(line, a.funder) - place(line, b.funder))
  const parts = allocate(
    amount,
    inOrder.map((funder) => funder.percent),
  )
  return inOrder.flatMap(({ funder }, index) => {
    const part = parts[index] ?? 0
    return part === 0 ? [] : [{ funder, amount: part }]
  })
}

function place({ distributors = [] }: DiscountedLine, funder: PartyId): number {
  if (funder === 'platform') return 0
  if (!isDistributor(funder)) return Number.MAX_SAFE_INTEGER
  const tier = distributors.indexOf(funder)
  return tier < 0 ? distributors.length + 1 : tier + 1
}

/** A line of a parcel. */
export interface ParcelLine {
  readonly price: number
  /** In any unit, the same for all lines. */
  readonly weight?: number | undefined
}

/** Allocates the shipping of a supplier's parcel to its lines: R3, by price or by weight. */
export function allocateShipping(amount: number, lines: readonly ParcelLine[], by: 'price' | 'weight' = 'price'): number[] {
  return allocate(
    amount,
    lines.map((line) => (by === 'price' ? line.price : (line.weight ?? 0))),
  )
}
