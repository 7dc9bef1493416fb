import { invalidCommodity, unknownCurrency } from './errors.js'

/** What an account counts: a currency, or points and credit of the platform's own (MONEY 3). */
export interface Commodity {
  /** ISO 4217 code, or a code of the platform's own. Two commodities are the same if their codes are. */
  readonly code: string
  /** Decimals between the minor unit that is counted and the unit that is shown. */
  readonly exponent: number
}

/**
 * ISO 4217 currencies whose exponent is not 2. `Intl` knows which codes exist, but takes its decimals from CLDR, which follows what is
 * used in cash: it says 0 for HUF, IDR, COP and a dozen more, and 0 for IQD, whose minor unit is a thousandth.
 */
const exponents: Readonly<Record<string, number>> = Object.fromEntries([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((code) => [
    code,
    0,
  ]),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3]),
  ...['CLF', 'UYW'].map((code) => [code, 4]),
])

const currencies: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('currency'), ...Object.keys(exponents)])

export function isCurrency(code: string): boolean {
  return currencies.has(code)
}

/**
 * Decimals of an ISO 4217 currency: CNY 2, JPY 0, KWD 3.
 * @throws money.unknown_currency
 */
export function currencyExponent(code: string): number {
  if (!currencies.has(code)) throw unknownCurrency({ currency: code })
  return exponents[code] ?? 2
}

/**
 * A currency by its code, or a commodity of the platform's own with its exponent; a currency's exponent cannot be changed.
 * @throws money.unknown_currency, money.invalid_commodity
 */
export function commodity(code: string, exponent?: number): Commodity {
  if (exponent === undefined) return { code, exponent: currencyExponent(code) }
  const clashes = isCurrency(code) && currencyExponent(code) !== exponent
  if (clashes || !/^[A-Za-z0-9_-]{2,32}$/.test(code) || !Number.isInteger(exponent) || exponent < 0 || exponent > 8) {
    throw invalidCommodity({ code, exponent })
  }
  return { code, exponent }
}
