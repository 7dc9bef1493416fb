import * as z from 'zod'
import { type Caller, id, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { supplierOrderTable } from '../order/index.js'
import type { FulfilmentDeps } from './deps.js'
import { supplierOrderNotFound } from './errors.js'
import { lines, tracking } from './inputs.js'
import { handOver, newParcel, toShipment } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import { assertLeft, assertSendable, onePart } from './sendable.js'
import type { Shipment } from './shipment.js'
import { announcedUnits } from './shipment.sql.js'

/** Units of an order line. */
export interface ShipLine {
  readonly lineId: string
  readonly quantity: number
}

/** One parcel of one supplier's goods. */
export interface ShipInput {
  /** The supplier's part of the order. This, or the order. */
  readonly supplierOrderId?: string | undefined
  /** The order; the lines are then of one supplier. */
  readonly orderId?: string | undefined
  /** What is in the parcel; each line once. */
  readonly lines: readonly ShipLine[]
  /** The id of a connected carrier, which is then asked where the parcel is, or any carrier's name. */
  readonly carrier?: string | undefined
  readonly trackingNumber?: string | undefined
  /** http or https. */
  readonly trackingUrl?: string | undefined
  /** The parcel is packed and waits for its carrier: it can still be canceled, and stock goes down at its handover. @default false */
  readonly announced?: boolean | undefined
  readonly metadata?: Metadata | undefined
}

export const shipInput: z.ZodType<ShipInput> = z
  .object({
    supplierOrderId: id.optional(),
    orderId: id.optional(),
    lines,
    ...tracking,
    announced: z.boolean().optional(),
    metadata: metadata.optional(),
  })
  .refine(
    ({ supplierOrderId, orderId }) => (supplierOrderId === undefined) !== (orderId === undefined),
    'must name either supplierOrderId or orderId',
  )

/** @throws order.not_found, fulfilment.supplier_order_not_found, .line_not_found, .several_suppliers, .not_paid, .exceeds_quantity */
export function ship(
  { kernel, orders }: FulfilmentDeps,
  record: RecordChanges,
): (tx: Tx, input: ShipInput, caller: Caller) => Promise<Shipment> {
  return async (tx, input, { by }) => {
    // A part never changes its order, so it may be read before the lock.
    const order = await orders.lock(tx, input.orderId ?? (await orderOf(tx, input.supplierOrderId ?? '')))
    const packed = onePart(order, input.lines, input.supplierOrderId)
    assertSendable(order.order)
    const lineIds = packed.units.map(({ line }) => line.id)
    assertLeft(packed.units, await announcedUnits(tx, lineIds))
    const parcel = newParcel(kernel.ids('shp'), packed, input, tx.now)
    const after = input.announced ? parcel : handOver(parcel, tx.now)
    await record(tx, [{ before: null, after }], by)
    return toShipment(after)
  }
}

async function orderOf(tx: Tx, supplierOrderId: string): Promise<string> {
  const part = await tx.findOne(supplierOrderTable, { id: supplierOrderId })
  if (!part) throw supplierOrderNotFound({ supplierOrderId })
  return part.orderId
}
