/** R1: a half goes away from zero, or to the even neighbour where the platform chose so. */
export type Rounding = 'half-up' | 'half-even'

/** Divides exactly and rounds once (R1). The denominator is positive. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  // On the absolute value, so that a refund rounds as its sale did.
  const absolute = numerator < 0n ? -numerator : numerator
  const quotient = absolute / denominator
  const twice = (absolute % denominator) * 2n
  const up = twice > denominator || (twice === denominator && (rounding === 'half-up' || quotient % 2n === 1n))
  const rounded = up ? quotient + 1n : quotient
  return numerator < 0n ? -rounded : rounded
}

/** The greatest integer not above the quotient; BigInt's own division goes towards zero. The denominator is positive. */
export function divideFloor(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient
}

/** The smallest integer not below the quotient. The denominator is positive. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  return -divideFloor(-numerator, denominator)
}
