import { testDatabases } from '@entrepot/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type DistributionFixture, openDistribution } from './distribution.fixture.js'
import type { Distributor } from './distributor.js'

for (const database of testDatabases()) {
  describe(`sales through distributors on ${database.name}`, () => {
    let shop: DistributionFixture
    let above: Distributor
    let anna: Distributor
    beforeAll(async () => {
      shop = await openDistribution(database, undefined, 20)
      const top = await shop.distributor('top')
      above = await shop.distributor('above', top.id)
      anna = await shop.distributor('Anna', above.id)
    })
    afterEach(async () => {
      expect(await shop.commerce.ledger.check()).toMatchObject({ balanced: true })
    })
    afterAll(() => shop.close())

    /** What two distributors have more than before. */
    const earnedBy = async (distributors: readonly Distributor[], work: () => Promise<unknown>): Promise<readonly number[]> => {
      const ids = distributors.map(({ id }) => id)
      const before = await shop.pending(...ids)
      await work()
      return (await shop.pending(...ids)).map((amount, index) => amount - (before[index] ?? 0))
    }

    it('pay the tiers of the chain above whose link it was, for a guest too', async () => {
      expect(await earnedBy([anna, above], () => shop.order({ referral: anna.code }))).toEqual([800, 400])
    })

    it('pay who bound the customer, whatever link it came through', async () => {
      const customerId = await shop.customer()
      const other = await shop.distributor('other')
      await shop.commerce.distribution.click({ code: anna.code, customerId })
      expect(await earnedBy([anna, above, other], () => shop.order({ customerId, referral: other.code }))).toEqual([800, 400, 0])
    })

    it('bind the customer who ordered through a link', async () => {
      const customerId = await shop.customer()
      const { id: orderId, placedAt } = await shop.order({ customerId, referral: anna.code })
      expect(await shop.commerce.distribution.binding({ customerId })).toMatchObject({
        distributorId: anna.id,
        boundAt: placedAt,
        source: 'order',
      })
      expect(await shop.commerce.orders.get({ orderId })).toMatchObject({ distributorId: anna.id })
      expect(await earnedBy([anna], () => shop.order({ customerId }))).toEqual([800])
    })

    it('pay nobody where nobody brought the customer', async () => {
      const order = await shop.order({ customerId: await shop.customer(), referral: 'NOBODY' })
      expect(order.distributorId).toBeNull()
    })

    it('leave the tier of a suspended distributor with the supplier', async () => {
      const carl = await shop.distributor('Carl', above.id)
      const customerId = await shop.customer()
      await shop.commerce.distribution.click({ code: carl.code, customerId })
      await shop.commerce.distribution.suspend({ distributorId: carl.id, reason: 'x' })
      expect(await earnedBy([carl, above], () => shop.order({ customerId }))).toEqual([0, 400])
    })

    it('stay as they were agreed when the tree changes before the money comes', async () => {
      const { commerce } = shop
      const dora = await shop.distributor('Dora', above.id)
      const { id: orderId } = await shop.order({ referral: dora.code })
      await commerce.distribution.move({ distributorId: dora.id, parentId: null })
      const lines = (await commerce.orders.get({ orderId })).lines.map(({ id: lineId }) => ({ lineId, all: true as const }))
      expect(await earnedBy([dora, above], () => commerce.orders.refund({ orderId, lines, reason: 'returned' }))).toEqual([-800, -400])
    })

    it('are a distributor’s own orders, with its place in each', async () => {
      const emil = await shop.distributor('Emil', anna.id)
      const order = await shop.order({ referral: emil.code, lines: 2 })
      const own = { orderId: order.id, number: order.number, currency: 'CNY', goods: 20_000, placedAt: order.placedAt }
      expect((await shop.commerce.distribution.orders({ distributorId: emil.id })).items).toEqual([{ ...own, tier: 1 }])
      expect((await shop.commerce.distribution.orders({ distributorId: anna.id, tier: 2 })).items).toEqual([{ ...own, tier: 2 }])
      // Depth is limited: the third has no tier of it.
      expect((await shop.commerce.distribution.orders({ distributorId: above.id })).items.map(({ orderId }) => orderId)).not.toContain(
        order.id,
      )
    })

    it('take the same number of statements for one line as for twenty, and for a hundred imported orders as for one', async () => {
      const customerId = await shop.customer()
      await shop.commerce.distribution.click({ code: anna.code, customerId })
      const one = await shop.statements(() => shop.order({ customerId, referral: anna.code, lines: 1 }))
      const twenty = await shop.statements(() => shop.order({ customerId, referral: anna.code, lines: 20 }))
      expect(twenty.length).toBe(one.length)

      const past = (count: number, prefix: string) =>
        Array.from({ length: count }, (_, index) => ({
          externalId: `${prefix}-${index}`,
          currency: 'CNY',
          placedAt: '2025-06-01T00:00:00.000Z',
          paid: { provider: 'external' as const, capturedAt: '2025-06-01T00:00:00.000Z' },
          lines: [{ supplierId: shop.supplierId, quantity: 1, unitPrice: 10_000, distributors: [anna.id, above.id] }],
        }))
      const alone = await shop.statements(() => shop.commerce.orders.import({ orders: past(1, 'alone') }))
      const hundred = await shop.statements(() => shop.commerce.orders.import({ orders: past(100, 'hundred') }))
      expect(hundred.length).toBe(alone.length)
    })

    it('that are imported pay the chain that they name, by ids of their own', async () => {
      const { commerce, supplierId } = shop
      const [first, second] = await commerce.distribution.import({ distributors: [{ externalId: 'D1' }, { externalId: 'D2' }] })
      if (!first || !second) throw new Error('two were imported')
      const sold = (distributors: readonly string[], externalId: string) => ({
        externalId,
        currency: 'CNY',
        placedAt: '2025-06-01T00:00:00.000Z',
        paid: { provider: 'external' as const, capturedAt: '2025-06-01T00:00:00.000Z' },
        lines: [{ supplierId, quantity: 1, unitPrice: 10_000, distributors }],
      })
      expect(
        await earnedBy([first, second], () =>
          commerce.orders.import({ orders: [sold(['D1', 'D2'], 'o1'), sold(['D2', first.id], 'o2'), sold([], 'o3')] }),
        ),
      ).toEqual([1200, 1200])
      await expect(commerce.orders.import({ orders: [sold(['D9'], 'o4')] })).rejects.toMatchObject({
        code: 'distribution.unknown_beneficiary',
        details: { distributors: ['D9'] },
      })
    })
  })
}

