import type { Localized, Product, ShelfProduct } from '../catalog/index.js'
import type { Metadata } from '../kernel/index.js'

/** Who looks: prices and stock depend on it. What is not given is taken for nobody's. */
export interface Viewer {
  readonly channel?: string | undefined
  readonly customerGroup?: string | undefined
  /** Whose customer it is: its price lists hold, and what is set aside for it is in stock. */
  readonly distributorId?: string | undefined
  /** BCP 47; the language of `name`. @default the call's */
  readonly locale?: string | undefined
}

/** An offer as a viewer sees it. */
export interface StorefrontOffer {
  readonly id: string
  readonly variantId: string
  /** `red / 42` */
  readonly variantTitle: string
  readonly supplierId: string
  /** Of one unit, minor units of `currency`. */
  readonly price: number
  /** The offer's own, before price lists: to be struck through where it is higher. */
  readonly basePrice: number
  readonly currency: string
  /** Units that this viewer could buy now. */
  readonly available: number
}

/** What a list shows of a product. */
export interface StorefrontItem {
  readonly id: string
  /** In the viewer's language, or the nearest that there is. */
  readonly name: string
  readonly names: Localized
  readonly categoryPath: string | null
  readonly brandId: string | null
  readonly image: ShelfProduct['image']
  /** Those that sell, in the variants' order. */
  readonly offers: readonly StorefrontOffer[]
  /** What to show a price of: the cheapest in stock, else the cheapest, in the currency of the first. */
  readonly best: StorefrontOffer | null
  readonly metadata: Metadata
}

/** A product's own page: all of it, with the offers that sell. */
export interface StorefrontProduct extends Omit<Product, 'offers' | 'rejectionReason' | 'status'> {
  readonly name: string
  readonly description: string
  readonly offers: readonly StorefrontOffer[]
  readonly best: StorefrontOffer | null
}

/** The offer to show a price of. Prices of different currencies are not compared. */
export function bestOffer(offers: readonly StorefrontOffer[]): StorefrontOffer | null {
  const comparable = offers.filter((offer) => offer.currency === offers[0]?.currency)
  const inStock = comparable.filter((offer) => offer.available > 0)
  const [first, ...others] = inStock.length > 0 ? inStock : comparable
  if (first === undefined) return null
  return others.reduce((best, offer) => (offer.price < best.price ? offer : best), first)
}
