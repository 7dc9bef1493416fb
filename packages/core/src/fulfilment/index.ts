/**
 * Fulfilment: parcels, where they are, and what has arrived.
 *
 * Invariants:
 * - Of a line never more is sent than was ordered and not canceled; parcels that are announced count. The lock of the order's row holds it.
 * - Stock goes down when a parcel leaves the supplier, once. Until then it can be canceled, and nothing has to be undone.
 * - A parcel never moves back. A carrier's word that is old, or that is about another parcel of the same number, changes nothing.
 * - `fulfilment.delivered` runs once for a line: in the transaction in which the last of it arrives.
 * - One shipment, one label: its id is the key at the carrier. Until the answer is known the label counts as asked, and is asked for of that carrier alone.
 * - Only the host's own code says that goods arrived in the past; carriers say when, but not before the order was placed.
 *
 * Whatever a step makes of a parcel passes through `record-changes.ts`, which alone knows the consequences.
 */

export type { BuyLabelInput } from './buy-label.js'
export type { ArrivedLine, DeliverLinesInput, DeliverLinesOutput } from './deliver-lines.js'
export type { FulfilmentDeps } from './deps.js'
export type { FulfilmentEvents } from './events.js'
export { createFulfilment, type Fulfilment, type FulfilmentService } from './fulfilment-service.js'
export type { DeliveredLine, FulfilmentHooks } from './hooks.js'
export type { ListShipmentsInput } from './read-shipments.js'
export type { ShipInput, ShipLine } from './ship.js'
export { fulfilmentTables, shipmentLineTable, shipmentTable } from './shipment.entity.js'
export type { LabelStatus, Shipment, ShipmentLabel, ShipmentLine, ShipmentStatus } from './shipment.js'
export { lastArrivals } from './shipment.sql.js'
export type { DeliverInput, SetTrackingInput, ShipmentIdInput } from './shipment-steps.js'
