import type { Reader } from '../kernel/index.js'
import type { CalculatedTax, Parcel as SentParcel, TaxQuery } from '../ports/index.js'
import type { Shipping } from '../shipping/index.js'
import type { Taxes } from '../tax/index.js'
import { type AdjustedGoods, adjustGoods } from './adjust-goods.js'
import { assembleCart } from './assemble-cart.js'
import type { CartRow } from './cart.entity.js'
import type { LineTax, PricedCart } from './cart.js'
import { destinationOf } from './cart-rows.js'
import type { OfferedLines } from './cart-store.js'
import { supplierFunded } from './discount.js'
import { createPriceGoods, type Goods, type GoodsDeps } from './price-goods.js'
import { selectedOption } from './selected-shipping.js'
import { type AppliedRate, type TaxPolicy, taxLines } from './tax.js'
import { quotedTaxes } from './tax-quote.js'

export interface CartPricerDeps extends GoodsDeps {
  readonly shipping: Shipping
  readonly taxes: Taxes
  readonly taxPolicy: TaxPolicy
}

/** A cart with everything that it costs, and what it was made from. */
export interface WholeCart {
  readonly priced: PricedCart
  readonly goods: AdjustedGoods
  /** What the tax calculator has to be asked first, outside any transaction; the cart then has no tax yet. Null where its tax is known. */
  readonly untaxed: TaxQuery | null
}

/** By line, and what has to be asked to know it. */
interface CartTax {
  readonly taxes: readonly (LineTax | null)[]
  readonly untaxed: TaxQuery | null
}

type Price<Priced> = (reader: Reader, cart: CartRow, lines: OfferedLines) => Promise<Priced>

/** Three depths to which a cart is priced. Each adds to the one before, and statements of its own; their number does not depend on the lines. */
export interface CartPricer {
  /** Unit prices: enough to add a line. */
  readonly goods: Price<Goods>
  /** … less discounts: enough for codes and parcels. */
  readonly adjusted: Price<AdjustedGoods>
  /** … and tax, shipping and totals. */
  readonly whole: Price<WholeCart>
}

export function createCartPricer(deps: CartPricerDeps): CartPricer {
  const { kernel, shipping, taxes, taxPolicy } = deps
  const goods = createPriceGoods(deps)
  const adjusted: CartPricer['adjusted'] = async (reader, cart, lines) =>
    adjustGoods(kernel, reader, cart, await goods(reader, cart, lines))

  /** The calculator's answers go before the table's, class by class. */
  const ratesOf = async (
    reader: Reader,
    query: TaxQuery,
    said: ReadonlyMap<string, CalculatedTax>,
  ): Promise<ReadonlyMap<string, AppliedRate>> => {
    const classes = query.classes.filter((taxClass) => !said.has(taxClass))
    return classes.length === 0 ? said : new Map([...(await taxes.rates(reader, { ...query, classes })), ...said])
  }

  const taxOf = async (reader: Reader, cart: CartRow, { lines, discounts }: AdjustedGoods): Promise<CartTax> => {
    const destination = destinationOf(cart)
    const untaxed = lines.map(() => null)
    if (destination === null || lines.length === 0) return { taxes: untaxed, untaxed: null }
    const query = { ...destination, classes: [...new Set(lines.map(({ offer }) => offer.taxClass))], at: reader.now }
    const said = taxes.calculates ? quotedTaxes(cart.taxQuote, query) : new Map<string, CalculatedTax>()
    if (said === null) return { taxes: untaxed, untaxed: query }
    const rates = await ratesOf(reader, query, said)
    const bases = lines.map(({ offer, price }, index) => ({
      taxClass: offer.taxClass,
      base: price - supplierFunded(discounts[index] ?? []),
    }))
    return { taxes: taxLines(bases, rates, taxPolicy), untaxed: null }
  }

  const whole: CartPricer['whole'] = async (reader, cart, lines) => {
    const found = await adjusted(reader, cart, lines)
    const { taxes: taxed, untaxed } = await taxOf(reader, cart, found)
    const sent = sentParcels(cart, found)
    const options = sent.length === 0 ? undefined : await shipping.quote(reader, sent)
    const chosen = sent.map((parcel) => {
      const { supplierId } = parcel
      return [supplierId, selectedOption(parcel, cart.shipping[supplierId], options?.get(supplierId) ?? [], reader.now)] as const
    })
    return { priced: assembleCart(cart, found, taxed, new Map(chosen)), goods: found, untaxed }
  }

  return { goods, adjusted, whole }
}

/** The parcels as shipping is asked for them; none while nobody knows where to. */
export function sentParcels(cart: CartRow, { parcels }: AdjustedGoods): readonly SentParcel[] {
  const destination = destinationOf(cart)
  if (destination === null) return []
  return parcels.map(({ supplierId, weightGrams, value }) => ({ supplierId, ...destination, weightGrams, value, currency: cart.currency }))
}
