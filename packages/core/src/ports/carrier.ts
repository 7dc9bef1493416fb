import type { Timestamp } from '../kernel/index.js'

/** One supplier's goods on their way to one place. */
export interface Parcel {
  readonly supplierId: string
  /** Destination, ISO 3166-1 alpha-2. */
  readonly country: string
  /** Destination's state or province as the address has it, or null. */
  readonly region: string | null
  readonly weightGrams: number
  /** Price of the goods, minor units of `currency`. */
  readonly value: number
  /** ISO 4217; the rates come in it. */
  readonly currency: string
}

/** A carrier's offer to carry a parcel. */
export interface CarrierRate {
  /** The carrier's own name of the service, stable: `express`. */
  readonly service: string
  /** For the customer's eyes. */
  readonly name: string
  /** Minor units of the parcel's currency; 0 where it is free. */
  readonly amount: number
}

/** Where a parcel goes to, as it stands on a label. */
export interface LabelAddress {
  readonly name: string
  readonly company: string | null
  readonly phone: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly region: string | null
  readonly city: string | null
  readonly postalCode: string | null
  readonly line1: string
  readonly line2: string | null
}

export interface LabelRequest {
  /** Our id, and the idempotency key: one shipment, one label. */
  readonly shipmentId: string
  readonly supplierId: string
  /** A service that `rates` offered, or null for the carrier's usual one. */
  readonly service: string | null
  readonly to: LabelAddress
  readonly weightGrams: number
}

export interface Label {
  /** The carrier's own id of the label; it stands with the shipment, and a void names it. */
  readonly labelRef: string
  readonly trackingNumber: string
  /** Where the customer can follow the parcel, or null. */
  readonly trackingUrl: string | null
  /** Where the label's file lies, or null. */
  readonly labelUrl: string | null
}

/** A label that the carrier does not sell. */
export interface LabelRefused {
  /** Why, in the carrier's words, for who packs: an address that it does not know. */
  readonly refused: string
}

export interface VoidLabelRequest {
  /** As the label was asked for. */
  readonly shipmentId: string
  /** Null where the answer that would have told it was lost. */
  readonly labelRef: string | null
}

export interface VoidedLabel {
  /** True where no label of this shipment is valid or charged for any more; also where none ever was. */
  readonly voided: boolean
  /** Why it is not, in the carrier's words: it has been scanned. */
  readonly reason: string | null
}

/** Where a parcel is. */
export interface TrackingState {
  readonly status: 'announced' | 'in_transit' | 'delivered' | 'failed'
  /** When that came about. */
  readonly at: Timestamp
  /** The carrier's words, for the customer. */
  readonly description: string | null
}

/**
 * Prices, labels and follows parcels. A thrown error means that nothing is known: rates are then left out, and a label is asked for again under the same
 * shipment. No method is called inside a transaction.
 */
export interface Carrier {
  /** Stands in shipping methods and shipments, so it never changes: `sf-express`. At most 40 characters. */
  readonly id: string
  /** Offers per parcel, in the order of the parcels; an empty list for one that it does not carry. */
  rates(parcels: readonly Parcel[]): Promise<readonly (readonly CarrierRate[])[]>
  /** Buys a label, once per shipment: asked again, it answers the first. Left out by a carrier whose numbers the supplier types in. */
  label?(request: LabelRequest): Promise<Label | LabelRefused>
  /** Gives back a label that was not used. Safe to repeat. Left out by a carrier that takes none back. */
  voidLabel?(request: VoidLabelRequest): Promise<VoidedLabel>
  /** Where each parcel is by its tracking number; unknown ones are left out. Left out by a carrier that cannot be asked. */
  track?(trackingNumbers: readonly string[]): Promise<ReadonlyMap<string, TrackingState>>
}
