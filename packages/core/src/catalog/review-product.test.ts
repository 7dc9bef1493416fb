import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CatalogFixture, openCatalog, shoe } from '../testing/catalog.fixture.js'
import { testDatabases } from '../testing/index.js'

const supplier = { actor: { type: 'supplier', id: '7' } } as const
const staff = { actor: { type: 'staff', id: '42' } } as const

for (const database of testDatabases()) {
  describe(`review of products on ${database.name}`, () => {
    let fixture: CatalogFixture
    let productId: string
    beforeEach(async () => {
      fixture = await openCatalog(database)
      ;({ id: productId } = await fixture.catalog.service.createProduct(shoe(await fixture.supplier()), supplier))
    })
    afterEach(() => fixture.close())

    it('leads from the draft to the shelf, and every step stands in the timeline with who and why', async () => {
      const { service } = fixture.catalog
      await service.submit({ productId }, supplier)
      expect(await service.reject({ productId, reason: 'No size chart' }, staff)).toMatchObject({
        status: 'rejected',
        rejectionReason: 'No size chart',
      })
      await service.updateProduct({ productId, descriptions: { en: 'Sizes: …' } }, supplier)
      expect(await service.submit({ productId }, supplier)).toMatchObject({ status: 'submitted', rejectionReason: null })
      await service.approve({ productId }, staff)
      expect((await service.publish({ productId }, staff)).publishedAt).not.toBeNull()
      await service.archive({ productId }, staff)
      expect((await service.timeline({ productId })).map(({ action, by, reason }) => [action, by, reason])).toEqual([
        ['created', 'supplier:7', null],
        ['submitted', 'supplier:7', null],
        ['rejected', 'staff:42', 'No size chart'],
        ['edited', 'supplier:7', null],
        ['submitted', 'supplier:7', null],
        ['approved', 'staff:42', null],
        ['published', 'staff:42', null],
        ['archived', 'staff:42', null],
      ])
    })

    it('refuses a step that the status does not allow, and a product that is not there', async () => {
      const { service } = fixture.catalog
      await expect(service.publish({ productId })).rejects.toMatchObject({ code: 'catalog.product_status', details: { status: 'draft' } })
      await expect(service.submit({ productId: 'prd_none' })).rejects.toMatchObject({
        code: 'catalog.product_not_found',
        kind: 'not_found',
      })
      expect(await service.timeline({ productId })).toHaveLength(1)
    })

    it('is decided once, whoever decides at the same time', async () => {
      const { service } = fixture.catalog
      await service.submit({ productId })
      const decisions = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          index % 2 ? service.approve({ productId }) : service.reject({ productId, reason: 'No' }),
        ),
      )
      expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await service.timeline({ productId })).toHaveLength(3)
    })

    it('keeps what was reviewed: a published product is archived before it is edited, and is a draft then', async () => {
      const { service } = fixture.catalog
      await fixture.publish(productId)
      const edit = { productId, names: { en: 'Other shoe' }, media: [{ type: 'image', url: 'https://cdn.example/new.jpg' }] } as const
      await expect(service.updateProduct(edit)).rejects.toMatchObject({ code: 'catalog.product_not_editable' })
      expect(await service.updateProduct({ productId, metadata: { season: 'SS' } })).toMatchObject({
        status: 'published',
        metadata: { season: 'SS' },
      })
      await service.archive({ productId })
      expect(await service.updateProduct(edit)).toMatchObject({
        status: 'draft',
        names: { en: 'Other shoe' },
        media: [{ type: 'image', url: 'https://cdn.example/new.jpg' }],
        metadata: { season: 'SS' },
      })
    })

    it('takes new variants of a draft in, with their offers, and never renames the old', async () => {
      const { service } = fixture.catalog
      const options = [{ name: 'Size', values: ['1', '2'] }]
      const variants = [{ optionValues: { Size: '2' }, offer: { sku: 'shoe-2', price: 1200, currency: 'CNY' } }]
      const product = await service.addVariants({ productId, options, variants })
      expect(product.variants.map(({ title }) => title)).toEqual(['1', '2'])
      expect(product.offers.map(({ sku }) => sku)).toEqual(['shoe-1', 'shoe-2'])
      await expect(service.addVariants({ productId, variants })).rejects.toMatchObject({ code: 'catalog.variant_repeated' })
      await expect(
        service.addVariants({
          productId,
          options: [{ name: 'Grösse', values: ['1', '2', '3'] }],
          variants: [{ optionValues: { Grösse: '3' } }],
        }),
      ).rejects.toMatchObject({ code: 'catalog.unknown_option' })
    })
  })
}
