import { defineError, type ErrorFactory } from '../kernel/index.js'

export const notPublished: ErrorFactory<{ productId: string }> = defineError(
  'storefront.product_not_published',
  'not_found',
  (f) => `product ${f.productId} is not on the shelf; staff and its supplier read it by catalog.get`,
)
