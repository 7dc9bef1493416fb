import type { OrderHooks } from '../order/index.js'
import type { FulfilmentDeps } from './deps.js'
import { cancel, type Parcel } from './parcel.js'
import type { RecordChanges } from './record-changes.js'
import { loadParcels } from './shipment.sql.js'

/** What is canceled must not leave the house any more: parcels that wait with such a line in them are unpacked. */
export function cancelAnnounced({ kernel }: Pick<FulfilmentDeps, 'kernel'>, record: RecordChanges): void {
  kernel.hooks<OrderHooks>().join('order.canceled', async ({ orders }, tx) => {
    const canceled = new Set(orders.flatMap((order) => order.lineIds))
    const waiting = await loadParcels(tx, { orderId: orders.map(({ order }) => order.id), status: 'announced' })
    const touched = waiting.filter(({ lines }: Parcel) => lines.some((line) => canceled.has(line.lineId)))
    await record(
      tx,
      touched.map((before) => ({ before, after: cancel(before, tx.now) })),
      'system',
    )
  })
}
