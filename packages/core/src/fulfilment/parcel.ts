/** A shipment with its lines as they are stored, and what each step makes of it. Pure: a step says what the parcel becomes, `record-changes.ts` does the rest. */
import type { Metadata, Timestamp } from '../kernel/index.js'
import type { TrackingState } from '../ports/index.js'
import { notCancelable, stepRefused } from './errors.js'
import type { PackedUnits } from './sendable.js'
import type { ShipmentLineRow, ShipmentRow } from './shipment.entity.js'
import { canMove, follow, type Shipment, type ShipmentStatus, underWay } from './shipment.js'

export interface Parcel {
  readonly shipment: ShipmentRow
  readonly lines: readonly ShipmentLineRow[]
}

/** What a step makes of a parcel; `before` is null where the step creates it. */
export interface ParcelChange {
  readonly before: Parcel | null
  readonly after: Parcel
}

export function toShipment({ shipment, lines }: Parcel): Shipment {
  const { labelStatus: status, labelCarrier: carrier, labelService: service, labelRef: ref, labelUrl: url, ...rest } = shipment
  const label = status === null || carrier === null ? null : { status, carrier, service, ref, url }
  return { ...rest, label, lines: lines.map(({ lineId, quantity, deliveredAt }) => ({ lineId, quantity, deliveredAt })) }
}

/** What may be said of a parcel from the first. */
export interface ParcelParticulars {
  readonly carrier?: string | undefined
  readonly trackingNumber?: string | undefined
  readonly trackingUrl?: string | undefined
  readonly metadata?: Metadata | undefined
}

/** A parcel of one supplier's goods that is packed and waits. */
export function newParcel(id: string, { part, units }: PackedUnits, said: ParcelParticulars, at: Timestamp): Parcel {
  const { orderId, id: supplierOrderId, supplierId } = part
  const { carrier = null, trackingNumber = null, trackingUrl = null, metadata = {} } = said
  const unknown = { carrierNote: null, trackedAt: null, handedOverAt: null, deliveredAt: null, canceledAt: null }
  const unlabeled = { labelStatus: null, labelCarrier: null, labelService: null, labelRef: null, labelUrl: null }
  return {
    shipment: {
      id,
      orderId,
      supplierOrderId,
      supplierId,
      status: 'announced',
      carrier,
      trackingNumber,
      trackingUrl,
      createdAt: at,
      metadata,
      ...unknown,
      ...unlabeled,
    },
    lines: units.map((unit) => ({ shipmentId: id, lineId: unit.line.id, quantity: unit.quantity, deliveredAt: null })),
  }
}

/** @throws fulfilment.step_refused */
export function handOver({ shipment, lines }: Parcel, at: Timestamp): Parcel {
  if (shipment.status !== 'announced') throw refused(shipment, 'handing over', ['announced'])
  return { shipment: { ...shipment, status: 'in_transit', handedOverAt: at }, lines }
}

/** Says anew by whom and under which number it travels. What was heard under another number was not about this parcel. @throws fulfilment.step_refused */
export function relabel({ shipment, lines }: Parcel, said: ParcelParticulars): Parcel {
  const { status, carrier, trackingNumber, trackingUrl } = shipment
  if (!underWay.includes(status)) throw refused(shipment, 'tracking', underWay)
  const after = {
    carrier: said.carrier ?? carrier,
    trackingNumber: said.trackingNumber ?? trackingNumber,
    trackingUrl: said.trackingUrl ?? trackingUrl,
  }
  const heard = after.trackingNumber === trackingNumber && after.carrier === carrier ? {} : { trackedAt: null, carrierNote: null }
  return { shipment: { ...shipment, ...heard, ...after }, lines }
}

/** @throws fulfilment.not_cancelable */
export function cancel({ shipment, lines }: Parcel, at: Timestamp): Parcel {
  if (!canMove(shipment.status, 'canceled')) throw notCancelable({ shipmentId: shipment.id, status: shipment.status })
  return { shipment: { ...shipment, status: 'canceled', canceledAt: at }, lines }
}

/** All of the parcel that was still under way has arrived. @throws fulfilment.step_refused */
export function deliver(parcel: Parcel, at: Timestamp): Parcel {
  const { shipment, lines } = parcel
  if (!canMove(shipment.status, 'delivered')) throw refused(shipment, 'delivery', underWay)
  return arrive(parcel, new Map(lines.map((line) => [line.lineId, at])))
}

/**
 * Some lines of a parcel have arrived, each at its moment; what arrived before keeps its own. A parcel of which a line has arrived has been handed over, and
 * one of which all have is delivered, at the moment of the last.
 */
export function arrive({ shipment, lines }: Parcel, at: ReadonlyMap<string, Timestamp>): Parcel {
  const after = lines.map((line) => ({ ...line, deliveredAt: line.deliveredAt ?? at.get(line.lineId) ?? null }))
  const moments = after.flatMap(({ deliveredAt }) => deliveredAt ?? []).sort()
  const complete = moments.length === after.length
  const status = complete ? 'delivered' : shipment.status === 'announced' ? 'in_transit' : shipment.status
  const handedOverAt = shipment.handedOverAt ?? moments[0] ?? null
  return { shipment: { ...shipment, status, handedOverAt, deliveredAt: complete ? (moments.at(-1) ?? null) : null }, lines: after }
}

/** The carrier has told something new. */
export function heard(parcel: Parcel, word: TrackingState, now: Timestamp): Parcel {
  const { shipment, lines } = parcel
  // A carrier's clock may run ahead of ours.
  const at = word.at < now ? word.at : now
  const told = { shipment: { ...shipment, trackedAt: word.at, carrierNote: word.description }, lines }
  const status = follow(shipment.status, word)
  if (status === shipment.status) return told
  return status === 'delivered'
    ? deliver(told, at)
    : { shipment: { ...told.shipment, status, handedOverAt: shipment.handedOverAt ?? at }, lines }
}

function refused({ id, status }: ShipmentRow, step: string, from: readonly ShipmentStatus[]): Error {
  return stepRefused({ shipmentId: id, status, step, from })
}
