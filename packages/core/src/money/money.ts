import { currencyExponent } from './commodity.js'
import { mixedCurrencies, unsafeAmount } from './errors.js'

/** An amount with its currency beside it. */
export interface Money {
  /** Minor units of the currency (its ISO 4217 exponent); a safe integer, negative for what is owed the other way. */
  readonly amount: number
  /** ISO 4217 code, or the code of a commodity that the ledger keeps (points, credit). */
  readonly currency: string
}

/**
 * Lets a safe integer through, and nothing else (MONEY 1). `what` names it in the error.
 * @throws money.unsafe_amount
 */
export function assertAmount(amount: number, what = 'the amount'): number {
  if (!Number.isSafeInteger(amount)) throw unsafeAmount({ what, amount: String(amount) })
  // -0 is a safe integer too, but prints and compares as another value than 0.
  return amount === 0 ? 0 : amount
}

/**
 * Brings the result of a BigInt calculation back to an amount.
 * @throws money.unsafe_amount
 */
export function toAmount(value: bigint, what = 'the result'): number {
  const amount = Number(value)
  if (!Number.isSafeInteger(amount)) throw unsafeAmount({ what, amount: value.toString() })
  return amount
}

/**
 * Adds amounts of one currency. Summed in BigInt: an intermediate sum may leave the safe range and come back.
 * @throws money.unsafe_amount
 */
export function sumAmounts(amounts: readonly number[], what = 'the sum'): number {
  return toAmount(
    amounts.reduce((sum, amount) => sum + BigInt(assertAmount(amount)), 0n),
    what,
  )
}

/**
 * Makes an amount of an ISO 4217 currency.
 * @throws money.unsafe_amount, money.unknown_currency
 */
export function money(amount: number, currency: string): Money {
  currencyExponent(currency)
  return { amount: assertAmount(amount), currency }
}

/** @throws money.unsafe_amount, money.mixed_currencies */
export function addMoney(first: Money, second: Money): Money {
  return sumMoney(first.currency, [first, second])
}

/**
 * The currency is given, so that an empty list has a sum too.
 * @throws money.unsafe_amount, money.mixed_currencies
 */
export function sumMoney(currency: string, items: readonly Money[]): Money {
  for (const item of items) if (item.currency !== currency) throw mixedCurrencies({ expected: currency, found: item.currency })
  return { amount: sumAmounts(items.map((item) => item.amount)), currency }
}

/** @throws money.unsafe_amount */
export function negateMoney(item: Money): Money {
  return { amount: 0 - assertAmount(item.amount), currency: item.currency }
}
