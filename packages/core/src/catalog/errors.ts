import { defineError, type ErrorFactory } from '../kernel/index.js'

export const categoryNotFound: ErrorFactory<{ categoryId: string }> = defineError(
  'catalog.category_not_found',
  'not_found',
  (f) => `there is no category ${f.categoryId}`,
)
export const categoryTaken: ErrorFactory<{ path: string }> = defineError(
  'catalog.category_taken',
  'duplicate_error',
  (f) => `there is a category "${f.path}" already; choose another slug`,
)
export const categoryTooDeep: ErrorFactory<{ path: string; deepest: number }> = defineError(
  'catalog.category_too_deep',
  'not_allowed',
  (f) => `category "${f.path}" would lie deeper than ${f.deepest} levels; put it higher`,
)
export const categoryUnderItself: ErrorFactory<{ categoryId: string; parentId: string }> = defineError(
  'catalog.category_under_itself',
  'not_allowed',
  (f) => `category ${f.categoryId} cannot move to ${f.parentId}, which is itself or lies below it`,
)
export const brandNotFound: ErrorFactory<{ brandId: string }> = defineError(
  'catalog.brand_not_found',
  'not_found',
  (f) => `there is no brand ${f.brandId}`,
)
export const supplierNotFound: ErrorFactory<{ supplierId: string }> = defineError(
  'catalog.supplier_not_found',
  'not_found',
  (f) => `there is no supplier ${f.supplierId}; it applies by suppliers.apply first`,
)
export const productNotFound: ErrorFactory<{ productId: string }> = defineError(
  'catalog.product_not_found',
  'not_found',
  (f) => `there is no product ${f.productId}`,
)
export const variantNotFound: ErrorFactory<{ variantId: string }> = defineError(
  'catalog.variant_not_found',
  'not_found',
  (f) => `there is no variant ${f.variantId}`,
)
export const offerNotFound: ErrorFactory<{ offerId: string }> = defineError(
  'catalog.offer_not_found',
  'not_found',
  (f) => `there is no offer ${f.offerId}`,
)
export const unknownOption: ErrorFactory<{ option: string; value: string }> = defineError(
  'catalog.unknown_option',
  'invalid_data',
  (f) =>
    `a variant has "${f.value}" for option "${f.option}", which the product's options do not list; a variant names one listed value of every option`,
)
export const variantRepeated: ErrorFactory<{ title: string }> = defineError(
  'catalog.variant_repeated',
  'duplicate_error',
  (f) => `two variants of the product would be "${f.title}"; each needs its own combination of option values`,
)
export const skuTaken: ErrorFactory<{ skus: readonly string[] }> = defineError(
  'catalog.sku_taken',
  'duplicate_error',
  (f) => `the supplier has offers with these SKUs already, or twice here: ${f.skus.join(', ')}; give each offer its own`,
)
export const statusRefuses: ErrorFactory<{ productId: string; status: string; step: string; from: readonly string[] }> = defineError(
  'catalog.product_status',
  'not_allowed',
  (f) => `product ${f.productId} is ${f.status}; ${f.step} is possible from ${f.from.join(', ')}`,
)
export const emptyRejection: ErrorFactory<{ productId: string }> = defineError(
  'catalog.rejection_without_reason',
  'invalid_data',
  (f) => `product ${f.productId} cannot be rejected without a reason; say what must change`,
)
export const productNotEditable: ErrorFactory<{ productId: string; status: string }> = defineError(
  'catalog.product_not_editable',
  'not_allowed',
  (f) =>
    f.status === 'submitted'
      ? `product ${f.productId} is under review; wait for it, or reject it with a reason`
      : `product ${f.productId} is ${f.status}, as it was reviewed; archive it first, then the edit makes it a draft that is reviewed again`,
)
export const offerWithoutSupplier: ErrorFactory<{ productId: string }> = defineError(
  'catalog.offer_without_supplier',
  'invalid_data',
  (f) => `product ${f.productId} belongs to no supplier, so its variants come without offers; add them by createOffer, which names one`,
)
export const optionsReordered: ErrorFactory<{ productId: string }> = defineError(
  'catalog.options_reordered',
  'invalid_data',
  (f) =>
    `the options of product ${f.productId} come in another order than before, which would rename its variants; keep the order and add values`,
)
