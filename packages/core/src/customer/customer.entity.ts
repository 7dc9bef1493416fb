import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { Customer } from './customer.js'

export interface CustomerRow {
  id: string
  externalUserId: string | null
  email: string | null
  name: string | null
  phone: string | null
  group: string | null
  locale: string | null
  metadata: Metadata
  createdAt: string
  updatedAt: string
  erasedAt: string | null
}

/** The row that every change of a customer's addresses and contacts locks first. */
export const customerTable: Table<CustomerRow> = defineTable<CustomerRow>({
  name: 'customer',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    externalUserId: nullable(column.string(255)),
    email: nullable(column.string(320)),
    name: nullable(column.string(200)),
    phone: nullable(column.string(40)),
    group: nullable(column.string(64)),
    locale: nullable(column.string(35)),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    updatedAt: column.time(),
    erasedAt: nullable(column.time()),
  },
  indexes: [
    { name: 'customer_user', columns: ['externalUserId'], unique: true },
    { name: 'customer_email', columns: ['email', 'id'] },
    { name: 'customer_in_group', columns: ['group', 'id'] },
  ],
  checks: { customer_erased_blank: 'erased_at IS NULL OR (external_user_id IS NULL AND email IS NULL AND name IS NULL AND phone IS NULL)' },
})

export function toCustomer(row: CustomerRow): Customer {
  return { ...row }
}
