import { currencyExponent } from './commodity.js'
import { assertAmount } from './money.js'

/**
 * An amount as it is written for people of any language, exactly: digits, a point, the currency's code.
 * @throws money.unknown_currency, money.unsafe_amount
 * @example formatAmount(12_800, 'CNY') // 128.00 CNY
 */
export function formatAmount(amount: number, currency: string): string {
  const exponent = currencyExponent(currency)
  const digits = String(Math.abs(assertAmount(amount))).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`
  return `${amount < 0 ? '-' : ''}${whole}${fraction} ${currency}`
}
