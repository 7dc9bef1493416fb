import { type AnyTable, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import { orderLineTable, orderTable, supplierOrderTable } from '../order/index.js'
import type { ReturnStatus } from './return.js'

/** `return.ts` says what the members mean. */
export interface ReturnRow {
  id: string
  orderId: string
  supplierOrderId: string
  supplierId: string
  status: ReturnStatus
  statusReason: string | null
  refundId: string | null
  requestedAt: string
  requestedBy: string
  decidedAt: string | null
  decidedBy: string | null
  closedAt: string | null
  metadata: Metadata
}

export const returnTable: Table<ReturnRow> = defineTable<ReturnRow>({
  name: 'order_return',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    supplierOrderId: column.id(),
    supplierId: column.id(),
    status: column.string<ReturnStatus>(16),
    statusReason: nullable(column.string(500)),
    refundId: nullable(column.id()),
    requestedAt: column.time(),
    requestedBy: column.string(160),
    decidedAt: nullable(column.time()),
    decidedBy: nullable(column.string(160)),
    closedAt: nullable(column.time()),
    metadata: column.json<Metadata>(),
  },
  indexes: [
    { name: 'order_return_order', columns: ['orderId', 'id'] },
    { name: 'order_return_supplier', columns: ['supplierId', 'id'] },
    { name: 'order_return_status', columns: ['status', 'id'] },
  ],
  foreignKeys: [
    { name: 'order_return_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] },
    { name: 'order_return_part_fk', columns: ['supplierOrderId'], references: () => supplierOrderTable, referenced: ['id'] },
  ],
  checks: { order_return_refund: "refund_id IS NULL OR status = 'closed'" },
})

export interface ReturnLineRow {
  returnId: string
  lineId: string
  quantity: number
  reason: string
  received: number
  restocked: number
}

export const returnLineTable: Table<ReturnLineRow> = defineTable<ReturnLineRow>({
  name: 'order_return_line',
  primaryKey: ['returnId', 'lineId'],
  columns: {
    returnId: column.id(),
    lineId: column.id(),
    quantity: column.integer(),
    reason: column.string(500),
    received: column.integer(),
    restocked: column.integer(),
  },
  indexes: [{ name: 'order_return_line_line', columns: ['lineId'] }],
  foreignKeys: [
    { name: 'order_return_line_return_fk', columns: ['returnId'], references: () => returnTable, referenced: ['id'] },
    { name: 'order_return_line_line_fk', columns: ['lineId'], references: () => orderLineTable, referenced: ['id'] },
  ],
  checks: {
    order_return_line_units: 'quantity > 0 AND received >= 0 AND received <= quantity AND restocked >= 0 AND restocked <= received',
  },
})

export const returnTables: readonly AnyTable[] = [returnTable, returnLineTable]
