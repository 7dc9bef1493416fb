import type { Call, Kernel } from '../kernel/index.js'
import type { TaxQuery } from '../ports/index.js'
import type { Taxes } from '../tax/index.js'
import { type CartRow, cartTable } from './cart.entity.js'
import { destinationOf } from './cart-rows.js'
import { linesOf } from './cart-store.js'
import { taxUnknown } from './errors.js'
import type { CartIdInput } from './schemas.js'
import { quotedTaxes, type TaxQuote } from './tax-quote.js'

export interface AskTaxDeps {
  readonly kernel: Kernel
  readonly taxes: Taxes
}

/** Asks the tax calculator between transactions, and keeps the answer with the cart while that is open. @throws cart.tax_unknown, tax.calculator_failed */
export function askTax({ kernel, taxes }: AskTaxDeps): (cartId: string, query: TaxQuery, call: Call) => Promise<TaxQuote> {
  return async (cartId, query, call) => {
    if (call.tx !== undefined) throw taxUnknown({ cartId })
    const quote = { ...query, taxes: [...(await taxes.calculated(query))] }
    await kernel.database.transaction(call, (tx) => tx.update(cartTable, { taxQuote: quote }, { id: cartId, status: 'open' }))
    return quote
  }
}

/**
 * Has the calculator asked for what a cart needs before a transaction claims it. Nothing where there is no calculator, where the host owns the transaction, or
 * where the cart holds a good answer already; what is wrong with the cart itself, claiming it says.
 * @throws tax.calculator_failed
 */
export function quoteTax(deps: AskTaxDeps): (input: CartIdInput, call: Call) => Promise<void> {
  const ask = askTax(deps)
  return async ({ cartId }, call) => {
    if (!deps.taxes.calculates || call.tx !== undefined) return
    const query = await deps.kernel.database.read(call, async (reader) => {
      const cart = await reader.findOne(cartTable, { id: cartId })
      if (cart?.status !== 'open') return undefined
      const { offers } = await linesOf(reader, cartId)
      return unansweredQuery(cart, [...new Set([...offers.values()].map((offer) => offer.taxClass))], reader.now)
    })
    if (query) await ask(cartId, query, call)
  }
}

function unansweredQuery(cart: CartRow, classes: readonly string[], at: string): TaxQuery | undefined {
  const destination = destinationOf(cart)
  if (destination === null || classes.length === 0) return undefined
  const query = { ...destination, classes, at }
  return quotedTaxes(cart.taxQuote, query) === null ? query : undefined
}
