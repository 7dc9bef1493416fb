/**
 * Customers: profile under the host's own user id, address book, guests, and erasure.
 *
 * - All personal data of the whole system lies in this room's tables. Other rooms hold ids of customers and contacts, and no event carries more.
 * - A contact is an address as it was when a cart or an order took it; it never changes, but for erasure.
 * - Erasure blanks the person and keeps the books: ids, country and region stay, and nothing personal can be written for that id again.
 */

export { type ContactRow, contactTable, toContact } from './address.entity.js'
export type { Address, AddressParts, Contact, CustomerAddress } from './address.js'
export type { AddAddressInput, RemoveAddressInput, UpdateAddressInput } from './addresses.js'
export type { AdoptContactsInput, SnapshotInput } from './contacts.js'
export type { CreateCustomerInput } from './create-customer.js'
export { type CustomerRow, customerTable } from './customer.entity.js'
export type { Customer, CustomerProfile } from './customer.js'
export { type CustomerService, type Customers, createCustomers } from './customer-service.js'
export type { EraseContactInput } from './erase-customer.js'
export type { CustomerEvents } from './events.js'
export type { CustomerHooks } from './hooks.js'
export { address as addressSchema } from './inputs.js'
export type { CustomerIdInput, FindByUserInput, ListCustomersInput } from './read-customers.js'
export { customerTables } from './tables.js'
export type { UpdateCustomerInput } from './update-customer.js'
