import type { Call, Kernel, Page, PageInput, Reader } from '../kernel/index.js'
import type { Suppliers } from '../supplier/index.js'
import { type AddVariantsInput, addVariants, addVariantsInput } from './add-variants.js'
import { type Brand, type CreateBrandInput, createBrand, createBrandInput, listBrands, listBrandsInput } from './brands.js'
import { readOffers } from './catalog.sql.js'
import * as categories from './categories.js'
import type { Category } from './category.js'
import { type OfferIdInput, offerIdInput, setListed, type UpdateOfferInput, updateOffer, updateOfferInput } from './change-offer.js'
import {
  type CreateOfferInput,
  type CreateOffersInput,
  createOffer,
  createOfferInput,
  createOffers,
  createOffersInput,
} from './create-offers.js'
import { type CreateProductInput, createProduct } from './create-product.js'
import { productDraft } from './drafts.js'
import { type ImportedProduct, type ImportProductsInput, importProducts, importProductsInput } from './import-products.js'
import type { Offer } from './offer.js'
import type { Product, ProductSummary, ProductTrailEntry } from './product.js'
import { publishedProducts, type ShelfFilter, type ShelfProduct } from './published-products.js'
import { type ListOffersInput, listOffers, listOffersInput, requireOffer } from './read-offers.js'
import * as read from './read-products.js'
import { type RejectProductInput, rejectProductInput, takeStep } from './review-product.js'
import { type UpdateProductInput, updateProduct, updateProductInput } from './update-product.js'

/** What `commerce.catalog` is. */
export interface CatalogService {
  /** @throws catalog.category_not_found, catalog.category_taken, catalog.category_too_deep */
  createCategory(input: categories.CreateCategoryInput, call?: Call): Promise<Category>
  /** Hangs a category, and all below it, elsewhere. @throws catalog.category_not_found, catalog.category_taken, catalog.category_too_deep, catalog.category_under_itself */
  moveCategory(input: categories.MoveCategoryInput, call?: Call): Promise<Category>
  /** The tree or a part of it, parents before their children. */
  listCategories(input?: categories.ListCategoriesInput, call?: Call): Promise<readonly Category[]>
  createBrand(input: CreateBrandInput, call?: Call): Promise<Brand>
  listBrands(input?: PageInput, call?: Call): Promise<Page<Brand>>

  /**
   * Creates a draft with its variants and, where a supplier creates it, their offers.
   * @throws catalog.supplier_not_found, catalog.category_not_found, catalog.brand_not_found, catalog.unknown_option, catalog.variant_repeated, catalog.sku_taken
   */
  createProduct(input: CreateProductInput, call?: Call): Promise<Product>
  /** Takes over products that were sold elsewhere, published at once and without review: for trusted host code. @throws as createProduct */
  importProducts(input: ImportProductsInput, call?: Call): Promise<readonly ImportedProduct[]>
  /** Edits a draft or a rejected product; an archived one becomes a draft again. @throws catalog.product_not_found, catalog.product_not_editable, catalog.category_not_found, catalog.brand_not_found */
  updateProduct(input: UpdateProductInput, call?: Call): Promise<Product>
  /** As an edit. @throws catalog.product_not_found, catalog.product_not_editable, catalog.unknown_option, catalog.variant_repeated, catalog.options_reordered, catalog.sku_taken, catalog.offer_without_supplier */
  addVariants(input: AddVariantsInput, call?: Call): Promise<Product>
  /** draft, rejected → submitted. @throws catalog.product_not_found, catalog.product_status */
  submit(input: read.ProductIdInput, call?: Call): Promise<ProductSummary>
  /** submitted → approved. @throws catalog.product_not_found, catalog.product_status */
  approve(input: read.ProductIdInput, call?: Call): Promise<ProductSummary>
  /** submitted → rejected. @throws catalog.product_not_found, catalog.product_status */
  reject(input: RejectProductInput, call?: Call): Promise<ProductSummary>
  /** approved → published: its offers sell. @throws catalog.product_not_found, catalog.product_status */
  publish(input: read.ProductIdInput, call?: Call): Promise<ProductSummary>
  /** Anything but submitted → archived: nothing of it is sold any more. @throws catalog.product_not_found, catalog.product_status */
  archive(input: read.ProductIdInput, call?: Call): Promise<ProductSummary>
  /** The whole product. @throws catalog.product_not_found */
  get(input: read.ProductIdInput, call?: Call): Promise<Product>
  /** In any status, in the order of creation. */
  list(input?: read.ListProductsInput, call?: Call): Promise<Page<ProductSummary>>
  /** Who did what, and when. @throws catalog.product_not_found */
  timeline(input: read.ProductIdInput, call?: Call): Promise<readonly ProductTrailEntry[]>

