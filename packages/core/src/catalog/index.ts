/**
 * The catalog: products as customers see them, and offers, by which suppliers sell them.
 *
 * - A product is what its review saw: it is edited before the review, or once it is archived, and then reviewed again. Each step stands in its timeline.
 * - An offer sells while it is listed, its product is published and its supplier approved: derived at every reading, never copied.
 * - A supplier's SKUs are distinct; the titles of a product's variants are distinct.
 * - A category's path is kept with its row, so that a subtree is one condition; a move rewrites the paths below it.
 * - How many variants and offers a product has does not change the number of statements that write or read it.
 */
export type { AddVariantsInput } from './add-variants.js'
export type { Brand, CreateBrandInput } from './brands.js'
export { offerJoin } from './catalog.sql.js'
export { type Catalog, type CatalogService, createCatalog } from './catalog-service.js'
export type { CreateCategoryInput, ListCategoriesInput, MoveCategoryInput } from './categories.js'
export { type BrandRow, brandTable, type CategoryRow, categoryTable } from './category.entity.js'
export { type Category, isWithin } from './category.js'
export type { OfferIdInput, UpdateOfferInput } from './change-offer.js'
export type { CreateOfferInput, CreateOffersInput } from './create-offers.js'
export type { CreateProductInput } from './create-product.js'
export type { OfferDraft, ProductDraft, VariantDraft } from './drafts.js'
export type { CatalogEvents } from './events.js'
export type { CatalogHooks, OfferPriced } from './hooks.js'
export type { ImportedProduct, ImportProductsInput } from './import-products.js'
export { type Localized, textIn } from './localized.js'
export { type OfferRow, offerTable, type VariantRow, variantTable } from './offer.entity.js'
export type { NotSellable, Offer } from './offer.js'
export { type ProductRow, productTable } from './product.entity.js'
export type { Media, Product, ProductAction, ProductSummary, ProductTrailEntry, Specification } from './product.js'
export type { ProductStatus, ProductStep } from './product-status.js'
export type { ShelfFilter, ShelfOffer, ShelfProduct } from './published-products.js'
export type { ListOffersInput } from './read-offers.js'
export type { ListProductsInput, ProductIdInput } from './read-products.js'
export type { RejectProductInput } from './review-product.js'
export { catalogTables } from './tables.js'
export type { UpdateProductInput } from './update-product.js'
export type { ProductOption, Variant } from './variant.js'
