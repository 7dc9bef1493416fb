import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CatalogFixture, openCatalog, shoe } from '../testing/catalog.fixture.js'
import { testDatabases } from '../testing/index.js'
import type { Offer, Product, ShelfFilter } from './index.js'

for (const database of testDatabases()) {
  describe(`offers on ${database.name}`, () => {
    let fixture: CatalogFixture
    let supplierId: string
    let product: Product
    beforeEach(async () => {
      fixture = await openCatalog(database)
      supplierId = await fixture.supplier()
      product = await fixture.catalog.service.createProduct(shoe(supplierId, 2))
      await fixture.publish(product.id)
    })
    afterEach(() => fixture.close())

    const read = (...offerIds: readonly string[]): Promise<ReadonlyMap<string, Offer>> =>
      fixture.kernel.database.read(undefined, (reader) => fixture.catalog.offers(reader, offerIds))
    const shelf = (filter: ShelfFilter = {}) =>
      fixture.kernel.database.read(undefined, (reader) => fixture.catalog.publishedProducts(reader, filter))
    const only = async (): Promise<Offer | undefined> => (await read(product.offers[0]?.id ?? '')).get(product.offers[0]?.id ?? '')

    it('are read by one statement, whatever their number; the unknown are missing', async () => {
      const ids = product.offers.map(({ id }) => id)
      expect(await fixture.statements(() => read(...ids, 'ofr_none'))).toBe(1)
      const offers = await read(...ids, 'ofr_none')
      expect([...offers.keys()].sort()).toEqual([...ids].sort())
      expect(offers.get(ids[0] ?? '')).toMatchObject({
        supplierId,
        supplierStatus: 'approved',
        productId: product.id,
        categoryPath: null,
        names: product.names,
        variantTitle: '1',
        weightGrams: 600,
        sellable: true,
        notSellableReason: null,
      })
    })

    it('sell only while their supplier is approved, and again when it is reinstated', async () => {
      await fixture.suppliers.service.suspend({ supplierId, reason: 'Complaints' })
      expect(await only()).toMatchObject({ sellable: false, notSellableReason: 'supplier_not_approved' })
      expect((await shelf()).items).toEqual([])
      await fixture.suppliers.service.reinstate({ supplierId })
      expect(await only()).toMatchObject({ sellable: true })
      expect((await shelf()).items).toHaveLength(1)
    })

    it('are taken off the shelf and put back', async () => {
      const { service } = fixture.catalog
      const offerId = product.offers[0]?.id ?? ''
      expect(await service.unlistOffer({ offerId })).toMatchObject({ sellable: false, notSellableReason: 'unlisted' })
      expect((await shelf()).items[0]?.offers.map(({ variantTitle }) => variantTitle)).toEqual(['2'])
      expect(await service.listOffer({ offerId })).toMatchObject({ sellable: true })
      await service.archive({ productId: product.id })
      expect(await only()).toMatchObject({ notSellableReason: 'product_not_published' })
    })

    it('of several suppliers stand at one variant', async () => {
      const { service } = fixture.catalog
      const rival = await fixture.supplier('Rival')
      const variantId = product.variants[0]?.id ?? ''
      await service.createOffer({ supplierId: rival, variantId, sku: 'shoe-1', price: 900, currency: 'CNY', leadTimeDays: 3 })
      expect((await service.listOffers({ variantId })).items.map(({ supplierId: of, price }) => [of, price])).toEqual([
        [supplierId, 1000],
        [rival, 900],
      ])
      expect((await shelf({ supplierId: rival })).items[0]?.offers).toMatchObject([{ supplierId: rival, price: 900 }])
      await expect(
        service.createOffer({ supplierId: rival, variantId: 'var_none', sku: 'x', price: 1, currency: 'CNY' }),
      ).rejects.toMatchObject({ code: 'catalog.variant_not_found' })
      await expect(service.createOffer({ supplierId: rival, variantId, sku: 'shoe-1', price: 1, currency: 'CNY' })).rejects.toMatchObject({
        code: 'catalog.sku_taken',
      })
    })

    it('change price, SKU and lead time; a SKU that another offer has is refused', async () => {
      const { service } = fixture.catalog
      const [first, second] = product.offers
      const offerId = first?.id ?? ''
      expect(await service.updateOffer({ offerId, price: 1500, leadTimeDays: 2 })).toMatchObject({
        price: 1500,
        leadTimeDays: 2,
        sku: 'shoe-1',
      })
      expect(await service.updateOffer({ offerId, leadTimeDays: null })).toMatchObject({ price: 1500, leadTimeDays: null })
      await expect(service.updateOffer({ offerId, sku: second?.sku })).rejects.toMatchObject({ code: 'catalog.sku_taken' })
      await expect(service.updateOffer({ offerId: 'ofr_none', price: 1 })).rejects.toMatchObject({ code: 'catalog.offer_not_found' })
    })

    it('are shown on the shelf by three statements, with the first image, however many products there are', async () => {
      expect(await shelf()).toMatchObject({
        items: [
          {
            id: product.id,
            image: { url: 'https://cdn.example/shoe.jpg', alt: { en: 'A shoe' } },
            offers: [{ price: 1000 }, { price: 1001 }],
          },
        ],
        next: null,
      })
      await fixture.catalog.service.importProducts({ products: Array.from({ length: 30 }, (_, index) => shoe(supplierId, 5, `p${index}`)) })
      expect(await fixture.statements(() => shelf({ limit: 1 }))).toBe(3)
      expect(await fixture.statements(() => shelf({ limit: 30 }))).toBe(3)
      const first = await shelf({ limit: 20 })
      const second = await shelf({ limit: 20, after: first.next ?? '' })
      expect([first.items.length, second.items.length, second.next]).toEqual([20, 11, null])
    })

    it('are found by a part of a name in any language and by category with what lies below', async () => {
      const { service } = fixture.catalog
      const { id: hats } = await service.createCategory({ slug: 'hats', names: { en: 'Hats' } })
      const { id: categoryId } = await service.createCategory({ parentId: hats, slug: 'straw', names: { en: 'Straw' } })
      await service.importProducts({
        products: [{ ...shoe(supplierId, 1, 'hat'), names: { en: '100% Straw Hat', zh: '草帽' }, categoryId }],
      })
      const names = async (filter: ShelfFilter) => (await shelf(filter)).items.map(({ names }) => names.zh)
      expect(await names({ query: 'STRAW' })).toEqual(['草帽'])
      expect(await names({ query: '跑' })).toEqual(['跑鞋'])
      expect(await names({ query: '0%' })).toEqual(['草帽'])
      expect(await names({ query: '_' })).toEqual([])
      expect(await names({ categoryPath: 'hats' })).toEqual(['草帽'])
      expect(await names({ categoryPath: 'hat' })).toEqual([])
    })
  })
}
