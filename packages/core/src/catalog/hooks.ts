import type { Tx } from '../kernel/index.js'

/** An offer's base price was set. */
export interface OfferPriced {
  readonly offerId: string
  /** Minor units of `currency`; null where the offer is new. */
  readonly before: number | null
  readonly after: number
  readonly currency: string
}

/** Where upper rooms take part in the catalog, inside its transaction. */
export interface CatalogHooks {
  /** Many at once: a product with 200 offers runs it once. */
  'offer.priced': (input: { readonly prices: readonly OfferPriced[]; readonly by: string }, tx: Tx) => Promise<void>
}
