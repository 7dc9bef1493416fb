import { type AnyTable, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import { orderLineTable, orderTable, supplierOrderTable } from '../order/index.js'
import type { LabelStatus, ShipmentStatus } from './shipment.js'

/** `shipment.ts` says what the members mean. */
export interface ShipmentRow {
  id: string
  orderId: string
  supplierOrderId: string
  supplierId: string
  status: ShipmentStatus
  carrier: string | null
  trackingNumber: string | null
  trackingUrl: string | null
  carrierNote: string | null
  trackedAt: string | null
  createdAt: string
  handedOverAt: string | null
  deliveredAt: string | null
  canceledAt: string | null
  labelStatus: LabelStatus | null
  labelCarrier: string | null
  labelService: string | null
  labelRef: string | null
  labelUrl: string | null
  metadata: Metadata
}

export const shipmentTable: Table<ShipmentRow> = defineTable<ShipmentRow>({
  name: 'shipment',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    supplierOrderId: column.id(),
    supplierId: column.id(),
    status: column.string<ShipmentStatus>(16),
    carrier: nullable(column.string(40)),
    trackingNumber: nullable(column.string(120)),
    trackingUrl: nullable(column.string(2000)),
    carrierNote: nullable(column.text()),
    trackedAt: nullable(column.time()),
    createdAt: column.time(),
    handedOverAt: nullable(column.time()),
    deliveredAt: nullable(column.time()),
    canceledAt: nullable(column.time()),
    labelStatus: nullable(column.string<LabelStatus>(8)),
    labelCarrier: nullable(column.string(40)),
    labelService: nullable(column.string(120)),
    labelRef: nullable(column.string(160)),
    labelUrl: nullable(column.string(2000)),
    metadata: column.json<Metadata>(),
  },
  indexes: [
    { name: 'shipment_order', columns: ['orderId', 'id'] },
    { name: 'shipment_supplier_order', columns: ['supplierOrderId', 'id'] },
    { name: 'shipment_supplier', columns: ['supplierId', 'id'] },
    // What the tracking job walks.
    { name: 'shipment_status', columns: ['status', 'id'] },
    { name: 'shipment_tracking_number', columns: ['trackingNumber'] },
  ],
  foreignKeys: [
    { name: 'shipment_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] },
    { name: 'shipment_supplier_order_fk', columns: ['supplierOrderId'], references: () => supplierOrderTable, referenced: ['id'] },
  ],
  checks: {
    shipment_handed_over: "status IN ('announced', 'canceled') OR handed_over_at IS NOT NULL",
    shipment_delivered: "(status = 'delivered' AND delivered_at IS NOT NULL) OR (status <> 'delivered' AND delivered_at IS NULL)",
    shipment_label: "label_status IS NULL OR (label_carrier IS NOT NULL AND (label_status <> 'bought' OR label_ref IS NOT NULL))",
    shipment_canceled: "(status = 'canceled' AND canceled_at IS NOT NULL) OR (status <> 'canceled' AND canceled_at IS NULL)",
  },
})

export interface ShipmentLineRow {
  shipmentId: string
  lineId: string
  quantity: number
  deliveredAt: string | null
}

export const shipmentLineTable: Table<ShipmentLineRow> = defineTable<ShipmentLineRow>({
  name: 'shipment_line',
  primaryKey: ['shipmentId', 'lineId'],
  columns: {
    shipmentId: column.id(),
    lineId: column.id(),
    quantity: column.integer(),
    deliveredAt: nullable(column.time()),
  },
  indexes: [{ name: 'shipment_line_line', columns: ['lineId'] }],
  foreignKeys: [
    { name: 'shipment_line_shipment_fk', columns: ['shipmentId'], references: () => shipmentTable, referenced: ['id'] },
    { name: 'shipment_line_line_fk', columns: ['lineId'], references: () => orderLineTable, referenced: ['id'] },
  ],
  checks: { shipment_line_quantity: 'quantity > 0' },
})

export const fulfilmentTables: readonly AnyTable[] = [shipmentTable, shipmentLineTable]
