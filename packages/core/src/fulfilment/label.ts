/** A parcel's label as it is stored, and what each answer of the carrier makes of it. Pure but for the job that gives it back. */
import type { Kernel, Tx } from '../kernel/index.js'
import type { Label } from '../ports/index.js'
import { noLabel } from './errors.js'
import { type Parcel, relabel } from './parcel.js'
import type { ShipmentRow } from './shipment.entity.js'
import { underWay } from './shipment.js'

/** Of whom a label is asked. */
export interface LabelChoice {
  readonly carrier: string
  /** Null: the carrier's usual one. */
  readonly service: string | null
}

/**
 * The label is asked for. What was asked before stays pinned: the other carrier may have sold one, and its answer was lost.
 * @throws fulfilment.no_label
 */
export function askLabel({ shipment, lines }: Parcel, { carrier, service }: LabelChoice): Parcel {
  const { id: shipmentId, status, labelStatus, labelCarrier, labelService } = shipment
  if (labelStatus === 'voided') throw noLabel({ shipmentId, reason: 'its label was given back; cancel the shipment and pack another' })
  if (status !== 'announced') throw noLabel({ shipmentId, reason: `it is ${status}, and a label is for a parcel that is announced` })
  if (labelStatus === 'asked' && (labelCarrier !== carrier || labelService !== service))
    throw noLabel({ shipmentId, reason: `${labelCarrier} was asked, and its answer is not known; ask it again, or void the label first` })
  return { shipment: { ...shipment, labelStatus: 'asked', labelCarrier: carrier, labelService: service }, lines }
}

/** The carrier has sold it. A parcel that is canceled by now gets no number from it, and neither does one that is there already. */
export function bought(parcel: Parcel, { labelRef, labelUrl, trackingNumber, trackingUrl }: Label): Parcel {
  const { shipment, lines } = parcel
  const labeled: Parcel = { shipment: { ...shipment, labelStatus: 'bought', labelRef, labelUrl }, lines }
  if (!underWay.includes(shipment.status)) return labeled
  return relabel(labeled, {
    carrier: shipment.labelCarrier ?? undefined,
    trackingNumber,
    trackingUrl: trackingUrl ?? undefined,
  })
}

/** The carrier does not sell it: nothing was ever asked. */
export function refusedLabel({ shipment, lines }: Parcel): Parcel {
  return { shipment: { ...shipment, labelStatus: null, labelCarrier: null, labelService: null }, lines }
}

/** It has been given back, and its number leads nowhere. */
export function voided({ shipment, lines }: Parcel): Parcel {
  return { shipment: { ...shipment, labelStatus: 'voided', trackingNumber: null, trackingUrl: null }, lines }
}

/** Whether there is, or may be, a label that costs something. */
export function mayBeCharged({ labelStatus }: Pick<ShipmentRow, 'labelStatus'>): boolean {
  return labelStatus === 'asked' || labelStatus === 'bought'
}

export const voidLabelJob = 'fulfilment.void_label'

/** Labels of parcels that will not be sent are given back once this has committed: the carrier is outside. */
export async function enqueueVoid({ jobs }: Pick<Kernel, 'jobs'>, tx: Tx, shipments: readonly ShipmentRow[]): Promise<void> {
  const charged = shipments.filter(mayBeCharged)
  if (charged.length === 0) return
  await jobs.enqueue(
    tx,
    voidLabelJob,
    charged.map(({ id }) => ({ key: id, payload: { shipmentId: id } })),
  )
}
