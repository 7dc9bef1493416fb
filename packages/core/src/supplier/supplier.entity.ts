import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import { type Supplier, type SupplierContact, type SupplierStatus, supplierStatuses } from './supplier.js'

export interface SupplierRow {
  id: string
  name: string
  legalName: string | null
  country: string | null
  contact: SupplierContact | null
  status: SupplierStatus
  metadata: Metadata
  createdAt: string
  updatedAt: string
}

/** The row that every change of a supplier, its documents and its contracts locks first. */
export const supplierTable: Table<SupplierRow> = defineTable<SupplierRow>({
  name: 'supplier',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(200),
    legalName: nullable(column.string(200)),
    country: nullable(column.string(2)),
    contact: nullable(column.json<SupplierContact>()),
    status: column.string<SupplierStatus>(16),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    updatedAt: column.time(),
  },
  indexes: [{ name: 'supplier_status', columns: ['status', 'id'] }],
  checks: { supplier_status_known: `status IN (${supplierStatuses.map((status) => `'${status}'`).join(', ')})` },
})

export function toSupplier(row: SupplierRow): Supplier {
  return { ...row }
}
