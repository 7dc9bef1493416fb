import { currencyExponent } from './commodity.js'
import { invalidRate } from './errors.js'
import { assertAmount, toAmount } from './money.js'
import { divideRounded, type Rounding } from './rounding.js'

/** What one unit of a currency is in another, exactly: `1 USD = 7.1234 CNY` has the rate `7.1234`. */
export interface ExchangeRate {
  /** ISO 4217. */
  readonly from: string
  /** ISO 4217. */
  readonly to: string
  /** A decimal above 0, of units and not of minor units: at most 12 digits before the point and 18 behind it. */
  readonly rate: string
}

const decimal = /^(\d{1,12})(?:\.(\d{1,18}))?$/

/** @throws money.invalid_rate, money.unknown_currency */
export function assertRate({ from, to, rate }: ExchangeRate): ExchangeRate {
  currencyExponent(from)
  currencyExponent(to)
  const match = decimal.exec(rate)
  if (!match || BigInt(`${match[1]}${match[2] ?? ''}`) === 0n) throw invalidRate({ from, to, rate: String(rate) })
  return { from, to, rate }
}

/**
 * Converts an amount: exact in BigInt, between minor units of both currencies (100 fils of KWD are 0.1, 100 JPY are 100), rounded once (R1).
 * @throws money.invalid_rate, money.unknown_currency, money.unsafe_amount
 * @example convert(9000, { from: 'EUR', to: 'USD', rate: '1.0825' }) // 9743
 */
export function convert(amount: number, { from, to, rate }: ExchangeRate, rounding: Rounding = 'half-up'): number {
  const match = decimal.exec(assertRate({ from, to, rate }).rate)
  const decimals = match?.[2] ?? ''
  const digits = BigInt(`${match?.[1]}${decimals}`)
  const shift = currencyExponent(to) - currencyExponent(from) - decimals.length
  const product = BigInt(assertAmount(amount)) * digits
  const scaled = shift > 0 ? product * 10n ** BigInt(shift) : product
  return toAmount(divideRounded(scaled, shift < 0 ? 10n ** BigInt(-shift) : 1n, rounding))
}
