import * as z from 'zod'
import { columns, join, type Reader, type Sql, sql } from '../kernel/index.js'
import { shipmentNotFound } from './errors.js'
import { id } from './inputs.js'
import { toShipment } from './parcel.js'
import { shipmentTable } from './shipment.entity.js'
import type { Shipment, ShipmentStatus } from './shipment.js'
import { loadParcels, withLines } from './shipment.sql.js'
import type { ShipmentIdInput } from './shipment-steps.js'

/** Which shipments; a member that is not given leaves it open. */
export interface ListShipmentsInput {
  readonly orderId?: string | undefined
  readonly supplierOrderId?: string | undefined
  readonly supplierId?: string | undefined
  readonly status?: ShipmentStatus | undefined
  readonly trackingNumber?: string | undefined
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** A part of a list, in the order of ids, which is the order of creation. */
export interface ShipmentPage {
  readonly items: readonly Shipment[]
  /** Give it as `after` to read on; null at the end. */
  readonly next: string | null
}

export const listShipmentsInput: z.ZodType<ListShipmentsInput> = z.object({
  orderId: id.optional(),
  supplierOrderId: id.optional(),
  supplierId: id.optional(),
  status: z.enum(['announced', 'in_transit', 'failed', 'delivered', 'canceled']).optional(),
  trackingNumber: z.string().max(120).optional(),
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
})

/** @throws fulfilment.shipment_not_found */
export async function getShipment(reader: Reader, { shipmentId }: ShipmentIdInput): Promise<Shipment> {
  const [parcel] = await loadParcels(reader, { id: shipmentId })
  if (!parcel) throw shipmentNotFound({ shipmentId })
  return toShipment(parcel)
}

/** Two statements. */
export async function listShipments(reader: Reader, { limit = 50, after = '', ...filter }: ListShipmentsInput): Promise<ShipmentPage> {
  const { orderId, supplierOrderId, supplierId, status, trackingNumber } = filter
  const equal = (column: Sql, value: string | undefined): readonly Sql[] => (value === undefined ? [] : [sql`${column} = ${value}`])
  const conditions = [
    sql`id > ${after}`,
    ...equal(sql`order_id`, orderId),
    ...equal(sql`supplier_order_id`, supplierOrderId),
    ...equal(sql`supplier_id`, supplierId),
    ...equal(sql`status`, status),
    ...equal(sql`tracking_number`, trackingNumber),
  ]
  // One more than asked for tells whether there is a next page.
  const rows = await reader.all(
    sql`SELECT ${columns(shipmentTable)} FROM ${shipmentTable} WHERE ${join(conditions, ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  const page = await withLines(reader, rows.slice(0, limit).map(shipmentTable.read))
  return { items: page.map(toShipment), next: rows.length > limit ? (page.at(-1)?.shipment.id ?? null) : null }
}
