import type { Metadata } from '../kernel/index.js'
import type { Localized } from './localized.js'
import type { ProductStatus } from './product-status.js'

/** Why an offer cannot be sold now. */
export type NotSellable = 'unlisted' | 'product_not_published' | 'supplier_not_approved'

/** One supplier's promise to sell a variant, with what a cart must know of it. */
export interface Offer {
  readonly id: string
  readonly supplierId: string
  readonly supplierStatus: string
  readonly variantId: string
  readonly productId: string
  readonly categoryId: string | null
  /** `shoes/running` */
  readonly categoryPath: string | null
  /** The supplier's own number; no two of its offers share one. */
  readonly sku: string
  /** The product's. */
  readonly names: Localized
  /** `red / 42` */
  readonly variantTitle: string
  /** Minor units of `currency`, before price lists. */
  readonly price: number
  readonly currency: string
  readonly taxClass: string
  /** 0 where it is not known. */
  readonly weightGrams: number
  readonly shippable: boolean
  /** Days until it ships. */
  readonly leadTimeDays: number | null
  readonly sellable: boolean
  readonly notSellableReason: NotSellable | null
  readonly metadata: Metadata
}

/** An offer is sold while it is listed, its product is published and its supplier approved. It is derived anew at every reading, so a suspension takes effect at once and its end restores what was listed. */
export function whyNotSellable(offer: {
  readonly listed: boolean
  readonly productStatus: ProductStatus
  readonly supplierStatus: string
}): NotSellable | null {
  if (offer.supplierStatus !== 'approved') return 'supplier_not_approved'
  if (offer.productStatus !== 'published') return 'product_not_published'
  return offer.listed ? null : 'unlisted'
}
