import type { Call, Page } from '../kernel/index.js'
import {
  productSchema,
  productsSchema,
  readProduct,
  readProducts,
  type StorefrontDeps,
  type StorefrontProductInput,
  type StorefrontProductsInput,
} from './read-storefront.js'
import type { StorefrontItem, StorefrontProduct } from './storefront.js'

/** What `commerce.storefront` is. */
export interface StorefrontService {
  /** Published products that someone sells, with price, stock and image. */
  products(input?: StorefrontProductsInput, call?: Call): Promise<Page<StorefrontItem>>
  /** One of them whole. @throws catalog.product_not_found, storefront.product_not_published */
  product(input: StorefrontProductInput, call?: Call): Promise<StorefrontProduct>
}

/** The storefront, as `createCommerce` holds it. */
export interface Storefront {
  readonly service: StorefrontService
}

export function createStorefront(deps: StorefrontDeps): Storefront {
  const { query, process } = deps.kernel.useCases
  const products = query('storefront.products', productsSchema, readProducts(deps))
  return {
    service: {
      products: (input = {}, call) => products(input, call),
      product: process('storefront.product', productSchema, readProduct(deps)),
    },
  }
}
