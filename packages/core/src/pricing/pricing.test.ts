import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CatalogFixture, openCatalog, shoe } from '../testing/catalog.fixture.js'
import { testDatabases } from '../testing/index.js'
import { createPricing, type Pricing, type PricingService, pricingTables } from './index.js'

const staff = { actor: { type: 'staff', id: '42' } } as const

for (const database of testDatabases()) {
  describe(`pricing on ${database.name}`, () => {
    let fixture: CatalogFixture
    let pricing: Pricing
    let service: PricingService
    let offerIds: readonly string[]
    let offerId: string
    beforeEach(async () => {
      fixture = await openCatalog(database, pricingTables)
      pricing = createPricing({ kernel: fixture.kernel, catalog: fixture.catalog })
      service = pricing.service
      const product = await fixture.catalog.service.createProduct(shoe(await fixture.supplier(), 3), staff)
      offerIds = product.offers.map((offer) => offer.id)
      offerId = offerIds[0] ?? ''
    })
    afterEach(() => fixture.close())

    type Context = Omit<Parameters<PricingService['resolve']>[0], 'items'>
    const price = async (quantity = 1, context: Context = {}) =>
      (await service.resolve({ items: [{ offerId, quantity }], ...context }))[0]?.unitPrice

    it('resolves by channel, customer group, distributor and quantity', async () => {
      const list = (name: string, price: number, conditions: object = {}) =>
        service.createPriceList({ name, currency: 'CNY', prices: [{ offerId, price }], ...conditions })
      expect(await price()).toBe(1000)
      await list('everyone', 950)
      await list('app', 940, { channel: 'app' })
      await list('vip', 930, { customerGroup: 'vip' })
      await list('agent', 920, { distributorId: 'dst_1' })
      await list('vip in the app', 910, { channel: 'app', customerGroup: 'vip' })
      expect(await price()).toBe(950)
      expect(await price(1, { channel: 'web' })).toBe(950)
      expect(await price(1, { channel: 'app' })).toBe(940)
      expect(await price(1, { channel: 'web', customerGroup: 'vip' })).toBe(930)
      expect(await price(1, { channel: 'app', distributorId: 'dst_1' })).toBe(920)
      expect(await price(1, { channel: 'app', customerGroup: 'vip', distributorId: 'dst_1' })).toBe(910)
    })

    it('counts validity from inclusive to exclusive', async () => {
      await service.createPriceList({
        name: 'sale',
        currency: 'CNY',
        validFrom: '2026-06-01T00:00:00.000Z',
        validTo: '2026-06-02T00:00:00.000Z',
        prices: [{ offerId, price: 500 }],
      })
      expect(await price()).toBe(1000)
      expect(await price(1, { at: '2026-05-31T23:59:59.999Z' })).toBe(1000)
      expect(await price(1, { at: '2026-06-01T00:00:00.000Z' })).toBe(500)
      expect(await price(1, { at: '2026-06-01T23:59:59.999Z' })).toBe(500)
      expect(await price(1, { at: '2026-06-02T00:00:00.000Z' })).toBe(1000)
    })

    it('prices by tier, and lines of one offer together', async () => {
      await service.createPriceList({
        name: 'bulk',
        currency: 'CNY',
        prices: [
          { offerId, minQuantity: 10, price: 900 },
          { offerId, minQuantity: 100, price: 800 },
        ],
      })
      expect(await Promise.all([1, 9, 10, 99, 100].map((quantity) => price(quantity)))).toEqual([1000, 1000, 900, 900, 800])
      const line = { offerId, basePrice: 1000, currency: 'CNY', quantity: 5 }
      const context = { channel: null, customerGroup: null, distributorId: null, at: fixture.kernel.clock.now() }
      const prices = await fixture.kernel.database.read(undefined, (reader) => pricing.prices(reader, [line, line], context))
      expect(prices.get(offerId)?.unitPrice).toBe(900)
    })

    it('leaves what is sold in another currency alone', async () => {
      await service.createPriceList({ name: 'dollars', currency: 'USD', prices: [{ offerId, price: 1 }] })
      expect(await price()).toBe(1000)
    })

    it('prices any number of offers by one statement, and sets any number by as many as one', async () => {
      const prices = (tiers: number, price: number | null) =>
        offerIds.flatMap((id) => Array.from({ length: tiers }, (_, index) => ({ offerId: id, minQuantity: index + 1, price })))
      /** Statements to add, to change and to take out so many tiers of a list. */
      const counted = async (tiers: number): Promise<readonly number[]> => {
        const { id: priceListId } = await service.createPriceList({ name: `${tiers} tiers`, currency: 'CNY' })
        const set = (price: number | null) => fixture.statements(() => service.setPrices({ priceListId, prices: prices(tiers, price) }))
        return [await set(10), await set(20), await set(null)]
      }
      expect(await counted(100)).toEqual(await counted(1))
      const items = offerIds.map((id) => ({ offerId: id, basePrice: 1, currency: 'CNY', quantity: 1 }))
      const context = { channel: 'a', customerGroup: 'b', distributorId: 'c', at: fixture.kernel.clock.now() }
      const read = () => fixture.kernel.database.read(undefined, (reader) => pricing.prices(reader, items, context))
      expect(await fixture.statements(read)).toBe(1)
    })

    it('keeps every change of a base price and of a list price, with who', async () => {
      await fixture.catalog.service.updateOffer({ offerId, price: 1100 }, staff)
      await fixture.catalog.service.updateOffer({ offerId, price: 1100, leadTimeDays: 1 }, staff)
      const prices = [{ offerId, price: 900 }]
      const { id: priceListId } = await service.createPriceList({ name: 'sale', currency: 'CNY', prices }, staff)
      await service.setPrices({ priceListId, prices: [{ offerId, price: 850 }] })
      await service.setPrices({ priceListId, prices: [{ offerId, price: 850 }] })
      await service.setPrices({ priceListId, prices: [{ offerId, minQuantity: 5, price: 800 }] })
      await service.setPrices({ priceListId, prices: [{ offerId, price: null }] })
      await service.archivePriceList({ priceListId })
      const { items } = await service.history({ offerId })
      expect(items.map(({ priceListId: of, minQuantity, before, after, by }) => [of, minQuantity, before, after, by])).toEqual([
        [null, 1, null, 1000, 'staff:42'],
        [null, 1, 1000, 1100, 'staff:42'],
        [priceListId, 1, null, 900, 'staff:42'],
        [priceListId, 1, 900, 850, 'system'],
        [priceListId, 5, null, 800, 'system'],
        [priceListId, 1, 850, null, 'system'],
        [priceListId, 5, 800, null, 'system'],
      ])
    })

    it('ends an archived list, which keeps its prices as they were', async () => {
      const { id: priceListId } = await service.createPriceList({ name: 'sale', currency: 'CNY', prices: [{ offerId, price: 900 }] })
      expect(await price()).toBe(900)
      expect(await service.archivePriceList({ priceListId })).toMatchObject({ status: 'archived' })
      expect(await price()).toBe(1000)
      await expect(service.setPrices({ priceListId, prices: [{ offerId, price: 1 }] })).rejects.toMatchObject({
        code: 'pricing.price_list_archived',
      })
      expect((await service.listPrices({ priceListId })).items).toEqual([{ offerId, minQuantity: 1, price: 900 }])
      expect((await service.list({ status: 'active' })).items).toEqual([])
    })

    it('refuses unknown offers and lists, a tier given twice, and a validity that is empty', async () => {
      const list = { name: 'x', currency: 'CNY' }
      const create = (prices: Parameters<typeof service.createPriceList>[0]['prices']) => service.createPriceList({ ...list, prices })
      await expect(create([{ offerId: 'ofr_none', price: 1 }])).rejects.toMatchObject({ code: 'pricing.offer_not_found' })
      await expect(
        create([
          { offerId, price: 1 },
          { offerId, minQuantity: 1, price: 2 },
        ]),
      ).rejects.toMatchObject({ code: 'pricing.price_repeated' })
      await expect(service.setPrices({ priceListId: 'pls_none', prices: [] })).rejects.toMatchObject({
        code: 'pricing.price_list_not_found',
      })
      await expect(service.createPriceList({ ...list, validTo: '2020-01-01T00:00:00.000Z' })).rejects.toMatchObject({
        code: 'pricing.empty_validity',
      })
      await expect(service.resolve({ items: [{ offerId: 'ofr_none' }] })).rejects.toMatchObject({ code: 'pricing.offer_not_found' })
      expect((await service.list()).items).toEqual([])
    })

    it('loses no price when many set prices of one list at once', async () => {
      const { id: priceListId } = await service.createPriceList({ name: 'busy', currency: 'CNY' })
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          service.setPrices({ priceListId, prices: [{ offerId, minQuantity: 1 + (index % 10), price: index }] }),
        ),
      )
      expect((await service.listPrices({ priceListId })).items).toHaveLength(10)
    })
  })
}
