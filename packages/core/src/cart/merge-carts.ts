import * as z from 'zod'
import type { Customers } from '../customer/index.js'
import { type Emit, emit, id, inList, sql, type Tx } from '../kernel/index.js'
import { type CartLineRow, type CartRow, cartLineTable, cartTable } from './cart.entity.js'
import { adoptContact, requireOwner } from './cart-customer.js'
import { requireOpen, updateLines } from './cart-store.js'
import { cartNotFound, currencyDiffers, sameCart } from './errors.js'
import type { CartEvents } from './events.js'
import { joinLines } from './line.js'

export interface MergeCartsInput {
  /** The guest's cart; it is closed afterwards. */
  readonly from: string
  /** The customer's cart; it has everything afterwards. */
  readonly into: string
}

export interface MergedCart {
  /** The cart to go on with. */
  readonly id: string
}

export const mergeCartsSchema: z.ZodType<MergeCartsInput> = z.strictObject({ from: id, into: id })

const emitCart: Emit<CartEvents> = emit

/**
 * Merges two carts at login and loses nothing: quantities of the same offer and attribution add up, every other line moves with its attribution and the price
 * that was seen; codes join; what the customer's cart lacks (address, attribution, shipping, metadata) comes from the guest's. Merging again changes nothing.
 * @throws cart.not_found, cart.closed, cart.completed, cart.customer_differs, cart.currency_differs, cart.merge_into_itself, cart.quantity_limit
 */
export function mergeCarts(customers: Customers): (tx: Tx, input: MergeCartsInput) => Promise<MergedCart> {
  return async (tx, { from: fromId, into: intoId }) => {
    if (fromId === intoId) throw sameCart({ cartId: fromId })
    const { from, into } = await lockBoth(tx, fromId, intoId)
    if (from.mergedInto === intoId) return { id: intoId }
    requireMergeable(tx, from, into)
    await mergeLines(tx, from.id, into.id)
    const { contactId, ...filled } = filledFrom(from, into)
    await tx.update(cartTable, { ...filled, contactId }, { id: into.id })
    await tx.update(cartTable, { status: 'merged', mergedInto: into.id }, { id: from.id })
    if (into.customerId !== null) await adoptContact(tx, customers, contactId, into.customerId)
    emitCart(tx, 'cart.merged', from.id, { cartId: from.id, into: into.id })
    return { id: into.id }
  }
}

async function lockBoth(tx: Tx, fromId: string, intoId: string): Promise<{ readonly from: CartRow; readonly into: CartRow }> {
  const carts = await tx.lock(cartTable, { id: [fromId, intoId] })
  const cartOf = (cartId: string): CartRow => {
    const cart = carts.find((candidate) => candidate.id === cartId)
    if (!cart) throw cartNotFound({ cartId })
    return cart
  }
  return { from: cartOf(fromId), into: cartOf(intoId) }
}

function requireMergeable(tx: Tx, from: CartRow, into: CartRow): void {
  requireOpen(from, tx.now)
  requireOpen(into, tx.now)
  if (from.customerId !== null) requireOwner(from, into.customerId ?? '')
  if (from.currency !== into.currency) throw currencyDiffers({ from: from.id, into: into.id })
}

async function mergeLines(tx: Tx, fromId: string, intoId: string): Promise<void> {
  const lines = await tx.find(cartLineTable, { cartId: [fromId, intoId] }, { orderBy: ['id'] })
  const [brought, there] = [lines.filter((line) => line.cartId === fromId), lines.filter((line) => line.cartId === intoId)]
  const { raised, added } = joinLines<CartLineRow>(there, brought)
  const moved = added.map((line) => line.id)
  await updateLines(tx, raised)
  if (moved.length > 0) await tx.run(sql`UPDATE ${cartLineTable} SET cart_id = ${intoId} WHERE ${inList(sql`id`, moved)}`)
  await tx.remove(cartLineTable, { cartId: fromId })
}

/** The customer's cart, with the guest's where it has nothing of its own. */
function filledFrom(
  from: CartRow,
  into: CartRow,
): Pick<
  CartRow,
  'channel' | 'referral' | 'content' | 'contactId' | 'country' | 'region' | 'codes' | 'shipping' | 'metadata' | 'expiresAt'
> {
  const { contactId, country, region } = into.contactId === null ? from : into
  const { referral, content } = into.referral === null && into.content === null ? from : into
  return {
    channel: into.channel ?? from.channel,
    referral,
    content,
    contactId,
    country,
    region,
    codes: [...new Set([...into.codes, ...from.codes])],
    shipping: { ...from.shipping, ...into.shipping },
    metadata: { ...from.metadata, ...into.metadata },
    expiresAt: into.expiresAt > from.expiresAt ? into.expiresAt : from.expiresAt,
  }
}
