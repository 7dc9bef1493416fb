import { addDays, type Call, columns, groupBy, inList, sql, timestamp } from '../kernel/index.js'
import { orderTable } from '../order/index.js'
import type { Carrier, TrackingState } from '../ports/index.js'
import type { FulfilmentDeps } from './deps.js'
import { notTrackable, shipmentNotFound } from './errors.js'
import { heard, toShipment } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import { type ShipmentRow, shipmentTable } from './shipment.entity.js'
import { isNews, type Shipment, underWay } from './shipment.js'
import { loadParcels } from './shipment.sql.js'
import { lockParcel, type ShipmentIdInput } from './shipment-steps.js'

/** A carrier that can be asked where parcels are. */
type AskableCarrier = Carrier & Required<Pick<Carrier, 'track'>>

const atOnce = 100
/** A parcel that nobody has heard of for so long is asked about no more, unless by `track`. */
const followedDays = 90

export interface Tracking {
  /** Asks the carrier about one parcel, and takes what it says. */
  track(input: ShipmentIdInput, call: Call): Promise<Shipment>
  /** Asks all carriers about all parcels under way. @returns how many had news */
  trackAll(): Promise<number>
}

/** Carriers are asked between transactions; what they say is taken in one of its own for each parcel, so that one refusal holds up no other. */
export function trackShipments({ kernel, orders, adapters }: FulfilmentDeps, record: RecordChanges): Tracking {
  const { database } = kernel
  const askable = new Map(
    adapters.carriers.filter((carrier): carrier is AskableCarrier => carrier.track !== undefined).map((carrier) => [carrier.id, carrier]),
  )

  async function ask(carrier: AskableCarrier, numbers: readonly string[]): Promise<ReadonlyMap<string, TrackingState>> {
    database.assertOutside(`carrier ${carrier.id}`)
    return carrier.track(numbers)
  }

  /** @returns whether it was news */
  async function take(asked: ShipmentRow, said: TrackingState | undefined): Promise<boolean> {
    const word = said && { ...said, at: timestamp(said.at) }
    // Most answers are what was known already, and need no transaction.
    if (!word || !isNews({ ...asked, notBefore: '' }, word)) return false
    return database.transaction(undefined, async (tx) => {
      const before = await lockParcel(tx, orders, asked.id)
      const { shipment } = before
      const order = await tx.findOne(orderTable, { id: shipment.orderId })
      const meant = shipment.carrier === asked.carrier && shipment.trackingNumber === asked.trackingNumber
      if (!order || !meant || !isNews({ ...shipment, notBefore: order.placedAt }, word)) return false
      await record(tx, [{ before, after: heard(before, word, tx.now) }], `carrier:${asked.carrier}`)
      return true
    })
  }

  /** The parcels after that one that can be asked about, in the order of their ids. */
  function nextToAsk(after: string): Promise<readonly ShipmentRow[]> {
    return database.read(undefined, async (reader) => {
      const rows = await reader.all(sql`
        SELECT ${columns(shipmentTable)} FROM ${shipmentTable}
        WHERE ${inList(sql`status`, underWay)} AND ${inList(sql`carrier`, [...askable.keys()])} AND tracking_number IS NOT NULL
          AND created_at > ${addDays(reader.now, -followedDays)} AND id > ${after} ORDER BY id LIMIT ${atOnce}`)
      return rows.map(shipmentTable.read)
    })
  }

  /** Failures are told and left to the next round: no carrier waits for another, and no parcel either. @returns how many had news */
  async function askAbout(carrier: AskableCarrier, shipments: readonly ShipmentRow[]): Promise<number> {
    const numbers = shipments.flatMap((shipment) => shipment.trackingNumber ?? [])
    const words = await ask(carrier, numbers).catch((error: unknown) => {
      kernel.report(`carrier ${carrier.id} could not be asked about ${numbers.length} shipment(s)`, error)
      return new Map<string, TrackingState>()
    })
    let news = 0
    for (const shipment of shipments) {
      const taken = take(shipment, words.get(shipment.trackingNumber ?? ''))
      if (await taken.catch((error: unknown) => kernel.report(`what carrier ${carrier.id} says of ${shipment.id} cannot be taken`, error)))
        news++
    }
    return news
  }

  return {
    async track({ shipmentId }, call) {
      const [asked] = await database.read(call, (reader) => loadParcels(reader, { id: shipmentId }))
      if (!asked) throw shipmentNotFound({ shipmentId })
      const { carrier: name, trackingNumber } = asked.shipment
      const carrier = askable.get(name ?? '')
      if (call.tx !== undefined) throw notTrackable({ shipmentId, reason: 'a transaction is open; ask after its commit' })
      if (name === null) throw notTrackable({ shipmentId, reason: 'it has no carrier' })
      if (!carrier) throw notTrackable({ shipmentId, reason: `no carrier "${name}" is connected that can be asked` })
      if (trackingNumber === null) throw notTrackable({ shipmentId, reason: 'it has no tracking number' })
      await take(asked.shipment, (await ask(carrier, [trackingNumber])).get(trackingNumber))
      const [known = asked] = await database.read(undefined, (reader) => loadParcels(reader, { id: shipmentId }))
      return toShipment(known)
    },
    async trackAll() {
      let news = 0
      for (let page = await nextToAsk(''); page.length > 0; page = await nextToAsk(page.at(-1)?.id ?? '')) {
        const byCarrier = groupBy(page, (shipment) => shipment.carrier ?? '')
        for (const [id, shipments] of byCarrier) {
          const carrier = askable.get(id)
          if (carrier) news += await askAbout(carrier, shipments)
        }
      }
      return news
    },
  }
}
