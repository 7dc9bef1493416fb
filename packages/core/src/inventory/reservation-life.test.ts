import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { expiry, type InventoryFixture, openInventory } from '../testing/inventory.fixture.js'

for (const database of testDatabases()) {
  describe(`the life of a reservation on ${database.name}`, () => {
    let room: InventoryFixture
    beforeEach(async () => {
      room = await openInventory(database)
      await room.stock({ tea: 10 })
    })
    afterEach(() => room.close())
    const level = () => room.inventory.service.level({ offerId: 'tea' })
    const confirm = (reference = 'order') => room.inTx((tx) => room.inventory.confirm(tx, reference))
    const release = (...rest: [quantity?: number, source?: string]) =>
      room.inTx((tx) =>
        room.inventory.release(tx, 'order', rest[0] === undefined ? undefined : [{ lineId: 'l1', quantity: rest[0] }], rest[1]),
      )
    const fulfil = (quantity: number, source?: string) =>
      room.inTx((tx) => room.inventory.fulfil(tx, 'order', [{ lineId: 'l1', quantity }], source))

    it('is confirmed while it lives, again without effect, and then expires no more', async () => {
      await room.reserve({ quantity: 4 })
      expect([await confirm(), await confirm()]).toEqual([true, true])
      room.clock.set('2026-02-01T00:00:00.000Z')
      expect(await room.inventory.releaseExpired()).toBe(0)
      expect(await level()).toMatchObject({ reserved: 4 })
    })

    it('is not confirmed from the moment of its expiry on, swept or not', async () => {
      await room.reserve({ quantity: 4 })
      room.clock.set(expiry)
      expect(await confirm()).toBe(false)
      expect(await level()).toMatchObject({ reserved: 4 })
      await room.inventory.releaseExpired()
      expect(await confirm()).toBe(false)
      expect(await level()).toMatchObject({ reserved: 0, available: 10 })
    })

    it('is not confirmed once released, nor where there never was one', async () => {
      await room.reserve({ quantity: 4 })
      await release()
      expect([await confirm(), await confirm('nobody')]).toEqual([false, false])
    })

    it('lapses by the recurring job, which tells of each order once', async () => {
      await room.kernel.jobs.start()
      await room.reserve({ quantity: 4 })
      await room.reserve({ reference: 'other', quantity: 1 })
      room.clock.set('2026-01-01T00:16:00.000Z')
      await room.kernel.background.drain()
      expect(await level()).toMatchObject({ reserved: 0, available: 10 })
      expect(room.heard('inventory.reservation_lapsed')).toEqual([
        { reference: 'order', lines: [{ lineId: 'l1', offerId: 'tea', quantity: 4 }] },
        { reference: 'other', lines: [{ lineId: 'l1', offerId: 'tea', quantity: 1 }] },
      ])
    })

    const manyItems = (count: number) => Array.from({ length: count }, (_, index) => ({ lineId: `l${index}`, offerId: 'tea', quantity: 1 }))
    const transactionsOf = async (work: () => Promise<unknown>): Promise<number> => {
      let transactions = 0
      const stop = room.kernel.database.observe((text) => {
        if (text.startsWith('BEGIN')) transactions++
      })
      await work().finally(stop)
      return transactions
    }

    it('lapses in bounded batches', async () => {
      await room.stock({ cup: 450 })
      for (let index = 0; index < 9; index++) {
        await room.reserve({ reference: `order-${index}`, items: manyItems(50).map((item) => ({ ...item, offerId: 'cup' })) })
      }
      room.clock.set(expiry)
      expect(
        await transactionsOf(async () => {
          expect(await room.inventory.releaseExpired()).toBe(450)
        }),
      ).toBe(4)
      expect(await room.inventory.service.level({ offerId: 'cup' })).toMatchObject({ reserved: 0 })
    })

    it('lapses for a whole reference at once, however many rows it has', async () => {
      await room.stock({ cup: 450 })
      await room.reserve({ items: manyItems(450).map((item) => ({ ...item, offerId: 'cup' })) })
      room.clock.set(expiry)
      expect(await room.inventory.releaseExpired()).toBe(450)
      await room.kernel.background.drain()
      expect(room.heard('inventory.reservation_lapsed').map(({ lines }) => lines.length)).toEqual([450])
    })

    it('goes back on the shelf in part, or whole; whole, a second time changes nothing', async () => {
      await room.reserve({ quantity: 6 })
      await release(2)
      expect(await level()).toMatchObject({ onHand: 10, reserved: 4 })
      await release()
      await release()
      expect(await level()).toMatchObject({ onHand: 10, reserved: 0 })
    })

    it('is released in part once where the occasion has a name', async () => {
      await room.reserve({ quantity: 6 })
      await release(2, 'ret_1')
      await release(2, 'ret_1')
      expect(await level()).toMatchObject({ reserved: 4 })
    })

    it('releases no more than it holds', async () => {
      await room.reserve({ quantity: 3 })
      await release(5)
      expect(await level()).toMatchObject({ reserved: 0, available: 10 })
    })

    it('leaves the shelf shipment by shipment, each once, and its trail says why', async () => {
      await room.reserve({ quantity: 6 })
      await fulfil(4, 'shp_1')
      await fulfil(4, 'shp_1')
      expect(await level()).toMatchObject({ onHand: 6, reserved: 2, available: 4 })
      await fulfil(2, 'shp_2')
      expect(await level()).toMatchObject({ onHand: 4, reserved: 0 })
      const { items } = await room.inventory.service.listMovements({ offerId: 'tea' })
      expect(items.map(({ change, onHand, source }) => [change, onHand, source])).toEqual([
        [-4, 6, 'shp_1'],
        [-2, 4, 'shp_2'],
      ])
    })

    it('is not fulfilled beyond what it holds, and nothing leaves then', async () => {
      await room.reserve({ quantity: 3 })
      await expect(fulfil(4)).rejects.toMatchObject({ code: 'inventory.not_reserved', details: { wanted: 4, reserved: 3 } })
      expect(await level()).toMatchObject({ onHand: 10, reserved: 3 })
    })

    it('lets an order that never reserved, such as an imported one, be fulfilled without touching the shelf', async () => {
      await fulfil(4)
      expect(await level()).toMatchObject({ onHand: 10, reserved: 0 })
    })

    it('cannot be taken back once it is fulfilled', async () => {
      await room.reserve({ quantity: 3 })
      await fulfil(3)
      await release()
      expect(await level()).toMatchObject({ onHand: 7, reserved: 0, available: 7 })
      expect(await confirm()).toBe(true)
    })

    it('comes back to stock by a return, once where the return has a name', async () => {
      await room.reserve({ quantity: 3 })
      await fulfil(3)
      const items = [
        { offerId: 'tea', quantity: 2, reason: 'returned' },
        { offerId: 'unknown', quantity: 1, reason: 'returned' },
      ]
      await room.inTx((tx) => room.inventory.restock(tx, items, 'ret_1'))
      await room.inTx((tx) => room.inventory.restock(tx, items, 'ret_1'))
      expect(await level()).toMatchObject({ onHand: 9, available: 9 })
    })
  })
}
