/**
 * The storefront: the shelf as one viewer sees it, with price and stock beside each offer.
 *
 * - It holds nothing and writes nothing: catalog, pricing and inventory are asked at each reading.
 * - A page takes five statements, however long it is and however many offers its products have.
 * - Prices are those that a cart of the same viewer shows for one unit.
 */
export type { StorefrontDeps, StorefrontProductInput, StorefrontProductsInput } from './read-storefront.js'
export { bestOffer, type StorefrontItem, type StorefrontOffer, type StorefrontProduct, type Viewer } from './storefront.js'
export { createStorefront, type Storefront, type StorefrontService } from './storefront-service.js'
