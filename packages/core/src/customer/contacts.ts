import type { Reader, Tx } from '../kernel/index.js'
import { contactTable, toContact } from './address.entity.js'
import { type Address, addressParts, type Contact } from './address.js'
import { type CustomerDeps, lockLivingCustomer } from './lock-customer.js'

/** An address to be kept as it is now. */
export interface SnapshotInput {
  /** Whose erasure blanks it; null while nobody is known. */
  readonly customerId: string | null
  readonly address: Address
}

export interface AdoptContactsInput {
  readonly contactIds: readonly string[]
  readonly customerId: string
}

/** Keeps an address for a cart or an order. @returns the contact's id @throws customer.not_found, customer.erased */
export function snapshotContact({ kernel }: CustomerDeps): (tx: Tx, input: SnapshotInput) => Promise<string> {
  return async (tx, { customerId, address }) => {
    if (customerId !== null) await lockLivingCustomer(tx, customerId)
    const id = kernel.ids('cnt')
    await tx.insert(contactTable, [{ id, customerId, ...addressParts(address), createdAt: tx.now, erasedAt: null }])
    return id
  }
}

/** Gives contacts that are nobody's to a customer, at login or registration, so that its erasure finds them. @throws customer.not_found, customer.erased */
export async function adoptContacts(tx: Tx, { contactIds, customerId }: AdoptContactsInput): Promise<void> {
  await lockLivingCustomer(tx, customerId)
  await tx.update(contactTable, { customerId }, { id: contactIds, customerId: null })
}

/** Contacts by id, by one statement; those that do not exist are missing. */
export async function findContacts(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Contact>> {
  const rows = await reader.find(contactTable, { id: ids })
  return new Map(rows.map((row) => [row.id, toContact(row)]))
}
