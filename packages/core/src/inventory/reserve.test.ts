import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { expiry, type InventoryFixture, openInventory } from '../testing/inventory.fixture.js'

for (const database of testDatabases()) {
  describe(`reserving stock on ${database.name}`, () => {
    let room: InventoryFixture
    beforeEach(async () => {
      room = await openInventory(database)
    })
    afterEach(() => room.close())
    const level = (offerId = 'tea') => room.inventory.service.level({ offerId })

    it('promises units that stay on the shelf and can be bought by nobody else', async () => {
      await room.stock({ tea: 5 })
      await room.reserve({ quantity: 3 })
      expect(await level()).toMatchObject({ onHand: 5, reserved: 3, available: 2 })
    })

    it('reserves everything or nothing, and says what is missing', async () => {
      await room.stock({ tea: 5, cup: 1 })
      const items = [
        { lineId: 'l1', offerId: 'tea', quantity: 2 },
        { lineId: 'l2', offerId: 'cup', quantity: 2 },
      ]
      await expect(room.reserve({ items })).rejects.toMatchObject({
        code: 'inventory.insufficient',
        details: { offers: { cup: { wanted: 2, available: 1 } } },
      })
      expect(await level()).toMatchObject({ reserved: 0 })
    })

    it('does not sell the safety stock', async () => {
      await room.inventory.service.setStock({ offerId: 'tea', locationId: room.locationId, onHand: 5, safety: 2 })
      await expect(room.reserve({ quantity: 4 })).rejects.toMatchObject({ details: { offers: { tea: { wanted: 4, available: 3 } } } })
      await room.reserve({ quantity: 3 })
    })

    it('takes one line from several locations where it must', async () => {
      const { id: shop } = await room.inventory.service.createLocation({ name: 'Shop', kind: 'shop' })
      await room.stock({ tea: 3 })
      await room.inventory.service.setStock({ offerId: 'tea', locationId: shop, onHand: 4 })
      await room.reserve({ quantity: 6 })
      expect((await level()).locations.map(({ locationId, reserved }) => [locationId, reserved])).toEqual([
        [room.locationId, 2],
        [shop, 4],
      ])
    })

    it('changes nothing when the same request comes again, and refuses another quantity for the same line', async () => {
      await room.stock({ tea: 5 })
      await room.reserve({ quantity: 2 })
      await room.reserve({ quantity: 2 })
      expect(await level()).toMatchObject({ reserved: 2 })
      await expect(room.reserve({ quantity: 3 })).rejects.toMatchObject({ code: 'inventory.already_reserved' })
    })

    it('reserves anew what the same reference let lapse, also before the sweeper came', async () => {
      await room.stock({ tea: 2 })
      await room.reserve({ quantity: 2 })
      room.clock.set(expiry)
      await room.reserve({ quantity: 2, expiresAt: null })
      expect(await level()).toMatchObject({ reserved: 2 })
      expect(await room.inTx((tx) => room.inventory.confirm(tx, 'order'))).toBe(true)
    })

    it('ends at one moment for all lines of a reference, the last that was asked for', async () => {
      await room.stock({ tea: 3 })
      const line = (lineId: string) => ({ lineId, offerId: 'tea', quantity: 1 })
      await room.reserve({ items: [line('l1')] })
      await room.reserve({ items: [line('l1'), line('l2')], expiresAt: '2026-01-01T00:30:00.000Z' })
      room.clock.set(expiry)
      expect(await room.inventory.releaseExpired()).toBe(0)
      await room.reserve({ items: [line('l3')], expiresAt: null })
      room.clock.set('2026-01-01T00:30:00.000Z')
      expect(await room.inventory.releaseExpired()).toBe(0)
      expect(await level()).toMatchObject({ reserved: 3 })
    })

    it('looks for nothing where the reference is new', async () => {
      await room.stock({ tea: 3 })
      const [known, fresh] = [
        await room.count(() => room.reserve({ reference: 'a' })),
        await room.count(() => room.reserve({ reference: 'b', fresh: true })),
      ]
      expect([known, fresh]).toEqual([7, 6])
      expect(await level()).toMatchObject({ reserved: 2 })
    })

    it('answers what is available for many offers by one statement, 0 for what is stocked nowhere', async () => {
      await room.stock({ tea: 5, cup: 2 })
      await room.reserve({ quantity: 3 })
      const statements = await room.count(async () =>
        expect(await room.inventory.service.available({ offerIds: ['cup', 'tea', 'pot'] })).toEqual({ cup: 2, tea: 2, pot: 0 }),
      )
      expect(statements).toBe(1)
    })

    it('sends as many statements for 200 lines as for one, in every step of their life', async () => {
      const offers = Array.from({ length: 200 }, (_, index) => `offer-${index}`)
      await room.stock(Object.fromEntries(offers.map((offer) => [offer, 10])))
      const life = async (reference: string, lines: number): Promise<readonly number[]> => {
        const items = offers.slice(0, lines).map((offerId, index) => ({ lineId: `l${index}`, offerId, quantity: 3 }))
        const some = items.map(({ lineId }) => ({ lineId, quantity: 1 }))
        const { inventory, inTx } = room
        const counts: number[] = []
        for (const step of [
          () => room.reserve({ reference, items }),
          () => inTx((tx) => inventory.confirm(tx, reference)),
          () => inTx((tx) => inventory.fulfil(tx, reference, some, `ship-${reference}`)),
          () => inTx((tx) => inventory.release(tx, reference, some)),
          () => inTx((tx) => inventory.release(tx, reference)),
          () =>
            inTx((tx) =>
              inventory.restock(
                tx,
                items.map(({ offerId }) => ({ offerId, quantity: 1, reason: 'returned' })),
              ),
            ),
        ]) {
          counts.push(await room.count(step))
        }
        return counts
      }
      const one = await life('small', 1)
      expect(await life('large', 200)).toEqual(one)
      // BEGIN and COMMIT in. A number here may only fall.
      expect(one).toEqual([7, 3, 8, 6, 7, 5])
    })
  })
}
