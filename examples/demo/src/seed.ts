/** Fills an empty marketplace: who sells, who brings customers, what there is to buy, and on what terms. */
import { addDays, type Tx } from '@entrepot/core'
import { categories } from './data/categories.js'
import { distributors } from './data/distributors.js'
import { type DemoProduct, variantsOf } from './data/product.js'
import { type DemoSupplier, suppliers } from './data/suppliers.js'
import { currency, type Marketplace } from './marketplace.js'
import { drawPictures } from './pictures.js'
import type { People } from './world.js'

/** The people of the platform, as their steps are written down. */
export const staff = { type: 'staff', id: 'wu.qing' } as const

/** @param mediaFolder where the pictures are drawn */
export async function seed(commerce: Marketplace, now: string, mediaFolder: string): Promise<People> {
  const pictures = await drawPictures(
    suppliers.flatMap((supplier) => supplier.products),
    mediaFolder,
  )
  await setUpTax(commerce)
  const categoryIds = await createCategories(commerce)
  const supplierIds = new Map<DemoSupplier['key'], { readonly id: string; readonly demo: DemoSupplier }>()
  const offers = new Map<string, string>()
  for (const demo of suppliers) {
    const id = await admitSupplier(commerce, demo, now)
    supplierIds.set(demo.key, { id, demo })
    for (const [sku, offerId] of await takeOverGoods(commerce, id, demo, categoryIds, pictures)) offers.set(sku, offerId)
  }
  const tree = await admitDistributors(commerce)
  await commerce.promotions.create(spring)
  return { suppliers: supplierIds, distributors: tree, offers }
}

/** The code of the spring promotion. */
export const springCode = 'SPRING50'

/** ¥50 off from ¥300; the platform bears 60 %, each line's own supplier the rest. */
const spring = {
  name: 'Spring: ¥50 off from ¥300',
  code: springCode,
  amount: 5000,
  currency,
  minimum: 30000,
  funders: { platform: 60, supplier: 40 },
} as const

/** China's VAT: in the price, and remitted by the suppliers, who are the sellers. */
async function setUpTax(commerce: Marketplace): Promise<void> {
  await commerce.taxes.setRate({ country: 'CN', percent: 13, included: true, remits: 'supplier' })
  await commerce.taxes.setRate({ country: 'CN', taxClass: 'farm', percent: 9, included: true, remits: 'supplier' })
}

async function createCategories(commerce: Marketplace): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const { path, name } of categories) {
    const parentId = ids.get(path.slice(0, Math.max(path.lastIndexOf('/'), 0)))
    const { id: categoryId } = await commerce.catalog.createCategory({
      parentId,
      slug: path.slice(path.lastIndexOf('/') + 1),
      names: namesOf(name),
    })
    ids.set(path, categoryId)
  }
  return ids
}

/** A supplier applies, shows its licence, is reviewed, and signs. */
async function admitSupplier(commerce: Marketplace, demo: DemoSupplier, now: string): Promise<string> {
  const { suppliers: room, commission, shipping } = commerce
  const { id: supplierId } = await room.apply({
    name: `${demo.name.zh} ${demo.name.en}`,
    legalName: demo.legalName,
    country: 'CN',
    contact: { email: demo.email },
  })
  await room.addDocument({ supplierId, kind: 'business-licence', number: demo.licence, expiresAt: addDays(now, 5 * 365) })
  await room.startReview({ supplierId }, { actor: staff })
  await room.approve({ supplierId }, { actor: staff })
  await room.setContract({ supplierId, settlement: { cycle: 'weekly', holdDays: demo.holdDays } }, { actor: staff })
  await commission.addRule({ match: { supplier: supplierId }, percent: demo.commissionPercent }, { actor: staff })
  const { name, amount, freeFrom, by } = demo.shipping
  await shipping.createMethod({ supplierId, name, countries: ['CN'], flat: amount, freeFrom, currency, allocate: by })
  return supplierId
}

/** The goods come from the platform that was there before: published at once. @returns offer ids by SKU */
async function takeOverGoods(
  commerce: Marketplace,
  supplierId: string,
  { key, name, city, products }: DemoSupplier,
  categoryIds: ReadonlyMap<string, string>,
  pictures: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const { id: brandId } = await commerce.catalog.createBrand({ names: namesOf(name) })
  const imported = await commerce.catalog.importProducts({
    products: products.map((product) => ({
      supplierId,
      brandId,
      categoryId: categoryIds.get(product.category),
      names: namesOf(product.name),
      descriptions: namesOf(product.about),
      options: product.options?.map((option) => ({
        name: option.en,
        values: option.choices.map((choice) => choice.en),
        names: namesOf(option),
        valueNames: Object.fromEntries(option.choices.map((choice) => [choice.en, namesOf(choice)])),
      })),
      specifications: product.facts.map(([fact, value]) => ({ names: namesOf(fact), values: namesOf(value) })),
      media: [{ type: 'image' as const, url: pictures.get(product.code) ?? '', alt: namesOf(product.name) }],
      variants: variantsOf(product).map(({ sku, optionValues, price, grams }) => ({
        optionValues,
        weightGrams: grams,
        taxClass: key === 'tea' ? 'farm' : 'standard',
        offer: { sku, price, currency, leadTimeDays: 1 },
      })),
    })),
  })
  const skus = products.map((product) => variantsOf(product).map((variant) => variant.sku))
  const offers = imported.flatMap(({ variants }, index) =>
    variants.flatMap(({ offerId }, position) => (offerId === null ? [] : [[skus[index]?.[position] ?? '', offerId] as const])),
  )
  const { id: locationId } = await commerce.inventory.createLocation({ name: `${city.zh}仓 ${city.en} warehouse` })
  await commerce.transaction((tx) => fillShelves(commerce, tx, locationId, offers))
  return new Map(offers)
}

/** A joined transaction: one commit for all shelves. */
async function fillShelves(
  commerce: Marketplace,
  tx: Tx,
  locationId: string,
  offers: readonly (readonly [sku: string, offerId: string])[],
): Promise<void> {
  for (const [index, [, offerId]] of offers.entries()) {
    await commerce.inventory.setStock({ offerId, locationId, onHand: 20 + ((index * 37) % 90), safety: 2 }, { tx })
  }
}

async function admitDistributors(commerce: Marketplace): Promise<People['distributors']> {
  const tree = new Map<string, { readonly id: string; readonly code: string; readonly demo: (typeof distributors)[number] }>()
  for (const demo of distributors) {
    const parentId = demo.parent === undefined ? undefined : tree.get(demo.parent)?.id
    const { id, code } = await commerce.distribution.apply({
      name: `${demo.name.zh} ${demo.name.en}`,
      parentId,
      code: `${demo.key.toUpperCase()}2026`,
    })
    await commerce.distribution.approve({ distributorId: id }, { actor: staff })
    tree.set(demo.key, { id, code, demo })
  }
  return tree
}

/** How the catalogue takes texts: by language. */
function namesOf({ zh, en }: DemoProduct['name']): Readonly<Record<string, string>> {
  return { 'zh-CN': zh, en }
}
