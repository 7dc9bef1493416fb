import { invalidMovement } from './errors.js'
import { assertAmount, toAmount } from './money.js'
import { divideUp } from './rounding.js'

/** A refund by units of a line. */
export interface QuantityRefundInput {
  /** What the customer paid for the line's n units, tax in, shipping not. */
  readonly net: number
  /** n: units bought. */
  readonly quantity: number
  /** k': units refunded once this refund is done. */
  readonly cumulativeUnits: number
  /** What was refunded by units before; refunds by amount do not count. */
  readonly refundedByUnits: number
}

/**
 * Refunding k of n units: up(net·k'/n) less what was refunded by units before. Rounded up, so the customer is never short and the last
 * unit closes the line.
 * @throws money.invalid_movement
 */
export function quantityRefund({ net, quantity, cumulativeUnits, refundedByUnits }: QuantityRefundInput): number {
  if (!Number.isSafeInteger(quantity) || quantity < 1)
    throw invalidMovement({ reason: `a line of ${quantity} units cannot be refunded by units` })
  if (!Number.isSafeInteger(cumulativeUnits) || cumulativeUnits < 0 || cumulativeUnits > quantity) {
    throw invalidMovement({ reason: `${cumulativeUnits} of ${quantity} units cannot be refunded` })
  }
  const due = divideUp(BigInt(assertAmount(net)) * BigInt(cumulativeUnits), BigInt(quantity))
  return toAmount(due - BigInt(assertAmount(refundedByUnits)))
}
