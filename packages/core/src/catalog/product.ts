import type { Metadata } from '../kernel/index.js'
import type { Localized } from './localized.js'
import type { Offer } from './offer.js'
import type { ProductStatus } from './product-status.js'
import type { ProductOption, Variant } from './variant.js'

/** A fact about the product: `{ names: { en: 'Material' }, values: { en: 'Leather' } }`. */
export interface Specification {
  readonly names: Localized
  readonly values: Localized
}

export interface Media {
  readonly type: 'image' | 'video'
  readonly url: string
  /** What a person who does not see it is told. */
  readonly alt?: Localized | undefined
}

/** A product without its parts: what lists show. */
export interface ProductSummary {
  readonly id: string
  readonly status: ProductStatus
  /** The supplier that created it; null where the platform did. */
  readonly supplierId: string | null
  readonly categoryId: string | null
  readonly categoryPath: string | null
  readonly brandId: string | null
  readonly names: Localized
  /** Why the review rejected it, until it is submitted again. */
  readonly rejectionReason: string | null
  readonly metadata: Metadata
  readonly createdAt: string
  readonly updatedAt: string
  /** When it last came onto the shelf. */
  readonly publishedAt: string | null
}

/** A whole product. */
export interface Product extends ProductSummary {
  readonly descriptions: Localized
  readonly brandNames: Localized | null
  readonly options: readonly ProductOption[]
  readonly specifications: readonly Specification[]
  /** In the order in which they are shown. */
  readonly media: readonly Media[]
  readonly variants: readonly Variant[]
  /** Every supplier's, sellable or not. */
  readonly offers: readonly Offer[]
}

/** One step in a product's life: who did what, and when. */
export interface ProductTrailEntry {
  readonly action: ProductAction
  /** `staff:42`, `system` */
  readonly by: string
  readonly at: string
  /** The status after it. */
  readonly status: ProductStatus
  readonly reason: string | null
}

export type ProductAction =
  | 'created'
  | 'imported'
  | 'edited'
  | 'variants_added'
  | 'submitted'
  | 'approved'
  | 'rejected'
  | 'published'
  | 'archived'
