import { type Emit, emit } from '../kernel/index.js'

interface OfProduct {
  readonly productId: string
}
interface OfOffer {
  readonly offerId: string
  readonly productId: string
  readonly supplierId: string
}

/** What the catalog tells after commit. */
export interface CatalogEvents {
  'product.created': OfProduct & { readonly supplierId: string | null }
  /** Its texts, media or variants changed. */
  'product.edited': OfProduct
  'product.submitted': OfProduct
  'product.approved': OfProduct
  'product.rejected': OfProduct & { readonly reason: string }
  'product.published': OfProduct
  'product.archived': OfProduct
  'offer.created': OfOffer
  /** Minor units. */
  'offer.priced': OfOffer & { readonly before: number; readonly after: number; readonly currency: string }
  'offer.listed': OfOffer
  'offer.unlisted': OfOffer
}

export const emitCatalog: Emit<CatalogEvents> = emit
