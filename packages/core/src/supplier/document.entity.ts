import { column, defineTable, nullable, type Table } from '../kernel/index.js'
import { documentStatus, type SupplierDocument } from './document.js'
import { supplierTable } from './supplier.entity.js'

export interface SupplierDocumentRow {
  id: string
  supplierId: string
  kind: string
  number: string | null
  fileUrl: string | null
  expiresAt: string | null
  mandatory: boolean
  addedAt: string
  addedBy: string
  replacedAt: string | null
  /** When its expiry was told; told once. */
  expiryToldAt: string | null
}

export const supplierDocumentTable: Table<SupplierDocumentRow> = defineTable<SupplierDocumentRow>({
  name: 'supplier_document',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    supplierId: column.id(),
    kind: column.string(64),
    number: nullable(column.string(120)),
    fileUrl: nullable(column.text()),
    expiresAt: nullable(column.time()),
    mandatory: column.flag(),
    addedAt: column.time(),
    addedBy: column.text(),
    replacedAt: nullable(column.time()),
    expiryToldAt: nullable(column.time()),
  },
  indexes: [
    { name: 'supplier_document_supplier', columns: ['supplierId', 'id'] },
    { name: 'supplier_document_expiry', columns: ['expiryToldAt', 'expiresAt'] },
  ],
  foreignKeys: [{ name: 'supplier_document_supplier_id', columns: ['supplierId'], references: () => supplierTable, referenced: ['id'] }],
})

export function toDocument({ replacedAt, expiryToldAt: _, ...row }: SupplierDocumentRow, now: string): SupplierDocument {
  return { ...row, status: documentStatus({ replacedAt, expiresAt: row.expiresAt }, now) }
}
