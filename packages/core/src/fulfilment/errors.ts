import { defineError, type ErrorFactory } from '../kernel/index.js'
import type { ShipmentStatus } from './shipment.js'

export const shipmentNotFound: ErrorFactory<{ readonly shipmentId: string }> = defineError(
  'fulfilment.shipment_not_found',
  'not_found',
  (f) => `there is no shipment ${f.shipmentId}`,
)

export const supplierOrderNotFound: ErrorFactory<{ readonly supplierOrderId: string }> = defineError(
  'fulfilment.supplier_order_not_found',
  'not_found',
  (f) => `there is no supplier order ${f.supplierOrderId}; take it from the order's parts`,
)

export const lineNotFound: ErrorFactory<{ readonly orderId: string; readonly lineId: string }> = defineError(
  'fulfilment.line_not_found',
  'not_found',
  (f) => `order ${f.orderId} has no line ${f.lineId} there; take the line ids of this order, and of the supplier whose part is shipped`,
)

export const severalSuppliers: ErrorFactory<{ readonly orderId: string; readonly suppliers: readonly string[] }> = defineError(
  'fulfilment.several_suppliers',
  'invalid_data',
  (f) => `the lines of order ${f.orderId} belong to ${f.suppliers.join(', ')}; a parcel holds one supplier's goods, so ship each by itself`,
)

export const notPaid: ErrorFactory<{ readonly orderId: string; readonly paymentStatus: string }> = defineError(
  'fulfilment.not_paid',
  'not_allowed',
  (f) => `order ${f.orderId} is ${f.paymentStatus}; nothing of it is sent before it is paid`,
)

export const exceedsQuantity: ErrorFactory<{
  readonly orderId: string
  readonly lineId: string
  readonly wanted: number
  readonly left: number
}> = defineError(
  'fulfilment.exceeds_quantity',
  'not_allowed',
  (f) => `${f.wanted} units of line ${f.lineId} of order ${f.orderId} cannot be shipped; ${f.left} are neither canceled nor in a shipment`,
)

export const stepRefused: ErrorFactory<{
  readonly shipmentId: string
  readonly status: ShipmentStatus
  readonly step: string
  readonly from: readonly ShipmentStatus[]
}> = defineError(
  'fulfilment.step_refused',
  'not_allowed',
  (f) => `shipment ${f.shipmentId} is ${f.status}; ${f.step} takes one that is ${f.from.join(' or ')}`,
)

export const notCancelable: ErrorFactory<{ readonly shipmentId: string; readonly status: ShipmentStatus }> = defineError(
  'fulfilment.not_cancelable',
  'not_allowed',
  (f) =>
    `shipment ${f.shipmentId} is ${f.status}, and only one that is announced and not yet handed over can be canceled; open a return instead`,
)

export const backdated: ErrorFactory<{ readonly at: string; readonly by: string }> = defineError(
  'fulfilment.backdated',
  'not_allowed',
  (f) => `${f.by} may not say that goods arrived at ${f.at}, in the past, since money is held from that moment on; leave the time out`,
)

export const inFuture: ErrorFactory<{ readonly at: string; readonly now: string }> = defineError(
  'fulfilment.in_future',
  'invalid_data',
  (f) => `goods cannot have arrived at ${f.at}, it is ${f.now}; tell it when they have`,
)

export const noLabel: ErrorFactory<{ readonly shipmentId: string; readonly reason: string }> = defineError(
  'fulfilment.no_label',
  'not_allowed',
  (f) => `no label can be bought for shipment ${f.shipmentId}: ${f.reason}`,
)

export const labelRefused: ErrorFactory<{ readonly shipmentId: string; readonly carrier: string; readonly reason: string }> = defineError(
  'fulfilment.label_refused',
  'not_allowed',
  (f) => `carrier ${f.carrier} sells no label for shipment ${f.shipmentId}: ${f.reason}; mend it and ask again, or take another carrier`,
)

export const labelNotVoidable: ErrorFactory<{ readonly shipmentId: string; readonly reason: string }> = defineError(
  'fulfilment.label_not_voidable',
  'not_allowed',
  (f) => `the label of shipment ${f.shipmentId} cannot be given back: ${f.reason}`,
)

export const carrierUnreachable: ErrorFactory<{ readonly carrier: string; readonly what: string; readonly problem: string }> = defineError(
  'fulfilment.carrier_unreachable',
  'unexpected_state',
  (f) => `carrier ${f.carrier} gave no answer to ${f.what}: ${f.problem}; what it did is not known, and asking again is safe`,
)

export const notTrackable: ErrorFactory<{ readonly shipmentId: string; readonly reason: string }> = defineError(
  'fulfilment.not_trackable',
  'not_allowed',
  (f) => `nobody can be asked where shipment ${f.shipmentId} is: ${f.reason}`,
)
