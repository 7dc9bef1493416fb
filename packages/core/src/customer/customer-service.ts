import type { Call, Kernel, Page, Reader, Tx } from '../kernel/index.js'
import type { Contact, CustomerAddress } from './address.js'
import * as addresses from './addresses.js'
import { type AdoptContactsInput, adoptContacts, findContacts, type SnapshotInput, snapshotContact } from './contacts.js'
import { type CreateCustomerInput, createCustomer, createCustomerSchema } from './create-customer.js'
import type { Customer } from './customer.js'
import { type EraseContactInput, eraseContact, eraseContactSchema, eraseCustomer } from './erase-customer.js'
import * as read from './read-customers.js'
import { type UpdateCustomerInput, updateCustomer, updateCustomerSchema } from './update-customer.js'

/** What `commerce.customers` is. */
export interface CustomerService {
  /** A customer under the host's own user id, or a guest without one. @throws customer.user_taken */
  create(input?: CreateCustomerInput, call?: Call): Promise<Customer>
  /** @throws customer.not_found, customer.erased, customer.user_taken */
  update(input: UpdateCustomerInput, call?: Call): Promise<Customer>
  /** @throws customer.not_found */
  get(input: read.CustomerIdInput, call?: Call): Promise<Customer>
  /** The customer of the host's user; null where there is none. */
  findByUser(input: read.FindByUserInput, call?: Call): Promise<Customer | null>
  /** In the order of creation. */
  list(input?: read.ListCustomersInput, call?: Call): Promise<Page<Customer>>
  /** @throws customer.not_found, customer.erased */
  addAddress(input: addresses.AddAddressInput, call?: Call): Promise<CustomerAddress>
  /** Replaces an address; carts and orders that took it keep what they took. @throws customer.not_found, customer.erased, customer.address_not_found */
  updateAddress(input: addresses.UpdateAddressInput, call?: Call): Promise<CustomerAddress>
  /** @throws customer.address_not_found */
  removeAddress(input: addresses.RemoveAddressInput, call?: Call): Promise<void>
  /** Oldest first. */
  listAddresses(input: read.CustomerIdInput, call?: Call): Promise<readonly CustomerAddress[]>
  /** Blanks all personal data and keeps the books; safe to repeat. @throws customer.not_found */
  erase(input: read.CustomerIdInput, call?: Call): Promise<void>
  /** Blanks the address of a cart or an order that belongs to no customer; safe to repeat. @throws customer.contact_not_found */
  eraseContact(input: EraseContactInput, call?: Call): Promise<void>
}

/** The customer room, as `createCommerce` and upper rooms hold it. */
export interface Customers {
  readonly service: CustomerService
  /** Customers by id, by one statement; those that do not exist are missing. */
  find(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Customer>>
  /** Keeps an address as it is now; carts and orders hold the id. @throws customer.not_found, customer.erased */
  snapshot(tx: Tx, input: SnapshotInput): Promise<string>
  /** Contacts by id, by one statement. */
  contacts(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Contact>>
  /** Gives contacts that are nobody's to a customer, so that its erasure finds them. @throws customer.not_found, customer.erased */
  adopt(tx: Tx, input: AdoptContactsInput): Promise<void>
}

export function createCustomers({ kernel }: { readonly kernel: Kernel }): Customers {
  const { command, query } = kernel.useCases
  const deps = { kernel }
  const create = command('customers.create', createCustomerSchema, createCustomer(deps))
  const list = query('customers.list', read.listCustomersSchema, read.listCustomers)
  return {
    find: read.findCustomers,
    snapshot: snapshotContact(deps),
    contacts: findContacts,
    adopt: adoptContacts,
    service: {
      create: (input = {}, call) => create(input, call),
      update: command('customers.update', updateCustomerSchema, updateCustomer(deps)),
      get: query('customers.get', read.customerIdSchema, read.getCustomer),
      findByUser: query('customers.findByUser', read.findByUserSchema, read.findByUser),
      list: (input = {}, call) => list(input, call),
      addAddress: command('customers.addAddress', addresses.addAddressSchema, addresses.addAddress(deps)),
      updateAddress: command('customers.updateAddress', addresses.updateAddressSchema, addresses.updateAddress),
      removeAddress: command('customers.removeAddress', addresses.removeAddressSchema, addresses.removeAddress),
      listAddresses: query('customers.listAddresses', read.customerIdSchema, addresses.listAddresses),
      erase: command('customers.erase', read.customerIdSchema, eraseCustomer(deps)),
      eraseContact: command('customers.eraseContact', eraseContactSchema, eraseContact),
    },
  }
}
