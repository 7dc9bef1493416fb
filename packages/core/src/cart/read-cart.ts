import * as z from 'zod'
import type { Inventory } from '../inventory/index.js'
import { id, mapPage, type Page, type PageInput, pageShape, type Reader, readPage, type Timestamp } from '../kernel/index.js'
import { type CartRow, cartTable } from './cart.entity.js'
import type { Cart, CartStatus, UnavailableLine } from './cart.js'
import { attributionOf } from './cart-rows.js'
import { linesOf, readCart } from './cart-store.js'
import { type CartNotice, priceNotices, shippingNotices, stockNotices } from './notice.js'
import type { CartPricer, WholeCart } from './price-cart.js'
import type { UnavailableGoods } from './price-goods.js'
import type { CartIdInput } from './schemas.js'

/** Computes a cart from scratch, and tells what is not as the customer saw it. @throws cart.not_found */
export function getCart(pricer: CartPricer, inventory: Inventory): (reader: Reader, input: CartIdInput) => Promise<Cart> {
  return async (reader, { cartId }) => {
    const cart = await readCart(reader, cartId)
    const whole = await pricer.whole(reader, cart, await linesOf(reader, cartId))
    const { lines, unavailable, buyer } = whole.goods
    const offerIds = [...new Set(lines.map(({ row }) => row.offerId))]
    const available = offerIds.length === 0 ? new Map<string, number>() : await inventory.available(reader, offerIds, buyer.distributorId)
    const status = cart.status === 'open' && cart.expiresAt <= reader.now ? 'expired' : cart.status
    return {
      ...whole.priced,
      status,
      orderId: cart.orderId,
      unavailable: unavailable.map(unavailableLine),
      notices: status === 'open' ? noticesOf(cart, whole, available) : [],
      createdAt: cart.createdAt,
      expiresAt: cart.expiresAt,
    }
  }
}

function noticesOf(cart: CartRow, { priced, goods }: WholeCart, available: ReadonlyMap<string, number>): readonly CartNotice[] {
  return [
    ...goods.unavailable.map(({ row, reason }): CartNotice => ({ type: 'not_sellable', lineId: row.id, offerId: row.offerId, reason })),
    ...priceNotices(goods.lines),
    ...stockNotices(priced.lines, available),
    ...goods.refusedCodes,
    ...(cart.country === null ? [] : shippingNotices(priced.parcels, cart.shipping)),
  ]
}

function unavailableLine({ row, offer, reason }: UnavailableGoods): UnavailableLine {
  const { id: offerId, supplierId, names, variantTitle } = offer
  return { id: row.id, offerId, supplierId, names, variantTitle, attribution: attributionOf(row), quantity: row.quantity, reason }
}

export interface ListCartsInput extends PageInput {
  readonly customerId?: string | undefined
  readonly status?: CartStatus | undefined
}

export const listCartsSchema: z.ZodType<ListCartsInput> = z.strictObject({
  customerId: id.optional(),
  status: z.enum(['open', 'completed', 'merged', 'expired']).optional(),
  ...pageShape,
})

/** A cart without its content. */
export interface CartSummary {
  readonly id: string
  readonly status: CartStatus
  readonly currency: string
  readonly customerId: string | null
  readonly orderId: string | null
  readonly createdAt: Timestamp
  readonly expiresAt: Timestamp
}

/** In the order of creation. */
export async function listCarts(reader: Reader, { limit, after, ...where }: ListCartsInput): Promise<Page<CartSummary>> {
  return mapPage(await readPage(reader, cartTable, where, { limit, after }), toSummary)
}

function toSummary({ id: cartId, status, currency, customerId, orderId, createdAt, expiresAt }: CartRow): CartSummary {
  return { id: cartId, status, currency, customerId, orderId, createdAt, expiresAt }
}
