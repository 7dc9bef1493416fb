import * as z from 'zod'
import { contactTable } from '../customer/index.js'
import { id, line, type Reader } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { orderLineTable, orderTable, supplierOrderTable } from '../order/index.js'
import type { LabelAddress, LabelRequest } from '../ports/index.js'
import type { FulfilmentDeps } from './deps.js'
import { noLabel } from './errors.js'
import type { LabelChoice } from './label.js'
import type { Parcel } from './parcel.js'
import type { ShipmentIdInput } from './shipment-steps.js'

export interface BuyLabelInput extends ShipmentIdInput {
  /** Id of a connected carrier. @default the parcel's, else that of the shipping method that the customer chose */
  readonly carrier?: string | undefined
  /** The carrier's name of the service. @default the shipping method's, where that is the carrier's; else the carrier's usual one */
  readonly service?: string | undefined
}

export const buyLabelInput: z.ZodType<BuyLabelInput> = z.object({
  shipmentId: id,
  carrier: line(40).optional(),
  service: line(120).optional(),
})

/** Of whom a parcel's label is asked: who is named, who was asked before, whom the parcel or the customer's choice names. @throws fulfilment.no_label */
export async function chooseCarrier(
  { shipping }: Pick<FulfilmentDeps, 'shipping'>,
  reader: Reader,
  { shipment }: Parcel,
  { carrier, service }: BuyLabelInput,
): Promise<LabelChoice> {
  const { id: shipmentId, supplierOrderId, labelStatus, labelCarrier, labelService } = shipment
  if (labelStatus !== null && labelCarrier !== null && (carrier ?? labelCarrier) === labelCarrier)
    return { carrier: labelCarrier, service: service ?? labelService }
  const part = await reader.findOne(supplierOrderTable, { id: supplierOrderId })
  const methodId = part?.shippingMethodId ?? null
  const method = methodId === null ? undefined : (await shipping.find(reader, [methodId])).get(methodId)
  const chosen = carrier ?? shipment.carrier ?? method?.carrier ?? null
  if (chosen === null) throw noLabel({ shipmentId, reason: 'neither it nor its shipping method names a carrier; name one' })
  return { carrier: chosen, service: service ?? (method?.carrier === chosen ? method.service : null) }
}

/** What the carrier is told. @throws fulfilment.no_label */
export async function labelRequest(reader: Reader, { shipment, lines }: Parcel, service: string | null): Promise<LabelRequest> {
  const { id: shipmentId, orderId, supplierId } = shipment
  const units = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]))
  const sold = await reader.find(orderLineTable, { id: [...units.keys()] })
  // A line's weight is that of all its units.
  const weights = sold.map((row) => Math.ceil(((row.weightGrams ?? 0) * (units.get(row.id) ?? 0)) / row.quantity))
  return { shipmentId, supplierId, service, to: await addressOf(reader, shipmentId, orderId), weightGrams: sumAmounts(weights) }
}

async function addressOf(reader: Reader, shipmentId: string, orderId: string): Promise<LabelAddress> {
  const order = await reader.findOne(orderTable, { id: orderId })
  const contactId = order?.contactId ?? null
  const contact = contactId === null ? undefined : await reader.findOne(contactTable, { id: contactId })
  if (!contact) throw noLabel({ shipmentId, reason: 'its order has no address' })
  const { name, line1, company, phone, country, region, city, postalCode, line2 } = contact
  if (name === null || line1 === null) throw noLabel({ shipmentId, reason: 'the address of its order was erased with its customer' })
  return { name, line1, company, phone, country, region, city, postalCode, line2 }
}
