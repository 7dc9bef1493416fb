import type { Call, Page } from '../kernel/index.js'
import { type BuyLabelInput, buyLabelInput } from './buy-label.js'
import { cancelAnnounced } from './cancel-announced.js'
import { type DeliverLinesInput, type DeliverLinesOutput, deliverLines, deliverLinesInput } from './deliver-lines.js'
import type { FulfilmentDeps } from './deps.js'
import { createLabels } from './labels.js'
import { getShipment, type ListShipmentsInput, listShipments, listShipmentsInput } from './read-shipments.js'
import { recordChanges } from './record-changes.js'
import { type ShipInput, ship, shipInput } from './ship.js'
import type { Shipment } from './shipment.js'
import {
  type DeliverInput,
  deliverInput,
  type SetTrackingInput,
  type ShipmentIdInput,
  setTrackingInput,
  shipmentIdInput,
  shipmentSteps,
} from './shipment-steps.js'
import { trackShipments } from './track-shipments.js'

/** What `commerce.fulfilment` is. */
export interface FulfilmentService {
  /**
   * Sends goods of a paid order, whole or in part, in any order. The parcel counts as handed over, unless it is `announced`.
   * @throws order.not_found, fulfilment.supplier_order_not_found, fulfilment.line_not_found, fulfilment.several_suppliers, fulfilment.not_paid, fulfilment.exceeds_quantity
   */
  ship(input: ShipInput, call?: Call): Promise<Shipment>
  /** An announced parcel leaves the supplier: stock goes down. @throws order.not_paid, fulfilment.shipment_not_found, fulfilment.step_refused */
  handOver(input: ShipmentIdInput, call?: Call): Promise<Shipment>
  /** Corrects or adds carrier, number and link. @throws fulfilment.shipment_not_found, fulfilment.step_refused */
  setTracking(input: SetTrackingInput, call?: Call): Promise<Shipment>
  /** Asks the carrier where a parcel is, and takes its word. No transaction may be open. @throws fulfilment.shipment_not_found, fulfilment.not_trackable */
  track(input: ShipmentIdInput, call?: Call): Promise<Shipment>
  /**
   * Buys the label of an announced parcel from a connected carrier: the one that is named, that of the parcel, or that of the shipping method that the customer
   * chose. The parcel then has the label's number. Again, it gives the same label. No transaction may be open.
   * @throws fulfilment.shipment_not_found, fulfilment.no_label, fulfilment.label_refused, fulfilment.carrier_unreachable
   */
  buyLabel(input: BuyLabelInput, call?: Call): Promise<Shipment>
  /**
   * Gives back the label of a parcel that has not left; a canceled parcel's is given back by itself. The parcel is then without a number. No transaction may be open.
   * @throws fulfilment.shipment_not_found, fulfilment.label_not_voidable, fulfilment.carrier_unreachable
   */
  voidLabel(input: ShipmentIdInput, call?: Call): Promise<Shipment>
  /** All of a parcel has arrived. @throws fulfilment.shipment_not_found, fulfilment.step_refused, fulfilment.backdated, fulfilment.in_future */
  deliver(input: DeliverInput, call?: Call): Promise<Shipment>
  /**
   * All that remains of these lines has arrived, shipped or not: for imports, downloads, and goods that are handed over. Again, it changes nothing.
   * @throws order.not_found, order.not_paid, fulfilment.line_not_found, fulfilment.backdated, fulfilment.in_future
   */
  deliverLines(input: DeliverLinesInput, call?: Call): Promise<DeliverLinesOutput>
  /** Unpacks a parcel that is announced and not handed over. @throws fulfilment.shipment_not_found, fulfilment.not_cancelable */
  cancelShipment(input: ShipmentIdInput, call?: Call): Promise<Shipment>
  /** @throws fulfilment.shipment_not_found */
  get(input: ShipmentIdInput, call?: Call): Promise<Shipment>
  /** In the order of creation. */
  list(input?: ListShipmentsInput, call?: Call): Promise<Page<Shipment>>
}

/** The fulfilment room. */
export interface Fulfilment {
  readonly service: FulfilmentService
  /** What the recurring job does: asks connected carriers about parcels under way. @returns how many had news */
  trackAll(): Promise<number>
}

const trackMillis = 30 * 60_000

export function createFulfilment(deps: FulfilmentDeps): Fulfilment {
  const { kernel } = deps
  const { command, query, process } = kernel.useCases
  const record = recordChanges(deps)
  const steps = shipmentSteps(deps, record)
  const tracking = trackShipments(deps, record)
  const labels = createLabels(deps, record)
  const list = query('fulfilment.list', listShipmentsInput, listShipments)
  cancelAnnounced(deps, record)
  kernel.jobs.every('fulfilment.track', { everyMillis: trackMillis }, async () => {
    await tracking.trackAll()
  })
  return {
    trackAll: tracking.trackAll,
    service: {
      ship: command('fulfilment.ship', shipInput, ship(deps, record)),
      handOver: command('fulfilment.handOver', shipmentIdInput, steps.handOver),
      setTracking: command('fulfilment.setTracking', setTrackingInput, steps.setTracking),
      track: process('fulfilment.track', shipmentIdInput, tracking.track),
      buyLabel: process('fulfilment.buyLabel', buyLabelInput, labels.buy),
      voidLabel: process('fulfilment.voidLabel', shipmentIdInput, labels.giveBack),
      deliver: command('fulfilment.deliver', deliverInput, steps.deliver),
      deliverLines: command('fulfilment.deliverLines', deliverLinesInput, deliverLines(deps, record)),
      cancelShipment: command('fulfilment.cancelShipment', shipmentIdInput, steps.cancel),
      get: query('fulfilment.get', shipmentIdInput, getShipment),
      list: (input = {}, call) => list(input, call),
    },
  }
}
