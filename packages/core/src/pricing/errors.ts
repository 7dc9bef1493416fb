import { defineError, type ErrorFactory } from '../kernel/index.js'

export const priceListNotFound: ErrorFactory<{ priceListId: string }> = defineError(
  'pricing.price_list_not_found',
  'not_found',
  (f) => `there is no price list ${f.priceListId}`,
)
export const priceListArchived: ErrorFactory<{ priceListId: string }> = defineError(
  'pricing.price_list_archived',
  'not_allowed',
  (f) => `price list ${f.priceListId} is archived and keeps its prices as they were; create another`,
)
export const offerNotFound: ErrorFactory<{ offerId: string }> = defineError(
  'pricing.offer_not_found',
  'not_found',
  (f) => `there is no offer ${f.offerId} to price`,
)
export const priceRepeated: ErrorFactory<{ offerId: string; minQuantity: number }> = defineError(
  'pricing.price_repeated',
  'invalid_data',
  (f) => `the input has offer ${f.offerId} from quantity ${f.minQuantity} more than once; give one price for each tier`,
)
export const emptyValidity: ErrorFactory<{ validFrom: string; validTo: string }> = defineError(
  'pricing.empty_validity',
  'invalid_data',
  (f) => `a price list from ${f.validFrom} to ${f.validTo} is never valid; it ends after it begins`,
)
