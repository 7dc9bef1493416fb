import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DistributionFixture, openDistribution } from './distribution.fixture.js'
import type { Distributor } from './distributor.js'

const day = 86_400_000
const later = (time: string, millis: number): string => new Date(Date.parse(time) + millis).toISOString()

for (const database of testDatabases()) {
  describe(`binding customers on ${database.name}`, () => {
    let shop: DistributionFixture
    let anna: Distributor
    let ben: Distributor
    beforeAll(async () => {
      shop = await openDistribution(database, { tiers: [{ percent: 8 }], protectionDays: 3 })
      anna = await shop.distributor('Anna')
      ben = await shop.distributor('Ben')
    })
    afterAll(() => shop.close())

    it('gives a customer to the first click, and to another’s at the end of the protection', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      const first = await distribution.click({ code: anna.code, customerId })
      expect(first).toEqual({ distributorId: anna.id, bound: true, protectedUntil: later(shop.clock.now(), 3 * day) })

      shop.clock.set(later(first.protectedUntil, -1))
      expect(await distribution.click({ code: ben.code, customerId })).toEqual({ ...first, bound: false })
      expect(await distribution.click({ code: anna.code, customerId })).toEqual({ ...first, bound: false })

      shop.clock.set(first.protectedUntil)
      expect(await distribution.click({ code: ben.code, customerId })).toMatchObject({ distributorId: ben.id, bound: true })
      expect(await distribution.binding({ customerId })).toMatchObject({ distributorId: ben.id, boundAt: first.protectedUntil })
    })

    it('takes a whole link for its code', async () => {
      const { distribution } = shop.commerce
      const { url } = await distribution.link({ distributorId: anna.id, url: 'https://shop.example/p/1', content: 'video-9' })
      expect(await distribution.click({ code: url, customerId: await shop.customer() })).toMatchObject({
        distributorId: anna.id,
        bound: true,
      })
      await expect(distribution.link({ distributorId: anna.id, url: 'javascript:alert(1)' })).rejects.toMatchObject({
        code: 'input.invalid',
      })
    })

    it('gives a customer to one of many who click at once', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      const clicks = await Promise.all(
        Array.from({ length: 20 }, (_, index) => distribution.click({ code: (index % 2 ? anna : ben).code, customerId })),
      )
      expect(clicks.filter(({ bound }) => bound)).toHaveLength(1)
      expect(new Set(clicks.map(({ distributorId }) => distributorId)).size).toBe(1)
    })

    it('remembers a visitor until it is known who it is', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      await distribution.click({ code: anna.code, visitor: 'cookie-1' })
      await distribution.click({ code: ben.code, visitor: 'cookie-1' })
      const clickedAt = shop.clock.now()
      shop.clock.set(later(clickedAt, 2 * day))
      expect(await distribution.identify({ visitor: 'cookie-1', customerId })).toMatchObject({ distributorId: anna.id, bound: true })
      // From the click on, and not from the sign-in.
      expect(await distribution.binding({ customerId })).toMatchObject({ boundAt: clickedAt, source: 'click' })
      expect(await distribution.identify({ visitor: 'cookie-1', customerId })).toMatchObject({ distributorId: anna.id, bound: false })
      expect(await distribution.identify({ visitor: 'nobody', customerId: await shop.customer() })).toBeNull()
    })

    it('forgets visitors whom nothing protects any more', async () => {
      const { distribution } = shop.commerce
      const { protectedUntil } = await distribution.click({ code: anna.code, visitor: 'cookie-2' })
      shop.clock.set(later(protectedUntil, 2 * day))
      await shop.commerce.background.drain()
      expect(await distribution.identify({ visitor: 'cookie-2', customerId: await shop.customer() })).toBeNull()
    })

    it('does as a click when the host binds, unless staff override', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      await distribution.bind({ customerId, distributorId: anna.id })
      expect(await distribution.bind({ customerId, distributorId: ben.id })).toMatchObject({ distributorId: anna.id, bound: false })
      expect(await distribution.bind({ customerId, distributorId: ben.id, override: true })).toMatchObject({
        distributorId: ben.id,
        bound: true,
      })
      expect((await distribution.customers({ distributorId: ben.id })).items.map((bound) => bound.customerId)).toContain(customerId)
    })

    it('takes bindings over from elsewhere with the time that they had', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      await distribution.bind({ customerId, distributorId: anna.id, at: later(shop.clock.now(), -3 * day) })
      expect(await distribution.click({ code: ben.code, customerId })).toMatchObject({ distributorId: ben.id, bound: true })
    })

    it('binds to nobody who may not', async () => {
      const { distribution } = shop.commerce
      const carl = await shop.distributor('Carl')
      await distribution.suspend({ distributorId: carl.id, reason: 'x' })
      const customerId = await shop.customer()
      await expect(distribution.click({ code: carl.code, customerId })).rejects.toMatchObject({ code: 'distribution.code_unknown' })
      await expect(distribution.bind({ customerId, distributorId: carl.id })).rejects.toMatchObject({ code: 'distribution.not_approved' })
      await expect(distribution.click({ code: anna.code, customerId: 'cus_none' })).rejects.toMatchObject({ code: 'customer.not_found' })
    })

    it('tells of a new binding once', async () => {
      const told: string[] = []
      const stop = shop.commerce.on('distribution.bound', ({ distributorId }) => void told.push(distributorId))
      const customerId = await shop.customer()
      await shop.commerce.distribution.click({ code: anna.code, customerId })
      await shop.commerce.distribution.click({ code: ben.code, customerId })
      stop()
      expect(told).toEqual([anna.id])
    })
  })
}
