import { formatPercentage, type Percentage, sumAmounts } from '../money/index.js'
import { splitExceedsCap } from './errors.js'
import { netOf } from './flow.js'
import type { LineSplit } from './split.js'

/** What of an order does not stay with its suppliers. */
export interface OrderSplit {
  /** What the customer pays, shipping in. */
  readonly paid: number
  /** What platform, distributors and tax get of it; a party that pays in more than it gets counts as 0. */
  readonly split: number
}

export function orderSplit(lines: readonly LineSplit[]): OrderSplit {
  const parties = new Set(lines.flatMap((line) => line.parties.filter((party) => !party.startsWith('supplier:'))))
  const flows = lines.flatMap((line) => line.flows)
  return {
    paid: sumAmounts(lines.map((line) => line.paid.goods + line.paid.shipping)),
    split: sumAmounts([...parties].map((party) => Math.max(0, netOf(flows, party)))),
  }
}

/** Whether more would be split off than the payment rail allows; compared exactly, the cap itself is allowed. */
export function isAboveCap({ paid, split }: OrderSplit, cap: Percentage): boolean {
  return BigInt(split) * 1_000_000n > BigInt(paid) * BigInt(cap)
}

/**
 * Refuses an order that would split off more than the payment rail allows.
 * @throws rail.split_exceeds_cap
 */
export function assertWithinCap(lines: readonly LineSplit[], cap: Percentage): void {
  const order = orderSplit(lines)
  if (isAboveCap(order, cap)) throw splitExceedsCap({ ...order, cap: formatPercentage(cap) })
}
