import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPromotions, type PromotionsFixture } from './promotions.fixture.js'

const fiftyOff = { name: '¥50 off', currency: 'CNY', amount: 5000, funders: { platform: 100 } }

for (const database of testDatabases()) {
  describe(`promotions on ${database.name}`, () => {
    let shop: PromotionsFixture
    beforeAll(async () => {
      shop = await openPromotions(database)
    })
    afterAll(() => shop.close())

    it('are created with what they say, and archived for good', async () => {
      const { promotions } = shop.commerce
      const created = await promotions.create({
        name: 'Tenth',
        code: 'tenth',
        percent: 8.875,
        funders: { platform: 33.3333, supplier: 66.6667 },
        limits: { total: 5 },
      })
      expect(created).toMatchObject({
        code: 'TENTH',
        percent: 8.875,
        limits: { total: 5, perCustomer: null },
        validFrom: shop.clock.now(),
        validTo: null,
        status: 'active',
      })
      const archived = await promotions.archive({ promotionId: created.id })
      expect(archived).toMatchObject({ status: 'archived', archivedAt: shop.clock.now() })
      expect(await promotions.archive({ promotionId: created.id })).toEqual(archived)
      expect(await promotions.get({ promotionId: created.id })).toEqual({ ...archived, used: 0 })
      expect((await promotions.list({ status: 'archived', code: 'Tenth' })).items).toHaveLength(1)
    })

    it('have a code that no other has or had', async () => {
      const { promotions } = shop.commerce
      const { id: promotionId } = await promotions.create({ ...fiftyOff, code: 'ONCE' })
      await promotions.archive({ promotionId })
      await expect(promotions.create({ ...fiftyOff, code: 'once' })).rejects.toMatchObject({ code: 'promotions.code_taken' })
    })

    it.each([
      ['neither amount nor percent', { amount: undefined }],
      ['both amount and percent', { percent: 5 }],
      ['an amount of no currency', { currency: undefined }],
      ['funders who bear 99 %', { funders: { platform: 59, supplier: 40 } }],
      ['a funder that is no party', { funders: { bank: 100 } }],
      ['a most without a percentage', { atMost: 100 }],
    ])('are refused with %s', async (_, change) => {
      await expect(shop.commerce.promotions.create({ ...fiftyOff, ...change })).rejects.toMatchObject({ code: 'input.invalid' })
    })

    it('are refused where they would never be valid', async () => {
      const validFrom = shop.clock.now()
      await expect(shop.commerce.promotions.create({ ...fiftyOff, validFrom, validTo: validFrom })).rejects.toMatchObject({
        code: 'promotions.empty_validity',
      })
    })
  })
}
