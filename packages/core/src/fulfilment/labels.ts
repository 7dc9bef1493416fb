/** Labels at the carrier: what is asked is noted first, the carrier is asked between transactions, and its answer is taken under the parcel's lock. */
import * as z from 'zod'
import { type Call, type Caller, CommerceError, type Tx } from '../kernel/index.js'
import type { Carrier, Label, LabelRefused, LabelRequest, VoidedLabel } from '../ports/index.js'
import { type BuyLabelInput, chooseCarrier, labelRequest } from './buy-label.js'
import type { FulfilmentDeps } from './deps.js'
import { carrierUnreachable, labelNotVoidable, labelRefused, noLabel, shipmentNotFound } from './errors.js'
import { askLabel, bought, enqueueVoid, mayBeCharged, refusedLabel, voided, voidLabelJob } from './label.js'
import { type Parcel, toShipment } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import type { Shipment } from './shipment.js'
import { loadParcels } from './shipment.sql.js'
import { lockParcel, type ShipmentIdInput } from './shipment-steps.js'

export interface Labels {
  buy(input: BuyLabelInput, call: Call, caller: Caller): Promise<Shipment>
  giveBack(input: ShipmentIdInput, call: Call): Promise<Shipment>
}

const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .nullable()
const soldOrRefused: z.ZodType<Label | LabelRefused> = z.union([
  z.object({ labelRef: z.string().min(1).max(160), trackingNumber: z.string().min(1).max(120), trackingUrl: url, labelUrl: url }),
  z.object({ refused: z.string().min(1) }),
])
const voidedOrNot: z.ZodType<VoidedLabel> = z.object({ voided: z.boolean(), reason: z.string().nullable() })

export function createLabels(deps: FulfilmentDeps, record: RecordChanges): Labels {
  const { kernel, orders, adapters } = deps
  const { database } = kernel
  const connected = new Map(adapters.carriers.map((carrier) => [carrier.id, carrier]))

  /** What does not answer, or answers nonsense, has perhaps acted all the same. @throws fulfilment.carrier_unreachable, tx.outside_call */
  async function ask<Answer>(carrier: string, what: string, schema: z.ZodType<Answer>, request: () => Promise<unknown>): Promise<Answer> {
    database.assertOutside(`carrier ${carrier}`)
    try {
      return schema.parse(await request())
    } catch (error) {
      throw carrierUnreachable({ carrier, what, problem: error instanceof z.ZodError ? z.prettifyError(error) : String(error) }, error)
    }
  }

  /** Under the parcel's lock, by what is stored. @returns the parcel as it is then */
  function step(call: Call, shipmentId: string, by: string, change: (before: Parcel, tx: Tx) => Promise<Parcel> | Parcel): Promise<Parcel> {
    return database.transaction(call, async (tx) => {
      const before = await lockParcel(tx, orders, shipmentId)
      const after = await change(before, tx)
      if (after !== before) await record(tx, [{ before, after }], by)
      return after
    })
  }

  /** What came too late for its parcel is stored, so that it can be given back, and then is. */
  async function take(before: Parcel, answer: Label, tx: Tx): Promise<Parcel> {
    const { labelStatus } = before.shipment
    if (labelStatus === 'bought') return before
    const after = bought(before, answer)
    if (labelStatus === 'voided') await enqueueVoid(kernel, tx, [after.shipment])
    return after
  }

  async function buy(input: BuyLabelInput, call: Call, { by }: Caller): Promise<Shipment> {
    const { shipmentId } = input
    if (call.tx !== undefined) throw noLabel({ shipmentId, reason: 'a transaction is open; buy it after its commit' })
    let request: LabelRequest | undefined
    const asked = await step(call, shipmentId, by, async (before, tx) => {
      request = undefined
      if (before.shipment.labelStatus === 'bought') return before
      const choice = await chooseCarrier(deps, tx, before, input)
      if (!connected.get(choice.carrier)?.label)
        throw noLabel({ shipmentId, reason: `no carrier "${choice.carrier}" is connected that sells labels` })
      request = await labelRequest(tx, before, choice.service)
      return askLabel(before, choice)
    })
    const carrier = connected.get(asked.shipment.labelCarrier ?? '')
    const wanted = request
    if (!wanted || !carrier) return toShipment(asked)
    const answer = await ask(carrier.id, 'a label', soldOrRefused, async () => carrier.label?.(wanted))
    const said = `carrier:${carrier.id}`
    if ('labelRef' in answer) return toShipment(await step(call, shipmentId, said, (before, tx) => take(before, answer, tx)))
    await step(call, shipmentId, said, (before) => (before.shipment.labelStatus === 'asked' ? refusedLabel(before) : before))
    throw labelRefused({ shipmentId, carrier: carrier.id, reason: answer.refused })
  }

  async function giveBack({ shipmentId }: ShipmentIdInput, call: Call): Promise<Shipment> {
    if (call.tx !== undefined) throw labelNotVoidable({ shipmentId, reason: 'a transaction is open; void it after its commit' })
    const [found] = await database.read(call, (reader) => loadParcels(reader, { id: shipmentId }))
    if (!found) throw shipmentNotFound({ shipmentId })
    const { status, labelStatus, labelRef, labelCarrier } = found.shipment
    if (labelStatus === 'voided') return toShipment(found)
    if (!mayBeCharged(found.shipment)) throw labelNotVoidable({ shipmentId, reason: 'none was bought' })
    if (status !== 'announced' && status !== 'canceled') throw labelNotVoidable({ shipmentId, reason: `the parcel is ${status}` })
    const carrier: Carrier | undefined = connected.get(labelCarrier ?? '')
    if (!carrier?.voidLabel)
      throw labelNotVoidable({ shipmentId, reason: `no carrier "${labelCarrier}" is connected that takes labels back` })
    const { voided: done, reason } = await ask(carrier.id, 'the void of a label', voidedOrNot, async () =>
      carrier.voidLabel?.({ shipmentId, labelRef }),
    )
    if (!done) throw labelNotVoidable({ shipmentId, reason: reason ?? `${carrier.id} does not take it back` })
    return toShipment(await step(call, shipmentId, `carrier:${carrier.id}`, (before) => voided(before)))
  }

  kernel.jobs.define<ShipmentIdInput>(voidLabelJob, async (input) => {
    await giveBack(input, {}).catch((error: unknown) => {
      // A carrier that refuses will refuse again: somebody has to know, and no job needs to repeat it.
      if (!(CommerceError.is(error) && error.code === 'fulfilment.label_not_voidable')) throw error
      kernel.report(`the label of the canceled shipment ${input.shipmentId} is still charged for`, error)
    })
  })

  return { buy, giveBack }
}
