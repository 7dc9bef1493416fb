import { addMillis } from '../kernel/index.js'
import type { CalculatedTax, TaxQuery } from '../ports/index.js'

/** What the host's tax calculator said, and to which question. It cannot be asked inside a transaction, so its answer is kept with the cart for an hour. */
export interface TaxQuote extends TaxQuery {
  /** By tax class; those that it does not name are the tax table's. */
  readonly taxes: readonly (readonly [taxClass: string, tax: CalculatedTax])[]
}

const millisAQuoteHolds = 3_600_000

/** What was said of a cart's tax, by class. @returns null where it holds no more, or was said of another destination or of fewer classes */
export function quotedTaxes(quote: TaxQuote | null, wanted: TaxQuery): ReadonlyMap<string, CalculatedTax> | null {
  if (quote === null || !answers(quote, wanted)) return null
  // Objects of their own: tax that is computed once an order is computed for each of these.
  return new Map(quote.taxes.map(([taxClass, tax]) => [taxClass, { ...tax }]))
}

function answers(quote: TaxQuote, wanted: TaxQuery): boolean {
  return (
    quote.country === wanted.country &&
    quote.region === wanted.region &&
    wanted.classes.every((taxClass) => quote.classes.includes(taxClass)) &&
    wanted.at < addMillis(quote.at, millisAQuoteHolds)
  )
}
