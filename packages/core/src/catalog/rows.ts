/** Rows of new products, variants and offers. */
import type { IdGenerator, Timestamp } from '../kernel/index.js'
import type { OfferDraft, ProductDraft, VariantDraft } from './drafts.js'
import { searchTextOf } from './localized.js'
import type { OfferRow, VariantRow } from './offer.entity.js'
import type { ProductMediaRow, ProductRow, ProductTrailRow } from './product.entity.js'
import type { Media, ProductAction } from './product.js'
import type { ProductStatus } from './product-status.js'

export function productRow(id: string, draft: ProductDraft, status: ProductStatus, now: Timestamp): ProductRow {
  return {
    id,
    status,
    supplierId: draft.supplierId ?? null,
    categoryId: draft.categoryId ?? null,
    brandId: draft.brandId ?? null,
    names: draft.names,
    searchText: searchTextOf(draft.names),
    descriptions: draft.descriptions ?? {},
    options: draft.options ?? [],
    specifications: draft.specifications ?? [],
    rejectionReason: null,
    metadata: draft.metadata ?? {},
    createdAt: now,
    updatedAt: now,
    publishedAt: status === 'published' ? now : null,
  }
}

export function mediaRows(ids: IdGenerator, productId: string, media: readonly Media[]): readonly ProductMediaRow[] {
  return media.map(({ type, url, alt }, position) => ({ id: ids('med'), productId, position, type, url, alt: alt ?? null }))
}

/** @param first the position of the first: the number of variants that are there already */
export function variantRows(
  ids: IdGenerator,
  productId: string,
  drafts: readonly VariantDraft[],
  titles: readonly string[],
  first = 0,
): readonly VariantRow[] {
  return drafts.map((draft, index) => ({
    id: ids('var'),
    productId,
    position: first + index,
    sku: draft.sku ?? null,
    title: titles[index] ?? '',
    optionValues: draft.optionValues ?? {},
    weightGrams: draft.weightGrams ?? 0,
    barcode: draft.barcode ?? null,
    taxClass: draft.taxClass ?? 'standard',
    shippable: draft.shippable ?? true,
    metadata: draft.metadata ?? {},
  }))
}

export function offerRow(
  ids: IdGenerator,
  of: { readonly supplierId: string; readonly variantId: string; readonly productId: string },
  draft: OfferDraft,
  now: Timestamp,
): OfferRow {
  return {
    id: ids('ofr'),
    supplierId: of.supplierId,
    variantId: of.variantId,
    productId: of.productId,
    sku: draft.sku,
    price: draft.price,
    currency: draft.currency,
    leadTimeDays: draft.leadTimeDays ?? null,
    listed: true,
    metadata: draft.metadata ?? {},
    createdAt: now,
    updatedAt: now,
  }
}

/** The offers that come with variants; none where the product has no supplier. */
export function offerRowsOf(
  ids: IdGenerator,
  supplierId: string | null,
  drafts: readonly VariantDraft[],
  variants: readonly VariantRow[],
  now: Timestamp,
): readonly OfferRow[] {
  return variants.flatMap((variant, index) => {
    const draft = drafts[index]?.offer
    return draft && supplierId !== null
      ? [offerRow(ids, { supplierId, variantId: variant.id, productId: variant.productId }, draft, now)]
      : []
  })
}

export function trailRow(
  ids: IdGenerator,
  product: { readonly id: string; readonly status: ProductStatus },
  action: ProductAction,
  by: string,
  at: Timestamp,
  reason: string | null = null,
): ProductTrailRow {
  return { id: ids('ptr'), productId: product.id, action, status: product.status, reason, by, at }
}
