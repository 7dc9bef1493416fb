import * as z from 'zod'
import { type Catalog, textIn } from '../catalog/index.js'
import { type Call, type Caller, id, type Kernel, line, type Page, type PageInput, pageShape, type Reader } from '../kernel/index.js'
import { notPublished } from './errors.js'
import { type PriceOffersDeps, priceOffers } from './price-offers.js'
import { bestOffer, type StorefrontItem, type StorefrontProduct, type Viewer } from './storefront.js'

export interface StorefrontProductsInput extends Viewer, PageInput {
  /** This category and those below it: `shoes`. */
  readonly categoryPath?: string | undefined
  /** What this supplier sells; other suppliers' offers are then left out. */
  readonly supplierId?: string | undefined
  /** Text that a name contains, in any language and either case. */
  readonly query?: string | undefined
  /** 1 to 200. @default 20 */
  readonly limit?: number | undefined
}

export interface StorefrontProductInput extends Viewer {
  readonly productId: string
}

const viewer = {
  channel: line(80).optional(),
  customerGroup: line(80).optional(),
  distributorId: id.optional(),
  locale: line(35).optional(),
} as const

export const productsSchema: z.ZodType<StorefrontProductsInput> = z.strictObject({
  categoryPath: line(700).optional(),
  supplierId: id.optional(),
  query: line(200).optional(),
  ...pageShape,
  ...viewer,
})

export const productSchema: z.ZodType<StorefrontProductInput> = z.strictObject({ productId: id, ...viewer })

export interface StorefrontDeps extends PriceOffersDeps {
  readonly kernel: Kernel
  readonly catalog: Catalog
}

/** Published products that someone sells, with price, stock and image, in five statements. */
export function readProducts(
  deps: StorefrontDeps,
): (reader: Reader, input: StorefrontProductsInput, caller: Caller) => Promise<Page<StorefrontItem>> {
  return async (reader, { limit = 20, ...input }, caller) => {
    const { categoryPath, supplierId, query, after } = input
    const shelf = await deps.catalog.publishedProducts(reader, { categoryPath, supplierId, query, after, limit })
    const priced = await priceOffers(
      deps,
      reader,
      shelf.items.flatMap((product) => product.offers),
      input,
    )
    const items = shelf.items.map(
      ({ id: productId, names, categoryPath: path, brandId, image, offers: listed, metadata }): StorefrontItem => {
        const offers = listed.flatMap(({ id: offerId }) => priced.get(offerId) ?? [])
        const name = textIn(names, input.locale ?? caller.locale)
        return { id: productId, name, names, categoryPath: path, brandId, image, offers, best: bestOffer(offers), metadata }
      },
    )
    return { items, next: shelf.next }
  }
}

/** One published product whole, with the offers that sell. @throws catalog.product_not_found, storefront.product_not_published */
export function readProduct(
  deps: StorefrontDeps,
): (input: StorefrontProductInput, call: Call, caller: Caller) => Promise<StorefrontProduct> {
  return async ({ productId, ...who }, call, caller) => {
    const { status, rejectionReason: _, offers: all, ...product } = await deps.catalog.service.get({ productId }, call)
    if (status !== 'published') throw notPublished({ productId })
    const sellable = all.filter((offer) => offer.sellable)
    const priced = await deps.kernel.database.read(call, (reader) => priceOffers(deps, reader, sellable, who))
    const offers = sellable.flatMap(({ id: offerId }) => priced.get(offerId) ?? [])
    const locale = who.locale ?? caller.locale
    return {
      ...product,
      name: textIn(product.names, locale),
      description: textIn(product.descriptions, locale),
      offers,
      best: bestOffer(offers),
    }
  }
}
