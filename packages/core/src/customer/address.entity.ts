import { column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { AddressParts, Contact, CustomerAddress } from './address.js'
import { customerTable } from './customer.entity.js'

type AddressRow = { -readonly [Part in keyof AddressParts]: AddressParts[Part] }

export interface CustomerAddressRow extends AddressRow {
  id: string
  customerId: string
  name: string
  line1: string
  createdAt: string
  updatedAt: string
}

export interface ContactRow extends AddressRow {
  id: string
  customerId: string | null
  createdAt: string
  erasedAt: string | null
}

const parts = {
  company: nullable(column.string(200)),
  phone: nullable(column.string(40)),
  email: nullable(column.string(320)),
  country: column.string(2),
  region: nullable(column.string(64)),
  city: nullable(column.string(120)),
  postalCode: nullable(column.string(20)),
  line2: nullable(column.string(255)),
} as const

/** A customer's address book. Nothing refers to its rows, so they may be changed and removed. */
export const customerAddressTable: Table<CustomerAddressRow> = defineTable<CustomerAddressRow>({
  name: 'customer_address',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    customerId: column.id(),
    name: column.string(200),
    ...parts,
    line1: column.string(255),
    createdAt: column.time(),
    updatedAt: column.time(),
  },
  indexes: [{ name: 'customer_address_customer', columns: ['customerId', 'id'] }],
  foreignKeys: [{ name: 'customer_address_customer_id', columns: ['customerId'], references: () => customerTable, referenced: ['id'] }],
})

/** The only place where carts and orders keep an address: they hold its id, and erasure blanks it here for all of them. */
export const contactTable: Table<ContactRow> = defineTable<ContactRow>({
  name: 'contact',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    customerId: nullable(column.id()),
    name: nullable(column.string(200)),
    ...parts,
    line1: nullable(column.string(255)),
    createdAt: column.time(),
    erasedAt: nullable(column.time()),
  },
  indexes: [{ name: 'contact_customer', columns: ['customerId', 'id'] }],
  foreignKeys: [{ name: 'contact_customer_id', columns: ['customerId'], references: () => customerTable, referenced: ['id'] }],
  checks: { contact_erased_blank: 'erased_at IS NULL OR (name IS NULL AND line1 IS NULL AND email IS NULL AND phone IS NULL)' },
})

export function toCustomerAddress(row: CustomerAddressRow): CustomerAddress {
  return { ...row }
}

export function toContact({ createdAt: _, erasedAt, ...row }: ContactRow): Contact {
  return { ...row, erased: erasedAt !== null }
}
