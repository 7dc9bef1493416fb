import { column, defineTable, nullable, type Table } from '../kernel/index.js'
import { supplierTable } from './supplier.entity.js'
import type { SupplierStatus } from './supplier.js'
import type { TrailAction, TrailEntry } from './trail.js'

export interface SupplierTrailRow {
  id: string
  supplierId: string
  action: TrailAction
  fromStatus: SupplierStatus | null
  toStatus: SupplierStatus
  subjectId: string | null
  reason: string | null
  by: string
  at: string
}

export const supplierTrailTable: Table<SupplierTrailRow> = defineTable<SupplierTrailRow>({
  name: 'supplier_trail',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    supplierId: column.id(),
    action: column.string<TrailAction>(24),
    fromStatus: nullable(column.string<SupplierStatus>(16)),
    toStatus: column.string<SupplierStatus>(16),
    subjectId: nullable(column.id()),
    reason: nullable(column.text()),
    by: column.text(),
    at: column.time(),
  },
  indexes: [{ name: 'supplier_trail_supplier', columns: ['supplierId', 'id'] }],
  foreignKeys: [{ name: 'supplier_trail_supplier_id', columns: ['supplierId'], references: () => supplierTable, referenced: ['id'] }],
  appendOnly: true,
})

export function toTrailEntry({ fromStatus, toStatus, ...row }: SupplierTrailRow): TrailEntry {
  return { ...row, from: fromStatus, to: toStatus }
}
