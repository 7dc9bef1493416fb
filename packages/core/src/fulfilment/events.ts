import { type Emit, emit, type Timestamp } from '../kernel/index.js'

interface OfShipment {
  readonly shipmentId: string
  readonly orderId: string
  readonly supplierId: string
}

interface WithTracking extends OfShipment {
  readonly carrier: string | null
  readonly trackingNumber: string | null
  readonly trackingUrl: string | null
}

/** What becomes of parcels, told after commit; the aggregate is the shipment. What it means for the order, the order tells. */
export interface FulfilmentEvents {
  'shipment.announced': OfShipment
  /** It has left the supplier: what a customer is written to about. */
  'shipment.handed_over': WithTracking
  'shipment.tracking_changed': WithTracking
  /** The whole parcel has arrived. */
  'shipment.delivered': OfShipment & { readonly at: Timestamp }
  /** The carrier could not deliver it. */
  'shipment.failed': OfShipment & { readonly note: string | null }
  'shipment.canceled': OfShipment
}

export const emitFulfilment: Emit<FulfilmentEvents> = emit
