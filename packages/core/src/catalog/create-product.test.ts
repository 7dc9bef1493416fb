import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CatalogFixture, openCatalog, shoe } from '../testing/catalog.fixture.js'
import { testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`products on ${database.name}`, () => {
    let fixture: CatalogFixture
    let supplierId: string
    beforeEach(async () => {
      fixture = await openCatalog(database)
      supplierId = await fixture.supplier()
    })
    afterEach(() => fixture.close())

    it('come with all their parts, as they were given', async () => {
      const { service } = fixture.catalog
      const { id: categoryId } = await service.createCategory({ slug: 'shoes', names: { en: 'Shoes', zh: '鞋' } })
      const { id: brandId } = await service.createBrand({ names: { en: 'Swift' } })
      const created = await service.createProduct({
        ...shoe(supplierId, 2),
        categoryId,
        brandId,
        descriptions: { en: 'Fast.' },
        specifications: [{ names: { en: 'Sole' }, values: { en: 'Rubber' } }],
        metadata: { erp: 7 },
      })
      expect(created).toMatchObject({
        status: 'draft',
        supplierId,
        categoryPath: 'shoes',
        names: { en: 'Running shoe', zh: '跑鞋' },
        brandNames: { en: 'Swift' },
        specifications: [{ names: { en: 'Sole' }, values: { en: 'Rubber' } }],
        metadata: { erp: 7 },
        variants: [{ title: '1', optionValues: { Size: '1' }, weightGrams: 600, taxClass: 'standard', shippable: true }, { title: '2' }],
        offers: [
          { sku: 'shoe-1', price: 1000, currency: 'CNY', sellable: false, notSellableReason: 'product_not_published' },
          { sku: 'shoe-2', price: 1001 },
        ],
      })
      expect(created.media.map(({ url }) => url)).toEqual(shoe(supplierId).media?.map(({ url }) => url))
      expect(await service.get({ productId: created.id })).toEqual(created)
    })

    it('take as many statements with 200 variants and offers as with one, to create and to read', async () => {
      const { service } = fixture.catalog
      const created: string[] = []
      const create = (variants: number, sku: string) =>
        fixture.statements(async () => created.push((await service.createProduct(shoe(supplierId, variants, sku))).id))
      expect(await create(200, 'many')).toBe(await create(1, 'one'))
      const read = (productId = '') => fixture.statements(() => service.get({ productId }))
      expect([await read(created[0]), await read(created[1])]).toEqual([4, 4])
    })

    it('refuse what they refer to and is not there', async () => {
      const { createProduct } = fixture.catalog.service
      await expect(createProduct(shoe('sup_none'))).rejects.toMatchObject({ code: 'catalog.supplier_not_found' })
      await expect(createProduct({ ...shoe(supplierId), categoryId: 'cat_none' })).rejects.toMatchObject({
        code: 'catalog.category_not_found',
      })
      await expect(createProduct({ ...shoe(supplierId), brandId: 'brd_none' })).rejects.toMatchObject({ code: 'catalog.brand_not_found' })
      await expect(createProduct({ ...shoe(supplierId), supplierId: undefined })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(createProduct({ ...shoe(supplierId), names: {} })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(createProduct({ ...shoe(supplierId), names: { 'no language': 'x' } })).rejects.toMatchObject({ code: 'input.invalid' })
    })

    it("keep a supplier's SKUs distinct and leave nothing behind when they are not", async () => {
      const { service } = fixture.catalog
      await service.createProduct(shoe(supplierId))
      await expect(service.createProduct(shoe(supplierId, 2))).rejects.toMatchObject({
        code: 'catalog.sku_taken',
        details: { skus: ['shoe-1'] },
      })
      expect((await service.list()).items).toHaveLength(1)
      const other = await fixture.supplier('Other')
      await expect(service.createProduct(shoe(other))).resolves.toBeDefined()
    })

    it('are found by status, supplier and category, page by page', async () => {
      const { service } = fixture.catalog
      const { id: shoes } = await service.createCategory({ slug: 'shoes', names: { en: 'Shoes' } })
      const { id: running } = await service.createCategory({ parentId: shoes, slug: 'running', names: { en: 'Running' } })
      const { id: hats } = await service.createCategory({ slug: 'shoes-racks', names: { en: 'Racks' } })
      const ids: string[] = []
      for (const [index, categoryId] of [running, hats, shoes].entries()) {
        ids.push((await service.createProduct({ ...shoe(supplierId, 1, `s${index}`), categoryId })).id)
      }
      const found = async (input: Parameters<typeof service.list>[0]) => (await service.list(input)).items.map(({ id }) => id)
      expect(await found({ categoryPath: 'shoes' })).toEqual([ids[0], ids[2]])
      expect(await found({ supplierId: 'sup_none' })).toEqual([])
      expect(await found({ status: 'published' })).toEqual([])
      const first = await service.list({ limit: 2 })
      expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2))
      expect(await service.list({ limit: 2, after: first.next ?? '' })).toMatchObject({ items: [{ id: ids[2] }], next: null })
    })

    it('come from another platform published, any number in as many statements as one', async () => {
      const { importProducts } = fixture.catalog.service
      const drafts = (count: number, sku: string) => Array.from({ length: count }, (_, index) => shoe(supplierId, 2, `${sku}${index}`))
      const imported = (count: number, sku: string) => fixture.statements(() => importProducts({ products: drafts(count, sku) }))
      expect(await imported(50, 'many')).toBe(await imported(1, 'one'))
      const [product] = await importProducts({ products: drafts(1, 'last') })
      const offerId = product?.variants[1]?.offerId ?? ''
      expect(await fixture.catalog.service.getOffer({ offerId })).toMatchObject({ sku: 'last0-2', sellable: true })
    })
  })
}
