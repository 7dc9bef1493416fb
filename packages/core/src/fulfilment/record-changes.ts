import type { Tx } from '../kernel/index.js'
import { type OrderLine, orderTable } from '../order/index.js'
import type { FulfilmentDeps } from './deps.js'
import { emitFulfilment } from './events.js'
import type { FulfilmentHooks } from './hooks.js'
import { enqueueVoid } from './label.js'
import type { Parcel, ParcelChange } from './parcel.js'
import type { ShipmentRow } from './shipment.entity.js'
import { lastArrivals, newlyDelivered, storeParcels } from './shipment.sql.js'

/** Stores what has become of parcels and does all that follows from it. The orders are locked. */
export type RecordChanges = (tx: Tx, changes: readonly ParcelChange[], by: string) => Promise<void>

/**
 * The one place where a parcel has consequences: what has left goes off the shelf and counts as sent, what has arrived counts as delivered, and a line of which
 * nothing is left to deliver is told to who holds its money.
 */
export function recordChanges({ kernel, orders, inventory }: FulfilmentDeps): RecordChanges {
  const hooks = kernel.hooks<FulfilmentHooks>()

  async function sendOff(tx: Tx, left: readonly Parcel[], by: string): Promise<void> {
    if (left.length === 0) return
    const units = left.flatMap(({ shipment: { orderId, handedOverAt }, lines }) =>
      lines.map(({ lineId, quantity }) => ({ orderId, lineId, quantity, at: handedOverAt ?? tx.now })),
    )
    await orders.recordFulfilment(tx, units, by)
    const reserved = await ordersWithStock(tx, left)
    for (const { shipment, lines } of left)
      if (reserved.has(shipment.orderId)) await inventory.fulfil(tx, shipment.orderId, lines, shipment.id)
  }

  async function receive(tx: Tx, changes: readonly ParcelChange[], by: string): Promise<void> {
    const arrived = changes.flatMap(newlyDelivered)
    if (arrived.length === 0) return
    const counted = await orders.recordDelivery(tx, arrived, by)
    const complete = counted.filter(isComplete)
    if (complete.length === 0) return
    const last = await lastArrivals(
      tx,
      complete.map((line) => line.id),
    )
    await hooks.run(tx, 'fulfilment.delivered', {
      lines: complete.map(({ id: lineId, orderId }) => ({ orderId, lineId, at: last.get(lineId) ?? tx.now })),
    })
  }

  return async (tx, changes, by) => {
    await storeParcels(tx, changes)
    await sendOff(
      tx,
      changes.filter(hasLeft).map(({ after }) => after),
      by,
    )
    await receive(tx, changes, by)
    await enqueueVoid(
      kernel,
      tx,
      changes.flatMap(({ before, after }) => (before && after.shipment.status === 'canceled' ? [after.shipment] : [])),
    )
    for (const change of changes) tell(tx, change)
  }
}

/** An imported order never reserved anything, and imports come by the thousand. */
async function ordersWithStock(tx: Tx, parcels: readonly Parcel[]): Promise<ReadonlySet<string>> {
  const placed = await tx.find(orderTable, { id: [...new Set(parcels.map(({ shipment }) => shipment.orderId))] })
  return new Set(placed.filter((order) => order.cartId !== null).map((order) => order.id))
}

/** Nothing is left to deliver: what is canceled is not waited for. */
function isComplete({ quantity, canceled, delivered }: Pick<OrderLine, 'quantity' | 'canceled' | 'delivered'>): boolean {
  return delivered > 0 && delivered === quantity - canceled
}

function hasLeft({ before, after }: ParcelChange): boolean {
  return after.shipment.handedOverAt !== null && (before?.shipment.handedOverAt ?? null) === null
}

function tell(tx: Tx, change: ParcelChange): void {
  const { before, after } = change
  const { id: shipmentId, orderId, supplierId, status, carrier, trackingNumber, trackingUrl, carrierNote, deliveredAt } = after.shipment
  const of = { shipmentId, orderId, supplierId }
  const tracking = { ...of, carrier, trackingNumber, trackingUrl }
  if (before && isRelabeled(before.shipment, after.shipment)) emitFulfilment(tx, 'shipment.tracking_changed', shipmentId, tracking)
  // What has arrived at once was never on its way under anybody's eyes; nobody is told to expect it.
  if (hasLeft(change) && status !== 'delivered') emitFulfilment(tx, 'shipment.handed_over', shipmentId, tracking)
  if (status === before?.shipment.status) return
  if (status === 'announced') emitFulfilment(tx, 'shipment.announced', shipmentId, of)
  if (status === 'failed') emitFulfilment(tx, 'shipment.failed', shipmentId, { ...of, note: carrierNote })
  if (status === 'canceled') emitFulfilment(tx, 'shipment.canceled', shipmentId, of)
  if (status === 'delivered') emitFulfilment(tx, 'shipment.delivered', shipmentId, { ...of, at: deliveredAt ?? tx.now })
}

function isRelabeled(before: ShipmentRow, after: ShipmentRow): boolean {
  return before.carrier !== after.carrier || before.trackingNumber !== after.trackingNumber || before.trackingUrl !== after.trackingUrl
}
