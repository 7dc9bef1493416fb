/** Steps of one parcel. Each locks its order, reads it anew, and says what it becomes. */
import * as z from 'zod'
import { type Caller, id, type Timestamp, type Tx, time } from '../kernel/index.js'
import { arrivalTime } from './arrival-time.js'
import type { FulfilmentDeps } from './deps.js'
import { shipmentNotFound } from './errors.js'
import { tracking } from './inputs.js'
import { cancel, deliver, handOver, type Parcel, relabel, toShipment } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import { shipmentTable } from './shipment.entity.js'
import type { Shipment } from './shipment.js'
import { loadParcels } from './shipment.sql.js'

export interface ShipmentIdInput {
  readonly shipmentId: string
}

export const shipmentIdInput: z.ZodType<ShipmentIdInput> = z.object({ shipmentId: id })

export interface DeliverInput extends ShipmentIdInput {
  /** When it arrived; in the past only for the host's own code, since the hold counts from it. @default now */
  readonly at?: Timestamp | undefined
}

export const deliverInput: z.ZodType<DeliverInput> = z.object({ shipmentId: id, at: time.optional() })

/** What is not given stays as it is. */
export interface SetTrackingInput extends ShipmentIdInput {
  readonly carrier?: string | undefined
  readonly trackingNumber?: string | undefined
  readonly trackingUrl?: string | undefined
}

export const setTrackingInput: z.ZodType<SetTrackingInput> = z.object({ shipmentId: id, ...tracking })

type Step<Input> = (tx: Tx, input: Input, caller: Caller) => Promise<Shipment>

export interface ShipmentSteps {
  handOver: Step<ShipmentIdInput>
  deliver: Step<DeliverInput>
  cancel: Step<ShipmentIdInput>
  setTracking: Step<SetTrackingInput>
}

export function shipmentSteps({ orders }: Pick<FulfilmentDeps, 'orders'>, record: RecordChanges): ShipmentSteps {
  const take =
    <Input extends ShipmentIdInput>(step: (parcel: Parcel, input: Input, tx: Tx, caller: Caller) => Parcel): Step<Input> =>
    async (tx, input, caller) => {
      const before = await lockParcel(tx, orders, input.shipmentId)
      const after = step(before, input, tx, caller)
      await record(tx, [{ before, after }], caller.by)
      return toShipment(after)
    }
  return {
    handOver: take((parcel, _, tx) => handOver(parcel, tx.now)),
    deliver: take((parcel, { at }, tx, caller) => deliver(parcel, arrivalTime(at, tx.now, caller))),
    cancel: take((parcel, _, tx) => cancel(parcel, tx.now)),
    setTracking: take((parcel, { shipmentId: _, ...said }) => relabel(parcel, said)),
  }
}

/** A parcel under the lock of its order. @throws fulfilment.shipment_not_found */
export async function lockParcel(tx: Tx, orders: FulfilmentDeps['orders'], shipmentId: string): Promise<Parcel> {
  // A shipment never changes its order, so that one may be read before the lock.
  const found = await tx.findOne(shipmentTable, { id: shipmentId })
  if (found) await orders.lock(tx, found.orderId)
  const [parcel] = found ? await loadParcels(tx, { id: shipmentId }) : []
  if (!parcel) throw shipmentNotFound({ shipmentId })
  return parcel
}
