import { invalidWeight, nothingToAllocateTo } from './errors.js'
import { assertAmount, toAmount } from './money.js'

/**
 * R3: allocates a total by largest remainder. The parts add up to the total, always; ties go to the first; equal parts where all weights
 * are zero. A negative total is the mirror of the positive one, so that what was allocated can be taken back by the same call.
 * @throws money.unsafe_amount, money.invalid_weight, money.no_shares
 * @example allocate(1000, [3333, 3333, 3334]) // [333, 333, 334]
 */
export function allocate(total: number, weights: readonly (number | bigint)[]): number[] {
  assertAmount(total, 'the total')
  if (weights.length === 0) {
    if (total === 0) return []
    throw nothingToAllocateTo({ total })
  }
  const given = weights.map(checkedWeight)
  const sumGiven = given.reduce((sum, weight) => sum + weight, 0n)
  const effective = sumGiven === 0n ? given.map(() => 1n) : given
  const sum = sumGiven === 0n ? BigInt(given.length) : sumGiven

  const magnitude = BigInt(Math.abs(total))
  const parts = effective.map((weight, index) => ({ index, floor: (magnitude * weight) / sum, remainder: (magnitude * weight) % sum }))
  const missing = Number(magnitude - parts.reduce((all, part) => all + part.floor, 0n))
  // Array sort is stable: equal remainders stay in their order, which is "ties go to the first".
  const byRemainder = [...parts].sort((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1))
  const lucky = new Set(byRemainder.slice(0, missing).map((part) => part.index))
  return parts.map(({ index, floor }) => {
    const amount = toAmount(lucky.has(index) ? floor + 1n : floor)
    return total < 0 ? 0 - amount : amount
  })
}

function checkedWeight(weight: number | bigint, index: number): bigint {
  const valid = typeof weight === 'bigint' ? weight >= 0n : Number.isSafeInteger(weight) && weight >= 0
  if (!valid) throw invalidWeight({ weight: String(weight), index })
  return BigInt(weight)
}
