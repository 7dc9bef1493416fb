/** Writes new products and offers, any number in the same few statements. */
import type { Kernel, Tx } from '../kernel/index.js'
import type { Suppliers } from '../supplier/index.js'
import { brandTable, categoryTable } from './category.entity.js'
import type { ProductDraft } from './drafts.js'
import { brandNotFound, categoryNotFound, skuTaken, supplierNotFound } from './errors.js'
import { emitCatalog } from './events.js'
import type { CatalogHooks } from './hooks.js'
import { type OfferRow, offerTable, type VariantRow, variantTable } from './offer.entity.js'
import { productMediaTable, productTable, productTrailTable } from './product.entity.js'
import { mediaRows, offerRowsOf, productRow, trailRow, variantRows } from './rows.js'
import { titlesOf } from './variant.js'

export interface CatalogDeps {
  readonly kernel: Pick<Kernel, 'ids' | 'hooks'>
  readonly suppliers: Pick<Suppliers, 'find'>
}

export interface StoredProduct {
  readonly id: string
  readonly variants: readonly VariantRow[]
  readonly offers: readonly OfferRow[]
}

/** @throws catalog.supplier_not_found, catalog.category_not_found, catalog.brand_not_found, catalog.unknown_option, catalog.variant_repeated, catalog.sku_taken */
export async function storeProducts(
  { kernel, suppliers }: CatalogDeps,
  tx: Tx,
  drafts: readonly ProductDraft[],
  as: { readonly status: 'draft' | 'published'; readonly action: 'created' | 'imported'; readonly by: string },
): Promise<readonly StoredProduct[]> {
  await requireReferences(tx, drafts)
  await requireSuppliers(
    suppliers,
    tx,
    drafts.flatMap(({ supplierId }) => supplierId ?? []),
  )
  const { ids } = kernel
  const built = drafts.map((draft) => {
    const product = productRow(ids('prd'), draft, as.status, tx.now)
    const variants = variantRows(ids, product.id, draft.variants, titlesOf(product.options, draft.variants))
    return {
      product,
      variants,
      media: mediaRows(ids, product.id, draft.media ?? []),
      offers: offerRowsOf(ids, product.supplierId, draft.variants, variants, tx.now),
      trail: trailRow(ids, product, as.action, as.by, tx.now),
    }
  })
  await tx.insert(
    productTable,
    built.map(({ product }) => product),
  )
  await tx.insert(
    productMediaTable,
    built.flatMap(({ media }) => media),
  )
  await tx.insert(
    productTrailTable,
    built.map(({ trail }) => trail),
  )
  await tx.insert(
    variantTable,
    built.flatMap(({ variants }) => variants),
  )
  await storeOffers(
    kernel,
    tx,
    built.flatMap(({ offers }) => offers),
    as.by,
  )
  for (const { product } of built) emitCatalog(tx, 'product.created', product.id, { productId: product.id, supplierId: product.supplierId })
  if (as.status === 'published')
    for (const { product } of built) emitCatalog(tx, 'product.published', product.id, { productId: product.id })
  return built.map(({ product, variants, offers }) => ({ id: product.id, variants, offers }))
}

/** @throws catalog.sku_taken */
export async function storeOffers(kernel: CatalogDeps['kernel'], tx: Tx, rows: readonly OfferRow[], by: string): Promise<void> {
  if (rows.length === 0) return
  // A SKU that is taken leaves its row out, also when its first owner came a moment ago; the throw then undoes the rest.
  if ((await tx.insertMissing(offerTable, rows)) < rows.length) throw skuTaken({ skus: await missingSkus(tx, rows) })
  const prices = rows.map((row) => ({ offerId: row.id, before: null, after: row.price, currency: row.currency }))
  await kernel.hooks<CatalogHooks>().run(tx, 'offer.priced', { prices, by })
  for (const { id, productId, supplierId } of rows) emitCatalog(tx, 'offer.created', id, { offerId: id, productId, supplierId })
}

async function missingSkus(tx: Tx, rows: readonly OfferRow[]): Promise<readonly string[]> {
  const stored = new Set((await tx.find(offerTable, { id: rows.map((row) => row.id) })).map((row) => row.id))
  return rows.filter((row) => !stored.has(row.id)).map((row) => row.sku)
}

/** @throws catalog.supplier_not_found */
export async function requireSuppliers(suppliers: CatalogDeps['suppliers'], tx: Tx, supplierIds: readonly string[]): Promise<void> {
  if (supplierIds.length === 0) return
  const wanted = [...new Set(supplierIds)]
  const known = await suppliers.find(tx, wanted)
  for (const supplierId of wanted) if (!known.has(supplierId)) throw supplierNotFound({ supplierId })
}

/** @throws catalog.category_not_found, catalog.brand_not_found */
export async function requireReferences(
  tx: Tx,
  products: readonly { readonly categoryId?: string | null | undefined; readonly brandId?: string | null | undefined }[],
): Promise<void> {
  const categoryIds = [...new Set(products.flatMap(({ categoryId }) => categoryId ?? []))]
  const brandIds = [...new Set(products.flatMap(({ brandId }) => brandId ?? []))]
  if (categoryIds.length > 0) {
    const known = new Set((await tx.find(categoryTable, { id: categoryIds })).map((row) => row.id))
    for (const categoryId of categoryIds) if (!known.has(categoryId)) throw categoryNotFound({ categoryId })
  }
  if (brandIds.length > 0) {
    const known = new Set((await tx.find(brandTable, { id: brandIds })).map((row) => row.id))
    for (const brandId of brandIds) if (!known.has(brandId)) throw brandNotFound({ brandId })
  }
}
