import type { Order, Shipment } from '@entrepot/core'
import { moment } from '../print/format.js'
import { cny, known, partyName, supplierName, until, type World } from '../world.js'

/** Every supplier sends its own parcel; on delivery the hold begins. */
export async function shipping(world: World, order: Order, others: readonly Order[]): Promise<void> {
  const { commerce, clock, stage, people } = world
  const watched = ['CN-01-1', 'YL-04-1'].map((sku) => ({ sku, offerId: known(people.offers, sku) }))
  const levels = () => Promise.all(watched.map(({ offerId }) => commerce.inventory.level({ offerId })))
  const before = await levels()
  await until(world, '2026-03-03T09:30:00+08:00')
  const sent = await shipAll(world, [order, ...others])
  const after = await levels()
  await until(world, '2026-03-05T14:00:00+08:00')
  const delivered = await Promise.all(sent.map(({ id }) => commerce.fulfilment.deliver({ shipmentId: id })))

  stage.scene(
    'Two parcels, from Jingdezhen and Kunming',
    clock.now(),
    'Each supplier packs its own part of the order. What was reserved leaves the shelf when the parcel is handed over, and on delivery the hold begins.',
  )
  stage.table({
    head: ['Parcel of', 'Carrier and number', '>Units', 'Handed over', 'Delivered'],
    rows: delivered
      .filter(({ orderId }) => orderId === order.id)
      .map((parcel) => [
        supplierName(people, parcel.supplierId),
        `${parcel.carrier} ${parcel.trackingNumber}`,
        parcel.lines.reduce((sum, line) => sum + line.quantity, 0),
        parcel.handedOverAt === null ? '' : moment(parcel.handedOverAt),
        parcel.deliveredAt === null ? '' : moment(parcel.deliveredAt),
      ]),
  })
  stage.table({
    head: ['Stock of', '>On hand', '>Reserved', '>To sell', '', '>On hand', '>Reserved', '>To sell'],
    rows: watched.map(({ sku }, index) => {
      const [then, now] = [before[index], after[index]]
      return [
        sku,
        then?.onHand ?? 0,
        then?.reserved ?? 0,
        then?.available ?? 0,
        '→',
        now?.onHand ?? 0,
        now?.reserved ?? 0,
        now?.available ?? 0,
      ]
    }),
  })
  const claims = await claimsOf(world)
  stage.table({
    head: ['Claims of the day', '>Held', '>Available'],
    rows: claims.map(({ party, pending, available }) => [partyName(people, party), cny(pending), cny(available)]),
  })
}

/** One parcel per supplier's part. */
async function shipAll({ commerce }: World, orders: readonly Order[]): Promise<readonly Shipment[]> {
  const parcels: Shipment[] = []
  for (const order of orders) {
    for (const part of order.supplierOrders) {
      const carrier = part.shippingMethodName ?? ''
      parcels.push(
        await commerce.fulfilment.ship({
          supplierOrderId: part.id,
          lines: order.lines
            .filter((line) => line.supplierOrderId === part.id)
            .map((line) => ({ lineId: line.id, quantity: line.quantity })),
          carrier,
          trackingNumber: `${carrier.slice(0, 2).toUpperCase()}${4600130 + parcels.length * 17}`,
        }),
      )
    }
  }
  return parcels
}

/** What suppliers and distributors are owed, in the order in which they were seeded. */
export async function claimsOf({ commerce, people }: Pick<World, 'commerce' | 'people'>): Promise<readonly Claim[]> {
  const parties = [
    ...[...people.suppliers.values()].map(({ id }) => `supplier:${id}`),
    ...[...people.distributors.values()].map(({ id }) => `distributor:${id}`),
  ]
  return Promise.all(
    parties.map(async (party) => {
      const [claims] = await commerce.settlement.balances({ party })
      return {
        party,
        pending: claims?.pending ?? 0,
        available: claims?.available ?? 0,
        inPayout: claims?.inPayout ?? 0,
        paid: claims?.paid ?? 0,
      }
    }),
  )
}

/** Minor units. */
export interface Claim {
  readonly party: string
  readonly pending: number
  readonly available: number
  readonly inPayout: number
  readonly paid: number
}
