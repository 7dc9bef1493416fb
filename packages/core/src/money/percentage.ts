import { invalidPercentage } from './errors.js'
import { assertAmount, toAmount } from './money.js'
import { divideRounded, type Rounding } from './rounding.js'

declare const brand: unique symbol

/**
 * A percentage as an exact integer of 1/1,000,000 (MONEY 1): 10 % is 100,000 and 8.875 % is 88,750. Branded, so that nobody passes the
 * 10 of "10 %" where the integer is meant. It is a plain number in JSON.
 */
export type Percentage = number & { readonly [brand]: 'millionths' }

const millionth = 1_000_000n

/** Whether a stored number can be a percentage: a safe integer of at least 0. */
export function isPercentage(value: unknown): value is Percentage {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/**
 * Reads a percentage from a number or a decimal string, with at most four decimals, without a float in between.
 * @param options.max in percent; 100 unless the caller says otherwise (`Infinity` for no limit)
 * @throws money.invalid_percentage
 * @example percentage(8.875) // 88750
 */
export function percentage(value: number | string, options: { readonly max?: number | undefined } = {}): Percentage {
  // String() writes the shortest decimal that reads back as the same number, so 8.875 and 0.0001 arrive as they were written.
  const text = String(value).trim()
  const match = /^(\d+)(?:\.(\d*))?$/.exec(text)
  if (!match) throw invalidPercentage({ percentage: text, reason: 'it must be a decimal number of 0 or more' })
  const decimals = (match[2] ?? '').replace(/0+$/, '')
  if (decimals.length > 4) throw invalidPercentage({ percentage: text, reason: 'it has more than four decimals' })
  const millionths = Number(`${match[1]}${decimals.padEnd(4, '0')}`)
  const max = options.max ?? 100
  if (Number(text) > max) throw invalidPercentage({ percentage: text, reason: `it is above ${max}` })
  return percentageFromMillionths(millionths)
}

/**
 * Takes a percentage that was stored as its integer.
 * @throws money.invalid_percentage
 */
export function percentageFromMillionths(millionths: number): Percentage {
  if (!isPercentage(millionths))
    throw invalidPercentage({ percentage: `${millionths} millionths`, reason: 'it is not a safe integer of 0 or more' })
  return millionths
}

/** Writes a percentage for people: `8.875 %`. */
export function formatPercentage(value: Percentage): string {
  const digits = String(value).padStart(5, '0')
  const decimals = digits.slice(-4).replace(/0+$/, '')
  return `${digits.slice(0, -4)}${decimals ? `.${decimals}` : ''} %`
}

/**
 * A share by a rate: exact in BigInt, rounded once (R1).
 * @throws money.unsafe_amount
 */
export function percentOf(amount: number, rate: Percentage, rounding: Rounding = 'half-up'): number {
  return toAmount(divideRounded(BigInt(assertAmount(amount)) * BigInt(rate), millionth, rounding))
}
