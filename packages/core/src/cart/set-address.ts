import * as z from 'zod'
import { type Address, addressSchema, type Contact, type Customers } from '../customer/index.js'
import { id, type Reader, type Tx } from '../kernel/index.js'
import { cartTable } from './cart.entity.js'
import { lockOpenCart, readCart } from './cart-store.js'
import type { CartIdInput } from './schemas.js'

export interface SetAddressInput {
  readonly cartId: string
  /** Where the goods go. The cart keeps a copy: later edits of an address book change nothing here. */
  readonly address: Address
}

export interface CartContact {
  readonly contactId: string
}

export const setAddressSchema: z.ZodType<SetAddressInput> = z.strictObject({ cartId: id, address: addressSchema })

/** @throws cart.not_found, cart.closed, cart.completed, customer.erased */
export function setAddress(customers: Customers): (tx: Tx, input: SetAddressInput) => Promise<CartContact> {
  return async (tx, { cartId, address }) => {
    const { customerId } = await lockOpenCart(tx, cartId)
    const contactId = await customers.snapshot(tx, { customerId, address })
    await tx.update(cartTable, { contactId, country: address.country, region: address.region ?? null }, { id: cartId })
    return { contactId }
  }
}

/** The address of a cart, null where none is set. Kept apart from `carts.get`, so that prices can be shown without personal data. @throws cart.not_found */
export function getAddress(customers: Customers): (reader: Reader, input: CartIdInput) => Promise<Contact | null> {
  return async (reader, { cartId }) => {
    const { contactId } = await readCart(reader, cartId)
    if (contactId === null) return null
    return (await customers.contacts(reader, [contactId])).get(contactId) ?? null
  }
}
