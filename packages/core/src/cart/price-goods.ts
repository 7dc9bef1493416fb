import type { Offer } from '../catalog/index.js'
import type { Customers } from '../customer/index.js'
import type { Kernel, Reader } from '../kernel/index.js'
import { assertAmount } from '../money/index.js'
import type { Pricing } from '../pricing/index.js'
import type { CartLineRow, CartRow } from './cart.entity.js'
import { attributionOf } from './cart-rows.js'
import type { OfferedLines } from './cart-store.js'
import { offerNotFound } from './errors.js'
import type { CartHooks } from './hooks.js'
import { quantityByOffer, type UnavailableReason } from './notice.js'

/** Who buys, as prices depend on it. */
export interface Buyer {
  readonly customerGroup: string | null
  /** Tier 1: who brought the customer. */
  readonly distributorId: string | null
}

/** A line with what is offered and what a unit costs now. */
export interface GoodsLine {
  readonly row: CartLineRow
  readonly offer: Offer
  /** Minor units. */
  readonly unitPrice: number
  readonly priceListId: string | null
  /** Unit price × quantity. */
  readonly price: number
}

export interface UnavailableGoods {
  readonly row: CartLineRow
  readonly offer: Offer
  readonly reason: UnavailableReason
}

export interface Goods {
  readonly buyer: Buyer
  readonly lines: readonly GoodsLine[]
  readonly unavailable: readonly UnavailableGoods[]
}

export interface GoodsDeps {
  readonly kernel: Kernel
  readonly pricing: Pricing
  readonly customers: Customers
}

/** Finds what a unit costs this buyer now. Quantity tiers look at all lines of an offer together. @throws cart.offer_not_found */
export function createPriceGoods({
  kernel,
  pricing,
  customers,
}: GoodsDeps): (reader: Reader, cart: CartRow, lines: OfferedLines) => Promise<Goods> {
  const buyerOf = async (reader: Reader, cart: CartRow): Promise<Buyer> => {
    const customer = cart.customerId === null ? undefined : (await customers.find(reader, [cart.customerId])).get(cart.customerId)
    const input = { cartId: cart.id, customerId: cart.customerId, attribution: attributionOf(cart), at: reader.now }
    const answers = await kernel.hooks<CartHooks>().run(reader, 'cart.attributing', input)
    const distributorId = answers.find((answer) => answer.distributorId !== null)?.distributorId ?? null
    return { customerGroup: customer?.group ?? null, distributorId }
  }

  return async (reader, cart, { rows, offers }) => {
    const buyer = await buyerOf(reader, cart)
    if (rows.length === 0) return { buyer, lines: [], unavailable: [] }
    const quantities = quantityByOffer(rows)
    const found = rows.map((row) => ({ row, offer: offerOf(offers, row.offerId) }))
    const unavailable = found.flatMap(({ row, offer }) => {
      const reason = unavailableReason(cart, offer)
      return reason === null ? [] : [{ row, offer, reason }]
    })
    const sold = found.filter(({ offer }) => unavailableReason(cart, offer) === null)
    const items = [...new Set(sold.map(({ offer }) => offer))].map(({ id: offerId, price, currency }) => ({
      offerId,
      basePrice: price,
      currency,
      quantity: quantities.get(offerId) ?? 0,
    }))
    const prices = await pricing.prices(reader, items, { channel: cart.channel, ...buyer, at: reader.now })
    const lines = sold.map(({ row, offer }) => {
      const { unitPrice, priceListId } = prices.get(offer.id) ?? { unitPrice: offer.price, priceListId: null }
      return { row, offer, unitPrice, priceListId, price: assertAmount(unitPrice * row.quantity, `the price of line ${row.id}`) }
    })
    return { buyer, lines, unavailable }
  }
}

function offerOf(offers: ReadonlyMap<string, Offer>, offerId: string): Offer {
  const offer = offers.get(offerId)
  if (!offer) throw offerNotFound({ offerId })
  return offer
}

function unavailableReason(cart: CartRow, offer: Offer): UnavailableReason | null {
  if (offer.notSellableReason !== null) return offer.notSellableReason
  return offer.currency === cart.currency ? null : 'currency_differs'
}
