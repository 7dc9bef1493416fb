import * as z from 'zod'
import { id, idempotencyTable, sql, type Tx } from '../kernel/index.js'
import { contactTable, customerAddressTable } from './address.entity.js'
import { blankAddress } from './address.js'
import { customerTable } from './customer.entity.js'
import { blankProfile } from './customer.js'
import { contactNotFound } from './errors.js'
import { emitCustomer } from './events.js'
import type { CustomerHooks } from './hooks.js'
import { type CustomerDeps, lockCustomer } from './lock-customer.js'
import type { CustomerIdInput } from './read-customers.js'

export interface EraseContactInput {
  /** A contact that belongs to no customer: the address of an order placed without a profile. */
  readonly contactId: string
}

export const eraseContactSchema: z.ZodType<EraseContactInput> = z.strictObject({ contactId: id })

/**
 * Blanks all personal data of a customer: its profile, its addresses, and the address of every cart and order of its. Ids, amounts, country and
 * region stay, so that the books still add up and can be told. Repeating it changes nothing. @throws customer.not_found
 */
export function eraseCustomer({ kernel }: CustomerDeps): (tx: Tx, input: CustomerIdInput) => Promise<void> {
  return async (tx, { customerId }) => {
    const { erasedAt } = await lockCustomer(tx, customerId)
    await tx.update(contactTable, { ...blankAddress, erasedAt: tx.now }, { customerId, erasedAt: null })
    await tx.remove(customerAddressTable, { customerId })
    await forgetResults(tx, customerId)
    await kernel.hooks<CustomerHooks>().run(tx, 'customer.erasing', { customerId })
    if (erasedAt !== null) return
    await tx.update(customerTable, { ...blankProfile, updatedAt: tx.now, erasedAt: tx.now }, { id: customerId })
    emitCustomer(tx, 'customer.erased', customerId, { customerId })
  }
}

/** Blanks one contact. Repeating it changes nothing. @throws customer.contact_not_found */
export async function eraseContact(tx: Tx, { contactId }: EraseContactInput): Promise<void> {
  const [contact] = await tx.lock(contactTable, { id: contactId })
  if (!contact) throw contactNotFound({ contactId })
  await tx.update(contactTable, { ...blankAddress, erasedAt: tx.now }, { id: contactId, erasedAt: null })
}

/** The results of this room's commands are kept under their idempotency keys, and hold profiles and addresses. */
async function forgetResults(tx: Tx, customerId: string): Promise<void> {
  await tx.run(sql`DELETE FROM ${idempotencyTable} WHERE scope LIKE ${'customers.%'} AND result LIKE ${`%"${customerId}"%`}`)
}
