import { type AnyTable, type Column, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { LocationKind } from './location.js'
import type { ReservationStatus } from './reservation.js'

// 64 bits: a count of small things outgrows 32.
const units = (): Column<number> => column.amount()

export interface LocationRow {
  id: string
  name: string
  kind: LocationKind
  supplierId: string | null
  metadata: Metadata
  createdAt: string
}

export const locationTable: Table<LocationRow> = defineTable<LocationRow>({
  name: 'location',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(200),
    kind: column.string<LocationKind>(16),
    supplierId: nullable(column.id()),
    metadata: column.json<LocationRow['metadata']>(),
    createdAt: column.time(),
  },
  indexes: [{ name: 'location_supplier', columns: ['supplierId', 'id'] }],
})

export interface StockRow {
  id: string
  offerId: string
  locationId: string
  onHand: number
  reserved: number
  safety: number
  lowAt: number
  updatedAt: string
}

export const stockTable: Table<StockRow> = defineTable<StockRow>({
  name: 'stock',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    offerId: column.id(),
    locationId: column.id(),
    onHand: units(),
    reserved: units(),
    safety: units(),
    lowAt: units(),
    updatedAt: column.time(),
  },
  indexes: [{ name: 'stock_offer_location', columns: ['offerId', 'locationId'], unique: true }],
  foreignKeys: [{ name: 'stock_location', columns: ['locationId'], references: () => locationTable, referenced: ['id'] }],
  checks: { stock_reserved: 'reserved >= 0', stock_available: 'on_hand - reserved >= 0', stock_levels: 'safety >= 0 AND low_at >= 0' },
})

/** Stock set aside for a distributor. */
export interface AllotmentRow {
  id: string
  offerId: string
  distributorId: string
  /** All that was ever set aside, less what was taken back. */
  quantity: number
  /** Units of it that were reserved, and perhaps sold: they are spent. */
  used: number
  updatedAt: string
}

export const allotmentTable: Table<AllotmentRow> = defineTable<AllotmentRow>({
  name: 'allotment',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    offerId: column.id(),
    distributorId: column.id(),
    quantity: units(),
    used: units(),
    updatedAt: column.time(),
  },
  indexes: [{ name: 'allotment_offer_distributor', columns: ['offerId', 'distributorId'], unique: true }],
  checks: { allotment_spent_once: 'used >= 0 AND quantity - used >= 0' },
})

export interface ReservationRow {
  id: string
  /** What it is for: an order's id. */
  reference: string
  lineId: string
  offerId: string
  stockId: string
  allotmentId: string | null
  quantity: number
  allotted: number
  fulfilled: number
  released: number
  status: ReservationStatus
  expiresAt: string | null
  createdAt: string
}

export const reservationTable: Table<ReservationRow> = defineTable<ReservationRow>({
  name: 'reservation',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    reference: column.id(),
    lineId: column.id(),
    offerId: column.id(),
    stockId: column.id(),
    allotmentId: nullable(column.id()),
    quantity: units(),
    allotted: units(),
    fulfilled: units(),
    released: units(),
    status: column.string<ReservationStatus>(16),
    expiresAt: nullable(column.time()),
    createdAt: column.time(),
  },
  indexes: [
    { name: 'reservation_reference', columns: ['reference'] },
    { name: 'reservation_due', columns: ['status', 'expiresAt'] },
  ],
  foreignKeys: [
    { name: 'reservation_stock', columns: ['stockId'], references: () => stockTable, referenced: ['id'] },
    { name: 'reservation_allotment', columns: ['allotmentId'], references: () => allotmentTable, referenced: ['id'] },
  ],
  checks: {
    reservation_units: 'quantity > 0 AND fulfilled >= 0 AND released >= 0 AND quantity - fulfilled - released >= 0',
    reservation_allotted: 'allotted >= 0 AND quantity - allotted >= 0',
  },
})

/** The trail of what lies on a shelf: every change of on hand, with who, when and why. */
export interface StockMovementRow {
  id: string
  stockId: string
  offerId: string
  locationId: string
  change: number
  onHand: number
  reason: string
  source: string | null
  by: string
  at: string
}

export const stockMovementTable: Table<StockMovementRow> = defineTable<StockMovementRow>({
  name: 'stock_movement',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    stockId: column.id(),
    offerId: column.id(),
    locationId: column.id(),
    change: units(),
    onHand: units(),
    reason: column.string(500),
    source: nullable(column.id()),
    by: column.string(200),
    at: column.time(),
  },
  indexes: [{ name: 'stock_movement_offer', columns: ['offerId', 'id'] }],
  foreignKeys: [{ name: 'stock_movement_stock', columns: ['stockId'], references: () => stockTable, referenced: ['id'] }],
  appendOnly: true,
})

/** What was done on a named occasion, so that the occasion told twice changes nothing the second time. */
export interface StockOperationRow {
  operation: StockOperation
  source: string
  at: string
}

export type StockOperation = 'fulfil' | 'release' | 'restock'

export const stockOperationTable: Table<StockOperationRow> = defineTable<StockOperationRow>({
  name: 'stock_operation',
  primaryKey: ['operation', 'source'],
  columns: { operation: column.string<StockOperation>(16), source: column.id(), at: column.time() },
})

export const inventoryTables: readonly AnyTable[] = [
  locationTable,
  stockTable,
  allotmentTable,
  reservationTable,
  stockMovementTable,
  stockOperationTable,
]
