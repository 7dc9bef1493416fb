import type { Inventory } from '../inventory/index.js'
import type { Reader } from '../kernel/index.js'
import type { Pricing } from '../pricing/index.js'
import type { StorefrontOffer, Viewer } from './storefront.js'

/** An offer as the catalog has it. */
export interface ListedOffer {
  readonly id: string
  readonly variantId: string
  readonly variantTitle: string
  readonly supplierId: string
  readonly price: number
  readonly currency: string
}

export interface PriceOffersDeps {
  readonly pricing: Pricing
  readonly inventory: Inventory
}

/** What each offer costs this viewer and how many are left: two statements for any number of offers. @returns by offer id */
export async function priceOffers(
  { pricing, inventory }: PriceOffersDeps,
  reader: Reader,
  offers: readonly ListedOffer[],
  viewer: Viewer,
): Promise<ReadonlyMap<string, StorefrontOffer>> {
  if (offers.length === 0) return new Map()
  const { channel = null, customerGroup = null, distributorId = null } = viewer
  const items = offers.map(({ id: offerId, price, currency }) => ({ offerId, basePrice: price, currency, quantity: 1 }))
  const prices = await pricing.prices(reader, items, { channel, customerGroup, distributorId, at: reader.now })
  const available = await inventory.available(
    reader,
    offers.map(({ id }) => id),
    distributorId,
  )
  return new Map(
    offers.map(({ id, variantId, variantTitle, supplierId, price, currency }) => {
      const unitPrice = prices.get(id)?.unitPrice ?? price
      return [
        id,
        {
          id,
          variantId,
          variantTitle,
          supplierId,
          price: unitPrice,
          basePrice: price,
          currency,
          available: available.get(id) ?? 0,
        },
      ]
    }),
  )
}
