import { allocateByDeficit, sumAmounts } from '../money/index.js'
import { exceedsAuthorized, exceedsCaptured } from './errors.js'

/** A pot of a line: its goods, or its shipping. */
export interface PotState {
  readonly line: string
  readonly pot: 'goods' | 'shipping'
  /** All of it: what was placed where captures are allocated, what was captured where refunds are. */
  readonly whole: number
  /** What of it has been captured, or refunded, before. */
  readonly moved: number
}

/** A pot's part of an amount that was given for the whole order. */
export interface PotPart {
  readonly line: string
  readonly pot: 'goods' | 'shipping'
  readonly amount: number
}

/**
 * Allocates a partial capture of an order to its pots, listed in line order, goods before shipping, by R4 forwards.
 * @throws capture.exceeds_authorized
 */
export function allocateCapture(order: string, pots: readonly PotState[], amount: number): PotPart[] {
  const capturable = left(pots)
  if (amount > capturable) throw exceedsAuthorized({ of: order, capture: amount, capturable })
  return allocateOver(pots, amount)
}

/**
 * Allocates what an order gives back as a whole (a chargeback) to its pots, by R4.
 * @throws refund.exceeds_captured
 */
export function allocateRefund(order: string, pots: readonly PotState[], amount: number): PotPart[] {
  const refundable = left(pots)
  if (amount > refundable) throw exceedsCaptured({ of: order, refund: amount, refundable })
  return allocateOver(pots, amount)
}

function left(pots: readonly PotState[]): number {
  return sumAmounts(pots.map((pot) => pot.whole - pot.moved))
}

function allocateOver(pots: readonly PotState[], amount: number): PotPart[] {
  const shares = pots.map((pot) => pot.whole)
  const done = pots.map((pot) => pot.moved)
  const parts = allocateByDeficit({ shares, whole: sumAmounts(shares), cumulative: sumAmounts(done) + amount, done })
  return pots.map(({ line, pot }, index) => ({ line, pot, amount: parts[index] ?? 0 }))
}
