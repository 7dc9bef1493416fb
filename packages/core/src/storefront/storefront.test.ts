import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shoe } from '../testing/catalog.fixture.js'
import { testDatabases } from '../testing/index.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import { bestOffer, createStorefront, type StorefrontOffer, type StorefrontService } from './index.js'

const offer = (offerId: string, price: number, available: number, currency = 'CNY'): StorefrontOffer => ({
  id: offerId,
  variantId: 'var_1',
  variantTitle: '',
  supplierId: 'sup_1',
  price,
  basePrice: price,
  currency,
  available,
})

describe('the best offer', () => {
  it('is the cheapest in stock, else the cheapest, and never of another currency', () => {
    expect(bestOffer([offer('a', 10, 0), offer('b', 30, 1), offer('c', 20, 1)])?.id).toBe('c')
    expect(bestOffer([offer('a', 10, 0), offer('b', 5, 0)])?.id).toBe('b')
    expect(bestOffer([offer('a', 10, 1), offer('b', 5, 1, 'USD')])?.id).toBe('a')
    expect(bestOffer([])).toBeNull()
  })
})

for (const database of testDatabases()) {
  describe(`the storefront on ${database.name}`, () => {
    let shop: ShopFixture
    let supplierId: string
    let storefront: StorefrontService
    beforeEach(async () => {
      shop = await openShop(database)
      supplierId = await shop.supplier()
      storefront = createStorefront(shop).service
    })
    afterEach(() => shop.close())

    it('shows price, stock and image as the viewer has them', async () => {
      const [offerId = ''] = await shop.goods(supplierId, [{ price: 1000, stock: 7 }])
      await shop.pricing.service.createPriceList({ name: 'App', currency: 'CNY', channel: 'app', prices: [{ offerId, price: 900 }] })
      const { items } = await storefront.products({ channel: 'app' })
      expect(items).toMatchObject([
        {
          name: 'Article 1',
          image: { url: 'https://cdn.example/1.jpg' },
          offers: [{ id: offerId, price: 900, basePrice: 1000, currency: 'CNY', available: 7 }],
          best: { id: offerId },
        },
      ])
      expect((await storefront.products()).items[0]?.best?.price).toBe(1000)
    })

    it('names a product in the language asked for', async () => {
      await shop.catalog.service.importProducts({ products: [shoe(supplierId)] })
      expect((await storefront.products({ locale: 'zh-CN' })).items[0]?.name).toBe('跑鞋')
      expect((await storefront.products({}, { locale: 'en' })).items[0]?.name).toBe('Running shoe')
    })

    it('leads through the shelf page by page', async () => {
      await shop.goods(supplierId, [{}, {}, {}])
      const first = await storefront.products({ limit: 2 })
      const second = await storefront.products({ limit: 2, after: first.next ?? '' })
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['Article 1', 'Article 2', 'Article 3'])
      expect(second.next).toBeNull()
    })

    it('takes five statements for a page of 1 product and of 20 with many variants', async () => {
      await shop.catalog.service.importProducts({ products: [shoe(supplierId)] })
      expect(await shop.statements(() => storefront.products({ limit: 20 }))).toBe(5)
      await shop.catalog.service.importProducts({
        products: Array.from({ length: 19 }, (_, index) => shoe(supplierId, 10, `shoe${index}`)),
      })
      expect(await shop.statements(() => storefront.products({ limit: 20 }))).toBe(5)
      expect((await storefront.products({ limit: 20 })).items).toHaveLength(20)
    })

    it('shows a published product whole, and no other', async () => {
      const [imported] = await shop.catalog.service.importProducts({ products: [shoe(supplierId, 2)] })
      const productId = imported?.id ?? ''
      const product = await storefront.product({ productId, locale: 'zh' })
      expect(product).toMatchObject({
        id: productId,
        name: '跑鞋',
        offers: [{ price: 1000, available: 0 }, { price: 1001 }],
        best: { price: 1000 },
      })
      await shop.catalog.service.archive({ productId })
      await expect(storefront.product({ productId })).rejects.toMatchObject({ code: 'storefront.product_not_published' })
      await expect(storefront.product({ productId: 'prd_none' })).rejects.toMatchObject({ code: 'catalog.product_not_found' })
    })
  })
}
