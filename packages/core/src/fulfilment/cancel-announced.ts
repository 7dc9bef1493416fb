import type { OrderHooks } from '../order/index.js'
import type { FulfilmentDeps } from './deps.js'
import { cancel, type Parcel } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import { unsent } from './sendable.js'
import { loadParcels } from './shipment.sql.js'

type Canceled = Parameters<OrderHooks['order.canceled']>[0]['orders'][number]

/** What is canceled must not leave the house any more: parcels that wait with it are unpacked, the newest first. */
export function cancelAnnounced({ kernel }: Pick<FulfilmentDeps, 'kernel'>, record: RecordChanges): void {
  kernel.hooks<OrderHooks>().join('order.canceled', async ({ orders }, tx) => {
    const waiting = await loadParcels(tx, { orderId: orders.map(({ order }) => order.id), status: 'announced' })
    const unpacked = orders.flatMap((order) =>
      tooMuch(
        order,
        waiting.filter(({ shipment }) => shipment.orderId === order.order.id),
      ),
    )
    await record(
      tx,
      unpacked.map((before) => ({ before, after: cancel(before, tx.now) })),
      'system',
    )
  })
}

/** Parcels with units that are not to be sent. Of an open order, some of a line may still be. */
function tooMuch({ order, lines, lineIds }: Canceled, waiting: readonly Parcel[]): readonly Parcel[] {
  const canceled = new Set(lineIds)
  const left = new Map(lines.map((line) => [line.id, order.status === 'open' ? unsent(line) : 0]))
  const packed = new Map<string, number>()
  return waiting.filter((parcel) => {
    const its = parcel.lines.filter(({ lineId }) => canceled.has(lineId))
    const fits = its.every(({ lineId, quantity }) => (packed.get(lineId) ?? 0) + quantity <= (left.get(lineId) ?? 0))
    if (fits) for (const { lineId, quantity } of its) packed.set(lineId, (packed.get(lineId) ?? 0) + quantity)
    return !fits
  })
}
