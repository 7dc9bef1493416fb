import * as z from 'zod'
import { id, type Page, type PageInput, pageShape, type Reader, readPage } from '../kernel/index.js'
import { shipmentNotFound } from './errors.js'
import { toShipment } from './parcel.js'
import { shipmentTable } from './shipment.entity.js'
import type { Shipment, ShipmentStatus } from './shipment.js'
import { loadParcels, withLines } from './shipment.sql.js'
import type { ShipmentIdInput } from './shipment-steps.js'

/** Which shipments; a member that is not given leaves it open. */
export interface ListShipmentsInput extends PageInput {
  readonly orderId?: string | undefined
  readonly supplierOrderId?: string | undefined
  readonly supplierId?: string | undefined
  readonly status?: ShipmentStatus | undefined
  readonly trackingNumber?: string | undefined
}

export const listShipmentsInput: z.ZodType<ListShipmentsInput> = z.object({
  orderId: id.optional(),
  supplierOrderId: id.optional(),
  supplierId: id.optional(),
  status: z.enum(['announced', 'in_transit', 'failed', 'delivered', 'canceled']).optional(),
  trackingNumber: z.string().max(120).optional(),
  ...pageShape,
})

/** @throws fulfilment.shipment_not_found */
export async function getShipment(reader: Reader, { shipmentId }: ShipmentIdInput): Promise<Shipment> {
  const [parcel] = await loadParcels(reader, { id: shipmentId })
  if (!parcel) throw shipmentNotFound({ shipmentId })
  return toShipment(parcel)
}

/** Two statements. */
export async function listShipments(reader: Reader, { limit, after, ...where }: ListShipmentsInput): Promise<Page<Shipment>> {
  const { items, next } = await readPage(reader, shipmentTable, where, { limit, after })
  return { items: (await withLines(reader, items)).map(toShipment), next }
}
