import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DistributionFixture, openDistribution } from './distribution.fixture.js'
import type { Distributor } from './distributor.js'

const rounds = 12

for (const database of testDatabases()) {
  describe(`what happens to distributors at once on ${database.name}`, () => {
    let shop: DistributionFixture
    let anna: Distributor
    let ben: Distributor
    beforeAll(async () => {
      shop = await openDistribution(database, { tiers: [{ percent: 8 }, { percent: 4 }], protectionDays: 3 })
      anna = await shop.distributor('Anna')
      ben = await shop.distributor('Ben')
    })
    afterAll(async () => {
      expect(await shop.commerce.ledger.check()).toMatchObject({ balanced: true })
      await shop.close()
    })

    const earnedBy = async (work: () => Promise<unknown>): Promise<readonly number[]> => {
      const before = await shop.pending(anna.id, ben.id)
      await work()
      return (await shop.pending(anna.id, ben.id)).map((amount, index) => amount - (before[index] ?? 0))
    }

    it('a click at the end of the protection binds anew once, whoever clicks', async () => {
      const { distribution } = shop.commerce
      for (let round = 0; round < rounds; round += 1) {
        const customerId = await shop.customer()
        const { protectedUntil } = await distribution.click({ code: anna.code, customerId })
        shop.clock.set(protectedUntil)
        const clicks = await Promise.all(
          Array.from({ length: 8 }, (_, index) => distribution.click({ code: (index % 2 ? anna : ben).code, customerId })),
        )
        expect(clicks.filter(({ bound }) => bound)).toHaveLength(1)
        expect(new Set(clicks.map(({ distributorId }) => distributorId)).size).toBe(1)
        expect(await distribution.binding({ customerId })).toMatchObject({ boundAt: protectedUntil })
      }
    })

    it('staff who settle a dispute have the last word over a click at the same moment', async () => {
      const { distribution } = shop.commerce
      for (let round = 0; round < rounds; round += 1) {
        const customerId = await shop.customer()
        const [settled] = await Promise.all([
          distribution.bind({ customerId, distributorId: anna.id, override: true }),
          ...Array.from({ length: 4 }, () => distribution.click({ code: ben.code, customerId })),
        ])
        expect(settled).toMatchObject({ distributorId: anna.id, bound: true })
        expect(await distribution.binding({ customerId })).toMatchObject({ distributorId: anna.id })
      }
    })

    it('two members of staff who override at once leave the customer to one of them', async () => {
      const { distribution } = shop.commerce
      for (let round = 0; round < rounds; round += 1) {
        const customerId = await shop.customer()
        await distribution.click({ code: anna.code, customerId })
        const both = await Promise.all(
          [anna, ben].map(({ id: distributorId }) => distribution.bind({ customerId, distributorId, override: true })),
        )
        expect(both).toMatchObject([
          { distributorId: anna.id, bound: true },
          { distributorId: ben.id, bound: true },
        ])
      }
    })

    it('a sale pays whom the customer belongs to after it, though another link is clicked beside it', async () => {
      const { commerce } = shop
      for (let round = 0; round < rounds * 2; round += 1) {
        const customerId = await shop.customer()
        const cartId = await shop.cart({ customerId, referral: ben.code })
        const place = () => commerce.orders.place({ cartId, payment: { provider: 'external' } })
        const click = async () => {
          for (let turn = 0; turn < round; turn += 1) await commerce.customers.get({ customerId })
          return commerce.distribution.click({ code: anna.code, customerId })
        }
        const [{ payments }] = await Promise.all([place(), click()])
        const [annas, bens] = await earnedBy(async () => {
          for (const { id: paymentId } of payments) await commerce.payments.recordReceipt({ paymentId })
        })
        const bound = await commerce.distribution.binding({ customerId })
        expect({ annas, bens }).toEqual(bound?.distributorId === anna.id ? { annas: 800, bens: 0 } : { annas: 0, bens: 800 })
      }
    })

    it('a distributor suspended beside a sale earns its tier of it or nothing, and the order says the same', async () => {
      const { distribution } = shop.commerce
      for (let round = 0; round < rounds; round += 1) {
        const carl = await shop.distributor('Carl', anna.id)
        const customerId = await shop.customer()
        await distribution.click({ code: carl.code, customerId })
        const [order] = await Promise.all([
          shop.order({ customerId }),
          distribution.suspend({ distributorId: carl.id, reason: 'fraud' }),
          distribution.move({ distributorId: carl.id, parentId: ben.id }),
        ])
        const [earned = -1] = await shop.pending(carl.id)
        expect([0, 800]).toContain(earned)
        const orders = (await distribution.orders({ distributorId: carl.id })).items
        expect(orders.map(({ orderId }) => orderId)).toEqual([order.id])
        await shop.order({ customerId })
        expect(await shop.pending(carl.id)).toEqual([earned])
      }
    })

    it('moves that would close a ring together are never both made', async () => {
      const { distribution } = shop.commerce
      for (let round = 0; round < rounds; round += 1) {
        const ring: Distributor[] = []
        for (let index = 0; index < 4; index += 1) ring.push(await shop.distributor(`ring ${index}`))
        await Promise.allSettled(
          ring.map(({ id: distributorId }, index) => distribution.move({ distributorId, parentId: ring[(index + 1) % 4]?.id ?? null })),
        )
        const parents = new Map<string, string | null>()
        for (const { id: distributorId } of ring) parents.set(distributorId, (await distribution.get({ distributorId })).parentId)
        for (const { id } of ring) {
          let above: string | null = id
          for (let steps = 0; steps < 5 && above !== null; steps += 1) above = parents.get(above) ?? null
          expect(above).toBeNull()
        }
      }
    })

    it('an application of one customer, sent many times at once, makes one distributor', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      const applied = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => distribution.apply({ name: `n${index}`, customerId })),
      )
      expect(applied.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const codes = applied.flatMap((one) => (one.status === 'rejected' ? one.reason.code : []))
      expect(new Set(codes)).toEqual(new Set(['distribution.taken']))
    })

    it('a visitor who signs in twice at once is bound once', async () => {
      const { distribution } = shop.commerce
      for (let round = 0; round < rounds; round += 1) {
        const visitor = `visitor-${round}`
        const [one, two] = [await shop.customer(), await shop.customer()]
        await distribution.click({ code: anna.code, visitor })
        const results = await Promise.all([
          distribution.identify({ visitor, customerId: one }),
          distribution.identify({ visitor, customerId: two }),
        ])
        expect(results.filter((result) => result?.bound)).toHaveLength(1)
      }
    })

    it('stock set aside for a distributor is sold to its customers alone, and once', async () => {
      const { commerce } = shop
      const { items } = await commerce.catalog.listOffers({ limit: 1 })
      const offerId = items[0]?.id ?? ''
      const { locations } = await commerce.inventory.level({ offerId })
      const locationId = locations[0]?.locationId ?? ''
      const reserved = locations.reduce((sum, at) => sum + at.reserved, 0)
      await commerce.inventory.setStock({ offerId, locationId, onHand: reserved + 10 })
      await commerce.inventory.setAside({ offerId, distributorId: anna.id, quantity: 6 })
      for (let round = 0; round < 3; round += 1) {
        const annas: string[] = []
        const others: string[] = []
        for (let index = 0; index < 8; index += 1) {
          annas.push(await shop.cart({ referral: anna.code, customerId: await shop.customer() }))
          others.push(await shop.cart({ referral: index % 2 ? ben.code : undefined }))
        }
        const place = async (cartId: string) => (await commerce.orders.place({ cartId, payment: { provider: 'external' } })).id
        const results = await Promise.allSettled(
          [...annas, ...others].flatMap((_, index, all) => place(all[(index * 5) % all.length] ?? '')),
        )
        const placed = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'inventory.insufficient' })
        const orders = await Promise.all(placed.map((orderId) => commerce.orders.get({ orderId })))
        const byAnna = orders.filter(({ distributorId }) => distributorId === anna.id)
        expect(orders.length - byAnna.length).toBeLessThanOrEqual(4)
        expect(byAnna.length).toBeGreaterThanOrEqual(6)
        expect(orders).toHaveLength(10)
        // Canceled, with their owners' and others' orders at once, they free each its own share.
        const [again] = await Promise.all([
          Promise.allSettled(others.map(place)),
          ...placed.map((orderId) => commerce.orders.cancel({ orderId, reason: 'x' })),
        ])
        const late = again.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
        for (const orderId of new Set(late)) await commerce.orders.cancel({ orderId, reason: 'x' })
        expect(await commerce.inventory.available({ offerIds: [offerId] })).toEqual({ [offerId]: 4 })
        expect(await commerce.inventory.available({ offerIds: [offerId], distributorId: anna.id })).toEqual({ [offerId]: 10 })
      }
    })
  })
}