  /** @throws catalog.supplier_not_found, catalog.variant_not_found, catalog.sku_taken */
  createOffer(input: CreateOfferInput, call?: Call): Promise<Offer>
  /** Many at once, all or none; in the order of the input. @throws as createOffer */
  createOffers(input: CreateOffersInput, call?: Call): Promise<readonly Offer[]>
  /** @throws catalog.offer_not_found, catalog.sku_taken */
  updateOffer(input: UpdateOfferInput, call?: Call): Promise<Offer>
  /** @throws catalog.offer_not_found */
  listOffer(input: OfferIdInput, call?: Call): Promise<Offer>
  /** @throws catalog.offer_not_found */
  unlistOffer(input: OfferIdInput, call?: Call): Promise<Offer>
  /** @throws catalog.offer_not_found */
  getOffer(input: OfferIdInput, call?: Call): Promise<Offer>
  /** Sellable or not, in the order of creation. */
  listOffers(input?: ListOffersInput, call?: Call): Promise<Page<Offer>>
}

/** The catalog, as `createCommerce` and upper rooms hold it. */
export interface Catalog {
  readonly service: CatalogService
  /** Offers by id, with what decides whether they sell, by one statement; those that do not exist are missing. */
  offers(reader: Reader, offerIds: readonly string[]): Promise<ReadonlyMap<string, Offer>>
  /** The shelf: published products that someone sells, by three statements. */
  publishedProducts(reader: Reader, filter: ShelfFilter): Promise<Page<ShelfProduct>>
}

export function createCatalog({ kernel, suppliers }: { readonly kernel: Kernel; readonly suppliers: Pick<Suppliers, 'find'> }): Catalog {
  const { command, query } = kernel.useCases
  const deps = { kernel, suppliers }
  const listCategories = query('catalog.listCategories', categories.listCategoriesInput, categories.listCategories)
  const brands = query('catalog.listBrands', listBrandsInput, listBrands)
  const products = query('catalog.list', read.listProductsInput, read.listProducts)
  const offers = query('catalog.listOffers', listOffersInput, listOffers)
  return {
    offers: readOffers,
    publishedProducts,
    service: {
      createCategory: command('catalog.createCategory', categories.createCategoryInput, categories.createCategory(kernel)),
      moveCategory: command('catalog.moveCategory', categories.moveCategoryInput, categories.moveCategory),
      listCategories: (input = {}, call) => listCategories(input, call),
      createBrand: command('catalog.createBrand', createBrandInput, createBrand(kernel)),
      listBrands: (input = {}, call) => brands(input, call),
      createProduct: command('catalog.createProduct', productDraft, createProduct(deps)),
      importProducts: command('catalog.importProducts', importProductsInput, importProducts(deps)),
      updateProduct: command('catalog.updateProduct', updateProductInput, updateProduct(kernel)),
      addVariants: command('catalog.addVariants', addVariantsInput, addVariants(deps)),
      submit: command('catalog.submit', read.productIdInput, takeStep(kernel, 'submit')),
      approve: command('catalog.approve', read.productIdInput, takeStep(kernel, 'approve')),
      reject: command('catalog.reject', rejectProductInput, takeStep(kernel, 'reject')),
      publish: command('catalog.publish', read.productIdInput, takeStep(kernel, 'publish')),
      archive: command('catalog.archive', read.productIdInput, takeStep(kernel, 'archive')),
      get: query('catalog.get', read.productIdInput, (reader, { productId }) => read.readProduct(reader, productId)),
      list: (input = {}, call) => products(input, call),
      timeline: query('catalog.timeline', read.productIdInput, read.readTimeline),
      createOffer: command('catalog.createOffer', createOfferInput, createOffer(deps)),
      createOffers: command('catalog.createOffers', createOffersInput, createOffers(deps)),
      updateOffer: command('catalog.updateOffer', updateOfferInput, updateOffer(deps)),
      listOffer: command('catalog.listOffer', offerIdInput, setListed(true)),
      unlistOffer: command('catalog.unlistOffer', offerIdInput, setListed(false)),
      getOffer: query('catalog.getOffer', offerIdInput, (reader, { offerId }) => requireOffer(reader, offerId)),
      listOffers: (input = {}, call) => offers(input, call),
    },
  }
}
