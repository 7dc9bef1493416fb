import * as z from 'zod'
import { type Caller, groupBy, id, type Timestamp, type Tx, time } from '../kernel/index.js'
import { eachLineOnce, type OrderAggregate, type OrderLine } from '../order/index.js'
import { arrivalTime } from './arrival-time.js'
import type { FulfilmentDeps } from './deps.js'
import { lineNotFound } from './errors.js'
import { arrive, newParcel, type Parcel, type ParcelChange } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import { type PackedUnits, unsent } from './sendable.js'
import { underWay } from './shipment.js'
import { loadParcels, newlyDelivered } from './shipment.sql.js'

/** A line of which all has arrived. */
export interface ArrivedLine {
  readonly orderId: string
  readonly lineId: string
  /** When; in the past only for the host's own code, since the hold counts from it. @default now */
  readonly at?: Timestamp | undefined
}

export interface DeliverLinesInput {
  /** Of any number of orders, up to 5,000 lines; each line once. */
  readonly lines: readonly ArrivedLine[]
}

export interface DeliverLinesOutput {
  /** Lines that had something left to deliver; the others are left alone, so the same call again changes nothing. */
  readonly delivered: number
}

export const deliverLinesInput: z.ZodType<DeliverLinesInput> = z.object({
  lines: eachLineOnce(z.object({ orderId: id, lineId: id, at: time.optional() }), 5000),
})

/**
 * All that remains of these lines has arrived: parcels of theirs under way, and what was never put into one (imports, downloads, goods handed over a counter),
 * for which a delivered shipment for each supplier is written.
 * @throws order.not_found, order.not_paid, fulfilment.line_not_found, fulfilment.backdated, fulfilment.in_future
 */
export function deliverLines(
  { kernel, orders }: FulfilmentDeps,
  record: RecordChanges,
): (tx: Tx, input: DeliverLinesInput, caller: Caller) => Promise<DeliverLinesOutput> {
  return async (tx, { lines }, caller) => {
    const at = new Map(lines.map((line) => [line.lineId, arrivalTime(line.at, tx.now, caller)]))
    const locked = await orders.lockMany(tx, [...new Set(lines.map((line) => line.orderId))])
    const named = findLines(locked, lines)
    const parcels = await loadParcels(tx, { orderId: [...locked.keys()], status: underWay })

    const changes: ParcelChange[] = [
      ...parcels.filter((parcel) => awaits(parcel, at)).map((before) => ({ before, after: arrive(before, at) })),
      ...unsentByPart(locked, named, parcels).map((packed) => ({
        before: null,
        after: arrive(newParcel(kernel.ids('shp'), packed, {}, tx.now), at),
      })),
    ]
    await record(tx, changes, caller.by)
    return { delivered: new Set(changes.flatMap(newlyDelivered).map((line) => line.lineId)).size }
  }
}

function findLines(orders: ReadonlyMap<string, OrderAggregate>, named: readonly ArrivedLine[]): readonly OrderLine[] {
  const known = new Map([...orders.values()].flatMap((order) => order.lines).map((line) => [line.id, line]))
  return named.map(({ orderId, lineId }) => {
    const line = known.get(lineId)
    if (line?.orderId !== orderId) throw lineNotFound({ orderId, lineId })
    return line
  })
}

function awaits({ lines }: Parcel, at: ReadonlyMap<string, Timestamp>): boolean {
  return lines.some((line) => line.deliveredAt === null && at.has(line.lineId))
}

/** What no parcel holds, together by supplier's part. */
function unsentByPart(
  orders: ReadonlyMap<string, OrderAggregate>,
  lines: readonly OrderLine[],
  parcels: readonly Parcel[],
): readonly PackedUnits[] {
  const announced = new Map<string, number>()
  for (const { lineId, quantity } of parcels.filter(({ shipment }) => shipment.status === 'announced').flatMap((parcel) => parcel.lines)) {
    announced.set(lineId, (announced.get(lineId) ?? 0) + quantity)
  }
  const units = lines.map((line) => ({ line, quantity: unsent(line, announced.get(line.id)) })).filter(({ quantity }) => quantity > 0)
  const byPart = groupBy(units, ({ line }) => line.supplierOrderId)
  return [...orders.values()]
    .flatMap((order) => order.supplierOrders)
    .flatMap((part) => {
      const its = byPart.get(part.id)
      return its ? [{ part, units: its }] : []
    })
}