// Other plans send the same statements, so one database is enough for their arithmetic.
for (const database of testDatabases().slice(0, 1)) {
  describe('what distributors buy themselves', () => {
    it.each([
      { ownPurchase: 'allow', earned: [800, 400] },
      { ownPurchase: 'forfeit', earned: [0, 400] },
      { ownPurchase: 'rebate', earned: [800, 400] },
    ] as const)('earns $earned where the plan says $ownPurchase', async ({ ownPurchase, earned }) => {
      const shop = await openDistribution(database, { tiers: [{ percent: 8 }, { percent: 4 }], ownPurchase })
      const above = await shop.distributor('above')
      const customerId = await shop.customer()
      const self = await shop.distributor('self', above.id, customerId)
      await shop.order({ customerId })
      expect(await shop.pending(self.id, above.id)).toEqual(earned)
      await shop.close()
    })

    it('earns it a rebate as tier 1, before the one who brought it', async () => {
      const shop = await openDistribution(database, { tiers: [{ percent: 8 }, { percent: 4 }], ownPurchase: 'rebate' })
      const seller = await shop.distributor('seller')
      const customerId = await shop.customer()
      const self = await shop.distributor('self', undefined, customerId)
      await shop.order({ customerId, referral: seller.code })
      expect(await shop.pending(self.id, seller.id)).toEqual([800, 400])
      await shop.close()
    })
  })

  describe('a plan by levels', () => {
    it('pays each ancestor what its level has above those below it', async () => {
      const shop = await openDistribution(database, { levels: { bronze: 5, silver: 8, gold: 12 }, maxDepth: 3 })
      const { distribution } = shop.commerce
      const gold = await shop.distributor('gold')
      const silver = await shop.distributor('silver', gold.id)
      const bronze = await shop.distributor('bronze', silver.id)
      for (const { id: distributorId, name: level } of [gold, silver, bronze]) await distribution.update({ distributorId, level })
      await shop.order({ referral: bronze.code })
      expect(await shop.pending(bronze.id, silver.id, gold.id)).toEqual([500, 300, 400])
      await shop.close()
    })
  })
}
