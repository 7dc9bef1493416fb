import * as z from 'zod'
import type { Inventory } from '../inventory/index.js'
import { columns, join, type Reader, sql, type Timestamp } from '../kernel/index.js'
import { type CartRow, cartTable } from './cart.entity.js'
import type { Cart, CartStatus, UnavailableLine } from './cart.js'
import { attributionOf } from './cart-rows.js'
import { linesOf, readCart } from './cart-store.js'
import { type CartNotice, priceNotices, shippingNotices, stockNotices } from './notice.js'
import type { CartPricer, WholeCart } from './price-cart.js'
import type { UnavailableGoods } from './price-goods.js'
import { type CartIdInput, id } from './schemas.js'

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
  const { offerId, supplierId, names, variantTitle } = offer
  return { lineId: row.id, offerId, supplierId, names, variantTitle, attribution: attributionOf(row), quantity: row.quantity, reason }
}

export interface ListCartsInput {
  readonly customerId?: string | undefined
  readonly status?: CartStatus | undefined
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export const listCartsSchema: z.ZodType<ListCartsInput> = z.strictObject({
  customerId: id.optional(),
  status: z.enum(['open', 'completed', 'merged', 'expired']).optional(),
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
})

/** A cart without its content. */
export interface CartSummary {
  readonly cartId: string
  readonly status: CartStatus
  readonly currency: string
  readonly customerId: string | null
  readonly orderId: string | null
  readonly createdAt: Timestamp
  readonly expiresAt: Timestamp
}

export interface CartPage {
  readonly items: readonly CartSummary[]
  /** Give it as `after` to read on; null at the end. */
  readonly next: string | null
}

/** In the order of creation. */
export async function listCarts(reader: Reader, { customerId, status, limit = 50, after = '' }: ListCartsInput): Promise<CartPage> {
  const conditions = [
    sql`id > ${after}`,
    ...(customerId === undefined ? [] : [sql`customer_id = ${customerId}`]),
    ...(status === undefined ? [] : [sql`status = ${status}`]),
  ]
  // One row more than asked for tells whether there is a next page.
  const rows = await reader.all(
    sql`SELECT ${columns(cartTable)} FROM ${cartTable} WHERE ${join(conditions, ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map(cartTable.read)
  return { items: items.map(toSummary), next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

function toSummary({ id: cartId, status, currency, customerId, orderId, createdAt, expiresAt }: CartRow): CartSummary {
  return { cartId, status, currency, customerId, orderId, createdAt, expiresAt }
}
