import * as z from 'zod'
import { id, type Reader, type Tx } from '../kernel/index.js'
import { type CustomerAddressRow, customerAddressTable, toCustomerAddress } from './address.entity.js'
import { type Address, addressParts, type CustomerAddress } from './address.js'
import { addressNotFound } from './errors.js'
import { address } from './inputs.js'
import { type CustomerDeps, lockLivingCustomer } from './lock-customer.js'
import type { CustomerIdInput } from './read-customers.js'

export interface AddAddressInput {
  readonly customerId: string
  readonly address: Address
}

export interface UpdateAddressInput {
  readonly customerId: string
  readonly addressId: string
  /** Replaces the whole address. Carts and orders that took the old one keep it. */
  readonly address: Address
}

export interface RemoveAddressInput {
  readonly customerId: string
  readonly addressId: string
}

export const addAddressSchema: z.ZodType<AddAddressInput> = z.strictObject({ customerId: id, address })
export const updateAddressSchema: z.ZodType<UpdateAddressInput> = z.strictObject({ customerId: id, addressId: id, address })
export const removeAddressSchema: z.ZodType<RemoveAddressInput> = z.strictObject({ customerId: id, addressId: id })

/** @throws customer.not_found, customer.erased */
export function addAddress({ kernel }: CustomerDeps): (tx: Tx, input: AddAddressInput) => Promise<CustomerAddress> {
  return async (tx, { customerId, address }) => {
    await lockLivingCustomer(tx, customerId)
    const row: CustomerAddressRow = { id: kernel.ids('adr'), customerId, ...addressParts(address), createdAt: tx.now, updatedAt: tx.now }
    await tx.insert(customerAddressTable, [row])
    return toCustomerAddress(row)
  }
}

/** @throws customer.not_found, customer.erased, customer.address_not_found */
export async function updateAddress(tx: Tx, { customerId, addressId, address }: UpdateAddressInput): Promise<CustomerAddress> {
  await lockLivingCustomer(tx, customerId)
  const row = await tx.findOne(customerAddressTable, { id: addressId, customerId })
  if (!row) throw addressNotFound({ customerId, addressId })
  const changed: CustomerAddressRow = { ...row, ...addressParts(address), updatedAt: tx.now }
  await tx.update(customerAddressTable, changed, { id: addressId })
  return toCustomerAddress(changed)
}

/** @throws customer.address_not_found */
export async function removeAddress(tx: Tx, { customerId, addressId }: RemoveAddressInput): Promise<void> {
  const removed = await tx.remove(customerAddressTable, { id: addressId, customerId })
  if (removed === 0) throw addressNotFound({ customerId, addressId })
}

/** A customer's address book, oldest first. */
export async function listAddresses(reader: Reader, { customerId }: CustomerIdInput): Promise<readonly CustomerAddress[]> {
  const rows = await reader.find(customerAddressTable, { customerId }, { orderBy: ['id'] })
  return rows.map(toCustomerAddress)
}
