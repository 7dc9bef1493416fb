import * as z from 'zod'
import type { Inventory } from '../inventory/index.js'
import {
  type Call,
  id,
  type Kernel,
  mapPage,
  type Page,
  type PageInput,
  pageShape,
  type Reader,
  readPage,
  type Timestamp,
} from '../kernel/index.js'
import type { askTax } from './ask-tax.js'
import { type CartRow, cartTable } from './cart.entity.js'
import type { Cart, CartStatus, UnavailableLine } from './cart.js'
import { attributionOf } from './cart-rows.js'
import { linesOf, readCart } from './cart-store.js'
import { taxUnknown } from './errors.js'
import { type CartNotice, priceNotices, shippingNotices, stockNotices } from './notice.js'
import type { CartPricer, WholeCart } from './price-cart.js'
import type { UnavailableGoods } from './price-goods.js'
import type { CartIdInput } from './schemas.js'
import type { TaxQuote } from './tax-quote.js'

export interface GetCartDeps {
  readonly kernel: Pick<Kernel, 'database'>
  readonly pricer: CartPricer
  readonly inventory: Inventory
}

/** What the calculator said of a cart that changes faster than it answers is of no use; a third change in a row is nobody's shopping. */
const timesAsked = 3

/**
 * Computes a cart from scratch, and tells what is not as the customer saw it. Where the tax calculator has to be asked, that happens between two readings.
 * @throws cart.not_found, cart.tax_unknown, tax.calculator_failed
 */
export function getCart(
  { kernel, ...deps }: GetCartDeps,
  ask: ReturnType<typeof askTax>,
): (input: CartIdInput, call: Call) => Promise<Cart> {
  const compute = computeCart(deps)
  return async ({ cartId }, call) => {
    let quote: TaxQuote | null = null
    for (let asked = 0; asked <= timesAsked; asked++) {
      const said: TaxQuote | null = quote
      const { cart, untaxed } = await kernel.database.read(call, (reader) => compute(reader, cartId, said))
      if (untaxed === null) return cart
      quote = await ask(cartId, untaxed, call)
    }
    throw taxUnknown({ cartId })
  }
}

type Computed = Pick<WholeCart, 'untaxed'> & { readonly cart: Cart }

/** @param quote what the calculator has said just now; else what the cart keeps of it counts */
function computeCart({
  pricer,
  inventory,
}: Omit<GetCartDeps, 'kernel'>): (reader: Reader, cartId: string, quote: TaxQuote | null) => Promise<Computed> {
  return async (reader, cartId, quote) => {
    const cart = await readCart(reader, cartId)
    const whole = await pricer.whole(reader, quote === null ? cart : { ...cart, taxQuote: quote }, await linesOf(reader, cartId))
    const { lines, unavailable, buyer } = whole.goods
    const offerIds = [...new Set(lines.map(({ row }) => row.offerId))]
    const available = offerIds.length === 0 ? new Map<string, number>() : await inventory.available(reader, offerIds, buyer.distributorId)
    const status = cart.status === 'open' && cart.expiresAt <= reader.now ? 'expired' : cart.status
    const shown: Cart = {
      ...whole.priced,
      status,
      orderId: cart.orderId,
      unavailable: unavailable.map(unavailableLine),
      notices: status === 'open' ? noticesOf(cart, whole, available) : [],
      createdAt: cart.createdAt,
      expiresAt: cart.expiresAt,
    }
    return { cart: shown, untaxed: whole.untaxed }
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
