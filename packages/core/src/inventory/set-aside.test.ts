import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { type InventoryFixture, openInventory } from '../testing/inventory.fixture.js'

for (const database of testDatabases()) {
  describe(`stock set aside on ${database.name}`, () => {
    let room: InventoryFixture
    beforeEach(async () => {
      room = await openInventory(database)
      await room.stock({ tea: 10 })
      await room.inventory.service.setAside({ offerId: 'tea', distributorId: 'D1', quantity: 6 })
    })
    afterEach(() => room.close())
    const availableTo = async (distributorId?: string) => (await room.inventory.service.available({ offerIds: ['tea'], distributorId })).tea
    const shares = async () => ({ everybody: await availableTo(), D1: await availableTo('D1'), D2: await availableTo('D2') })

    it('can be bought by its distributor and by nobody else', async () => {
      expect(await shares()).toEqual({ everybody: 4, D1: 10, D2: 4 })
      await expect(room.reserve({ quantity: 5 })).rejects.toMatchObject({ code: 'inventory.insufficient' })
      await expect(room.reserve({ quantity: 5, distributorId: 'D2' })).rejects.toMatchObject({ code: 'inventory.insufficient' })
      await room.reserve({ quantity: 5, distributorId: 'D1' })
      expect(await shares()).toEqual({ everybody: 4, D1: 5, D2: 4 })
    })

    it('is spent once: what was sold of it and came back is for everybody', async () => {
      await room.reserve({ quantity: 6, distributorId: 'D1' })
      await room.inTx((tx) => room.inventory.fulfil(tx, 'order', [{ lineId: 'l1', quantity: 6 }]))
      await room.inTx((tx) => room.inventory.restock(tx, [{ offerId: 'tea', quantity: 6, reason: 'returned' }]))
      expect(await shares()).toEqual({ everybody: 10, D1: 10, D2: 10 })
    })

    it('is whole again when what was promised of it is released or lapses', async () => {
      await room.reserve({ quantity: 8, distributorId: 'D1' })
      expect(await shares()).toEqual({ everybody: 2, D1: 2, D2: 2 })
      await room.inTx((tx) => room.inventory.release(tx, 'order', [{ lineId: 'l1', quantity: 3 }]))
      expect(await shares()).toEqual({ everybody: 4, D1: 5, D2: 4 })
      room.clock.set('2026-01-02T00:00:00.000Z')
      await room.inventory.releaseExpired()
      expect(await shares()).toEqual({ everybody: 4, D1: 10, D2: 4 })
    })

    it('cannot be more than everybody could buy', async () => {
      await expect(room.inventory.service.setAside({ offerId: 'tea', distributorId: 'D2', quantity: 5 })).rejects.toMatchObject({
        details: { offers: { tea: { wanted: 5, available: 4 } } },
      })
      expect(await room.inventory.service.setAside({ offerId: 'tea', distributorId: 'D1', quantity: 4 })).toMatchObject({
        quantity: 10,
        unspent: 10,
      })
    })

    it('is taken back only so far as it is unspent', async () => {
      await room.reserve({ quantity: 5, distributorId: 'D1' })
      const back = { offerId: 'tea', distributorId: 'D1' }
      await expect(room.inventory.service.takeBack({ ...back, quantity: 2 })).rejects.toMatchObject({
        code: 'inventory.allotment_spent',
        details: { unspent: 1 },
      })
      expect(await room.inventory.service.takeBack({ ...back, quantity: 1 })).toMatchObject({ quantity: 5, used: 5, unspent: 0 })
      expect(await shares()).toEqual({ everybody: 5, D1: 5, D2: 5 })
    })

    it('shrinks to what is there when goods are lost', async () => {
      await room.inventory.service.adjustStock({ offerId: 'tea', locationId: room.locationId, change: -7, reason: 'fire' })
      expect(await shares()).toEqual({ everybody: 0, D1: 3, D2: 0 })
      await room.reserve({ quantity: 3, distributorId: 'D1' })
    })
  })
}
