import * as z from 'zod'
import type { Customers } from '../customer/index.js'
import { id, type Reader, type Tx } from '../kernel/index.js'
import { type CartRow, cartTable } from './cart.entity.js'
import { lockOpenCart } from './cart-store.js'
import { customerDiffers, customerNotFound } from './errors.js'
import { type AttributionInput, attribution } from './schemas.js'

export interface SetCustomerInput {
  readonly cartId: string
  /** Whose cart it becomes: at login, where the customer has no cart of its own to merge it into. */
  readonly customerId: string
}

export interface SetAttributionInput {
  readonly cartId: string
  /** Replaces the cart's; lines keep the one that they were added with. */
  readonly attribution: AttributionInput
}

export const setCustomerSchema: z.ZodType<SetCustomerInput> = z.strictObject({ cartId: id, customerId: id })
export const setAttributionSchema: z.ZodType<SetAttributionInput> = z.strictObject({ cartId: id, attribution })

/** @throws cart.customer_not_found */
export async function requireCustomer(reader: Reader, customers: Customers, customerId: string): Promise<void> {
  const customer = (await customers.find(reader, [customerId])).get(customerId)
  if (!customer || customer.erasedAt !== null) throw customerNotFound({ customerId })
}

/** @throws cart.customer_differs */
export function requireOwner(cart: CartRow, customerId: string): void {
  if (cart.customerId !== null && cart.customerId !== customerId) throw customerDiffers({ cartId: cart.id, customerId: cart.customerId })
}

/** @throws cart.not_found, cart.closed, cart.completed, cart.customer_not_found, cart.customer_differs */
export function setCustomer(customers: Customers): (tx: Tx, input: SetCustomerInput) => Promise<void> {
  return async (tx, { cartId, customerId }) => {
    const cart = await lockOpenCart(tx, cartId)
    requireOwner(cart, customerId)
    await requireCustomer(tx, customers, customerId)
    await tx.update(cartTable, { customerId }, { id: cartId })
    await adoptContact(tx, customers, cart.contactId, customerId)
  }
}

/** The address that a guest left is the customer's from now on, so that its erasure finds it. */
export async function adoptContact(tx: Tx, customers: Customers, contactId: string | null, customerId: string): Promise<void> {
  if (contactId !== null) await customers.adopt(tx, { contactIds: [contactId], customerId })
}

/** @throws cart.not_found, cart.closed, cart.completed */
export async function setAttribution(tx: Tx, { cartId, attribution: { referral, content } }: SetAttributionInput): Promise<void> {
  await lockOpenCart(tx, cartId)
  await tx.update(cartTable, { referral: referral ?? null, content: content ?? null }, { id: cartId })
}
