import type { Metadata, Timestamp } from '../kernel/index.js'
import type { TrackingState } from '../ports/index.js'

/**
 * `announced`: packed, and still with the supplier. `in_transit`: handed over, so stock has gone down. `failed`: the carrier could not deliver it, and may try
 * again. `delivered` and `canceled` are final.
 */
export type ShipmentStatus = 'announced' | 'in_transit' | 'failed' | 'delivered' | 'canceled'

/** Units of one order line in one parcel. */
export interface ShipmentLine {
  readonly lineId: string
  readonly quantity: number
  /** Null while it is under way. The lines of one parcel may be confirmed one by one. */
  readonly deliveredAt: Timestamp | null
}

/** `asked`: the carrier has not answered, or its answer was lost; asking again is safe. */
export type LabelStatus = 'asked' | 'bought' | 'voided'

/** The label that a carrier sold for a parcel. */
export interface ShipmentLabel {
  readonly status: LabelStatus
  /** Id of the connected carrier. */
  readonly carrier: string
  /** The carrier's name of the service; null: its usual one. */
  readonly service: string | null
  /** The carrier's id of the label; null while it is asked. */
  readonly ref: string | null
  /** Where its file lies, to be printed. */
  readonly url: string | null
}

/** Goods of one supplier on their way to one customer. */
export interface Shipment {
  /** `shp_…` */
  readonly id: string
  readonly orderId: string
  readonly supplierOrderId: string
  readonly supplierId: string
  readonly status: ShipmentStatus
  readonly lines: readonly ShipmentLine[]
  /** The id of a carrier that is connected, or any other carrier's name; null where no carrier takes part. */
  readonly carrier: string | null
  readonly trackingNumber: string | null
  /** Where the customer can follow the parcel. */
  readonly trackingUrl: string | null
  /** The carrier's last words, for the customer. */
  readonly carrierNote: string | null
  /** When the carrier's last word came about. */
  readonly trackedAt: Timestamp | null
  /** Null where none was bought: numbers may also be typed in. */
  readonly label: ShipmentLabel | null
  readonly createdAt: Timestamp
  /** When it left the supplier. */
  readonly handedOverAt: Timestamp | null
  /** When the last of it arrived. */
  readonly deliveredAt: Timestamp | null
  readonly canceledAt: Timestamp | null
  readonly metadata: Metadata
}

/** Delivery may be told before handover was: the parcel has then been handed over too. */
export const shipmentMoves: Readonly<Record<ShipmentStatus, readonly ShipmentStatus[]>> = {
  announced: ['in_transit', 'failed', 'delivered', 'canceled'],
  in_transit: ['failed', 'delivered'],
  failed: ['in_transit', 'delivered'],
  delivered: [],
  canceled: [],
}

/** States in which a parcel may still be heard of. */
export const underWay: readonly ShipmentStatus[] = ['announced', 'in_transit', 'failed']

export function canMove(from: ShipmentStatus, to: ShipmentStatus): boolean {
  return shipmentMoves[from].includes(to)
}

/** What a carrier's word is judged by. */
export interface Tracked {
  readonly status: ShipmentStatus
  /** When the carrier's last word came about. */
  readonly trackedAt: Timestamp | null
  /** Before this moment nothing can have happened to the parcel: when its order was placed. */
  readonly notBefore: Timestamp
}

/**
 * Whether a carrier's word is news. Words may come late and twice, and carriers give their numbers again: what is older than the last word, or than the order
 * itself, is not about this parcel as it is now.
 */
export function isNews({ status, trackedAt, notBefore }: Tracked, word: TrackingState): boolean {
  if (!underWay.includes(status) || word.at < notBefore) return false
  return trackedAt === null || word.at > trackedAt || (word.at === trackedAt && canMove(status, word.status))
}

/** Where the parcel is once the word is taken; a word that would move it back changes no state. */
export function follow(status: ShipmentStatus, word: TrackingState): ShipmentStatus {
  return canMove(status, word.status) ? word.status : status
}
