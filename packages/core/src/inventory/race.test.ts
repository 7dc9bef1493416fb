import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../kernel/index.js'
import { testDatabases } from '../testing/index.js'
import { expiry, type InventoryFixture, openInventory } from '../testing/inventory.fixture.js'
import { reservationTable, stockTable } from './inventory.entity.js'

/** How many succeeded, and the codes of the others. */
async function outcomes(attempts: readonly Promise<unknown>[]): Promise<{ readonly won: number; readonly codes: readonly string[] }> {
  const settled = await Promise.allSettled(attempts)
  const refused = settled.flatMap((result) => (result.status === 'rejected' ? [String((result.reason as { code?: unknown }).code)] : []))
  return { won: settled.length - refused.length, codes: [...new Set(refused)] }
}

const times = <Result>(count: number, make: (index: number) => Result): readonly Result[] =>
  Array.from({ length: count }, (_, index) => make(index))

function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open: () => open(), opened }
}

for (const database of testDatabases()) {
  describe(`many at once on ${database.name}`, () => {
    let room: InventoryFixture
    beforeEach(async () => {
      room = await openInventory(database)
    })
    afterEach(() => room.close())
    const level = (offerId = 'tea') => room.inventory.service.level({ offerId })

    it('sells 100 units to exactly 100 of 300 buyers', async () => {
      await room.stock({ tea: 100 })
      const { won, codes } = await outcomes(times(300, (index) => room.reserve({ reference: `order-${index}` })))
      expect({ won, codes }).toEqual({ won: 100, codes: ['inventory.insufficient'] })
      expect(await level()).toMatchObject({ onHand: 100, reserved: 100, available: 0 })
      expect(room.heard('inventory.low')).toHaveLength(1)
    })

    it.skipIf(database.name === 'SQLite')('leaves a reference alone of which another transaction holds but one row', async () => {
      await room.stock({ tea: 10 })
      const items = times(5, (index) => ({ lineId: `l${index}`, offerId: 'tea', quantity: 1 }))
      await room.reserve({ items })
      await room.reserve({ reference: 'other' })
      room.clock.set(expiry)
      const [locked, done] = [gate(), gate()]
      const paying = room.inTx(async (tx) => {
        const [first] = await tx.find(reservationTable, { reference: 'order' }, { orderBy: ['id'] })
        await tx.lock(reservationTable, { id: first?.id ?? '' })
        locked.open()
        await done.opened
      })
      await locked.opened
      const lapsed = await room.inventory.releaseExpired().finally(() => done.open())
      await paying
      expect(lapsed).toBe(1)
      expect(await level()).toMatchObject({ reserved: 5 })
      expect(await room.inventory.releaseExpired()).toBe(5)
      expect(await level()).toMatchObject({ reserved: 0 })
    })

    it('never waits in a ring: baskets in opposite order all go through without one retry', async () => {
      const offers = times(6, (index) => `offer-${index}`)
      await room.stock(Object.fromEntries(offers.map((offer) => [offer, 1000])))
      let begun = 0
      const stop = room.kernel.database.observe((text) => {
        if (text.startsWith('BEGIN')) begun++
      })
      const basket = (index: number) =>
        (index % 2 === 0 ? offers : [...offers].reverse()).map((offerId) => ({ lineId: offerId, offerId, quantity: 2 }))
      const buyAndLeave = async (index: number): Promise<void> => {
        const reference = `order-${index}`
        await room.reserve({ reference, items: basket(index) })
        if (index % 3 === 0) await room.inTx((tx) => room.inventory.release(tx, reference))
        else await room.inTx((tx) => room.inventory.fulfil(tx, reference, basket(index)))
      }
      await Promise.all(times(60, buyAndLeave))
      stop()
      // InnoDB also locks the gaps between index entries, which nobody can take in an order: there a transaction may have to begin again, and goes through then.
      if (database.name === 'MariaDB') expect(begun).toBeGreaterThanOrEqual(120)
      else expect(begun).toBe(120)
      expect(await level('offer-0')).toMatchObject({ onHand: 1000 - 40 * 2, reserved: 0 })
    })

    it("spends a distributor's allotment once, however many want it", async () => {
      await room.stock({ tea: 30 })
      await room.inventory.service.setAside({ offerId: 'tea', distributorId: 'D1', quantity: 10 })
      const buyers = times(60, (index) => room.reserve({ reference: `order-${index}`, distributorId: index % 2 === 0 ? 'D1' : 'D2' }))
      expect((await outcomes(buyers)).won).toBe(30)
      const { allotments, available } = await level()
      expect({ allotments, available }).toMatchObject({ allotments: [{ quantity: 10, used: 10 }], available: 0 })
    })

    it('sets aside no more than there is when several set aside at once', async () => {
      await room.stock({ tea: 10 })
      const wishes = times(8, (index) => room.inventory.service.setAside({ offerId: 'tea', distributorId: `D${index}`, quantity: 3 }))
      expect((await outcomes(wishes)).won).toBe(3)
      expect(await level()).toMatchObject({ setAside: 9, available: 1 })
    })

    it('either confirms or lapses when payment and sweeper meet, and the stock agrees', async () => {
      await room.stock({ tea: 20 })
      await Promise.all(times(20, (index) => room.reserve({ reference: `order-${index}`, expiresAt: index < 10 ? null : expiry })))
      room.clock.set(expiry)
      const [, ...kept] = await Promise.all([
        room.inventory.releaseExpired(),
        ...times(20, (index) => room.inTx((tx) => room.inventory.confirm(tx, `order-${index}`))),
      ])
      expect(kept.filter(Boolean)).toHaveLength(10)
      expect(await level()).toMatchObject({ reserved: 10, available: 10 })
    })

    it('releases and fulfils once when the same is told twenty times at once', async () => {
      await room.stock({ tea: 20 })
      await room.reserve({ quantity: 10 })
      await Promise.all(times(20, () => room.inTx((tx) => room.inventory.fulfil(tx, 'order', [{ lineId: 'l1', quantity: 4 }], 'shp_1'))))
      expect(await level()).toMatchObject({ onHand: 16, reserved: 6 })
      await Promise.all(times(20, () => room.inTx((tx) => room.inventory.release(tx, 'order'))))
      expect(await level()).toMatchObject({ onHand: 16, reserved: 0, available: 16 })
    })

    it('is fenced by a CHECK where a statement goes around the rules', async () => {
      await room.stock({ tea: 1 })
      const bypass = room.inTx((tx) => tx.run(sql`UPDATE ${stockTable} SET reserved = 2 WHERE offer_id = ${'tea'}`))
      await expect(bypass).rejects.toThrow(/stock_available/)
    })
  })
}
