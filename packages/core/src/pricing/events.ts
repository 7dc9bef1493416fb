import { type Emit, emit } from '../kernel/index.js'

interface OfPriceList {
  readonly priceListId: string
}

/** What pricing tells after commit. A changed base price is the catalog's `offer.priced`. */
export interface PricingEvents {
  'price_list.created': OfPriceList
  /** Prices of these offers were set, changed or taken out. */
  'price_list.changed': OfPriceList & { readonly offerIds: readonly string[] }
  'price_list.archived': OfPriceList
}

export const emitPricing: Emit<PricingEvents> = emit
