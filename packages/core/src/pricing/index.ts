/**
 * Pricing: lists of prices that take the place of the offers' own.
 *
 * - One order of precedence decides, and stands at `priceOf`: more conditions, then distributor before customer group before channel,
 *   then the later `validFrom`, then the newer list; in it the highest tier that the quantity reaches; without a list, the offer's own price.
 * - A list prices only what is sold in its currency. Its validity is half open. An archived list keeps its prices and prices nothing.
 * - Every change of a base price and of a list's price stands in an append-only history: who, when, from what to what.
 * - Any number of offers is priced by one statement.
 */
export type { PriceListIdInput } from './archive-price-list.js'
export type { CreatePriceListInput } from './create-price-list.js'
export type { PricingEvents } from './events.js'
export { type CandidatePrice, type ListPrice, type PricedItem, type PriceList, priceOf, type UnitPrice } from './price-list.js'
export { pricingTables } from './pricing.entity.js'
export type { PriceContext } from './pricing.sql.js'
export { createPricing, type Pricing, type PricingService } from './pricing-service.js'
export type { ListPriceListsInput, ListPricesInput, PriceChange, PriceHistoryInput } from './read-pricing.js'
export type { ResolvedPrice, ResolvePricesInput } from './resolve-prices.js'
export type { PriceDraft, SetPricesInput } from './set-prices.js'
