import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Order } from '../order/index.js'
import type { Carrier, TrackingState } from '../ports/index.js'
import { testDatabases } from '../testing/index.js'
import { openSales, type SaleFixture } from '../testing/sale.fixture.js'

for (const database of testDatabases()) {
  describe(`tracking on ${database.name}`, () => {
    let shop: SaleFixture
    let supplierId: string
    let order: Order
    let down: boolean
    let parcels = 0
    const said = new Map<string, TrackingState>()
    const asked: string[] = []
    const carrier: Carrier = {
      id: 'swift',
      rates: async (wanted) => wanted.map(() => []),
      track: async (numbers) => {
        asked.push(...numbers)
        // A carrier is a call to the outside: it must find no transaction open.
        await shop.kernel.database.read(undefined, async () => {})
        if (down) throw new Error('swift is down')
        return new Map([...said].filter(([number]) => numbers.includes(number)))
      },
    }
    const silent: Carrier = { id: 'silent', rates: async (wanted) => wanted.map(() => []) }
    const fulfilment = () => shop.fulfilment.service
    const now = () => shop.kernel.clock.now()
    const say = (number: string, status: TrackingState['status'], at = now()) =>
      said.set(number, { status, at, description: `${status} it is` })
    async function send(by: string | undefined = 'swift', announced = false): Promise<{ shipmentId: string; number: string }> {
      const number = `SW${++parcels}`
      const lines = [{ lineId: order.lines[0]?.id ?? '', quantity: 1 }]
      const { id: shipmentId } = await fulfilment().ship({ orderId: order.id, lines, carrier: by, trackingNumber: number, announced })
      return { shipmentId, number }
    }

    beforeAll(async () => {
      shop = await openSales(database, { carriers: [carrier, silent] })
      supplierId = await shop.supplier()
    })
    afterAll(() => shop.close())
    beforeEach(async () => {
      down = false
      said.clear()
      const [offerId = ''] = await shop.goods(supplierId, [{ shippable: false }])
      order = await shop.order([{ offerId, quantity: 3 }])
      asked.length = 0
    })

    it("takes the carrier's word", async () => {
      const { shipmentId, number } = await send('swift', true)
      say(number, 'in_transit')
      expect(await fulfilment().track({ shipmentId })).toMatchObject({
        status: 'in_transit',
        carrierNote: 'in_transit it is',
        trackedAt: now(),
      })
      say(number, 'delivered')
      expect(await fulfilment().track({ shipmentId })).toMatchObject({ status: 'delivered', deliveredAt: now() })
      expect((await shop.orders.service.get({ orderId: order.id })).lines[0]).toMatchObject({ fulfilled: 1, delivered: 1 })
    })

    it('believes no word from before the order: the carrier has given the number again', async () => {
      const { shipmentId, number } = await send()
      say(number, 'delivered', '2025-06-01T00:00:00.000Z')
      expect(await fulfilment().track({ shipmentId })).toMatchObject({ status: 'in_transit', trackedAt: null })
    })

    it('asks about all parcels under way, and no others', async () => {
      const [first, second, third] = [await send(), await send(), await send('silent')]
      await fulfilment().deliver({ shipmentId: first.shipmentId })
      say(second.number, 'failed')
      expect(await shop.fulfilment.trackAll()).toBe(1)
      expect(asked).toContain(second.number)
      expect(asked).not.toContain(first.number)
      expect(asked).not.toContain(third.number)
      expect(await fulfilment().get({ shipmentId: second.shipmentId })).toMatchObject({ status: 'failed' })
      expect(await shop.fulfilment.trackAll()).toBe(0)
    })

    it('goes on when a carrier does not answer', async () => {
      const { shipmentId, number } = await send()
      say(number, 'delivered')
      down = true
      expect(await shop.fulfilment.trackAll()).toBe(0)
      expect(shop.reports.at(-1)).toMatchObject({ message: expect.stringContaining('carrier swift could not be asked') })
      await expect(fulfilment().track({ shipmentId })).rejects.toThrow('swift is down')
      down = false
      expect(await shop.fulfilment.trackAll()).toBe(1)
    })

    it('takes the words about other parcels where one cannot be taken', async () => {
      const [first, second] = [await send(), await send()]
      say(first.number, 'delivered', 'yesterday')
      say(second.number, 'delivered')
      expect(await shop.fulfilment.trackAll()).toBe(1)
      expect(await fulfilment().get({ shipmentId: second.shipmentId })).toMatchObject({ status: 'delivered' })
      expect(shop.reports.at(-1)).toMatchObject({ message: `what carrier swift says of ${first.shipmentId} cannot be taken` })
    })

    it('says why nobody can be asked', async () => {
      for (const by of ['silent', 'pigeon']) {
        const { shipmentId } = await send(by)
        await expect(fulfilment().track({ shipmentId })).rejects.toMatchObject({ code: 'fulfilment.not_trackable' })
      }
      const { shipmentId } = await send()
      await shop.kernel.database.transaction(undefined, async (tx) => {
        await expect(fulfilment().track({ shipmentId }, { tx })).rejects.toMatchObject({ code: 'fulfilment.not_trackable' })
      })
      expect(asked).toEqual([])
    })
  })
}
