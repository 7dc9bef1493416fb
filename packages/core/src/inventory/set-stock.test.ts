import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../kernel/index.js'
import { testDatabases } from '../testing/index.js'
import { type InventoryFixture, openInventory } from '../testing/inventory.fixture.js'
import { stockMovementTable } from './inventory.entity.js'

for (const database of testDatabases()) {
  describe(`stock on ${database.name}`, () => {
    let room: InventoryFixture
    beforeEach(async () => {
      room = await openInventory(database)
    })
    afterEach(() => room.close())
    const set = (onHand: number, rest: { safety?: number; lowAt?: number } = {}) =>
      room.inventory.service.setStock({ offerId: 'tea', locationId: room.locationId, onHand, ...rest })
    const adjust = (change: number) =>
      room.inventory.service.adjustStock({ offerId: 'tea', locationId: room.locationId, change, reason: 'counted' })

    it('is set, adjusted, and remembers who did what and why', async () => {
      const staff = { actor: { type: 'staff', id: '42' } } as const
      await room.inventory.service.setStock({ offerId: 'tea', locationId: room.locationId, onHand: 10 }, staff)
      await room.inventory.service.adjustStock({ offerId: 'tea', locationId: room.locationId, change: -3, reason: 'broken' }, staff)
      const { items } = await room.inventory.service.listMovements({ offerId: 'tea' })
      expect(items).toMatchObject([
        { change: 10, onHand: 10, reason: 'counted', by: 'staff:42' },
        { change: -3, onHand: 7, reason: 'broken', by: 'staff:42' },
      ])
    })

    it('keeps its safety and alert levels when only the count is set anew', async () => {
      await set(10, { safety: 2, lowAt: 1 })
      expect(await set(8)).toMatchObject({ onHand: 8, safety: 2, lowAt: 1, available: 6 })
    })

    it('cannot be counted or adjusted below what is promised', async () => {
      await set(10)
      await room.reserve({ quantity: 6 })
      await expect(set(5)).rejects.toMatchObject({ code: 'inventory.below_reserved' })
      await expect(adjust(-5)).rejects.toMatchObject({ code: 'inventory.below_reserved', details: { onHand: 5, reserved: 6 } })
      expect(await adjust(-4)).toMatchObject({ onHand: 6, reserved: 6, available: 0 })
    })

    it('is not set where no such place is, nor adjusted where there is none', async () => {
      await expect(room.inventory.service.setStock({ offerId: 'tea', locationId: 'loc_none', onHand: 1 })).rejects.toMatchObject({
        code: 'inventory.location_not_found',
      })
      await expect(adjust(1)).rejects.toMatchObject({ code: 'inventory.not_stocked' })
    })

    it('alerts once when it falls to its level, and again only after it has risen above it', async () => {
      await set(10, { safety: 2, lowAt: 3 })
      await room.reserve({ reference: 'a', quantity: 4 })
      expect(room.heard('inventory.low')).toEqual([])
      await room.reserve({ reference: 'b', quantity: 1 })
      await room.reserve({ reference: 'c', quantity: 1 })
      expect(room.heard('inventory.low')).toEqual([{ offerId: 'tea', locationId: room.locationId, available: 3, lowAt: 3 }])
      await room.inTx((tx) => room.inventory.release(tx, 'a'))
      await adjust(-4)
      expect(room.heard('inventory.low')).toHaveLength(2)
    })

    it('writes its trail in ink', async () => {
      await set(10)
      await expect(room.inTx((tx) => tx.run(sql`DELETE FROM ${stockMovementTable}`))).rejects.toThrow(/append-only/)
    })

    it('lists places by supplier, page by page', async () => {
      const { service } = room.inventory
      const shop = await service.createLocation({ name: 'Shop', kind: 'shop', supplierId: 'sup_1', metadata: { floor: 2 } })
      expect(await service.listLocations({ supplierId: 'sup_1' })).toEqual({ items: [shop], next: null })
      const first = await service.listLocations({ limit: 1 })
      expect(first).toMatchObject({ items: [{ name: 'Shanghai' }], next: room.locationId })
      expect(await service.listLocations({ limit: 1, after: first.next ?? '' })).toMatchObject({ items: [{ name: 'Shop' }], next: null })
    })

    it('is the same for a command repeated under one key', async () => {
      await set(10)
      const input = { offerId: 'tea', locationId: room.locationId, change: 5, reason: 'delivery' }
      await room.inventory.service.adjustStock(input, { idempotencyKey: 'd-1' })
      expect(await room.inventory.service.adjustStock(input, { idempotencyKey: 'd-1' })).toMatchObject({ onHand: 15 })
      expect(await room.inventory.service.level({ offerId: 'tea' })).toMatchObject({ onHand: 15 })
    })
  })
}
