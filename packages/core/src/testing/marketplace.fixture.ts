/** A whole marketplace through its public API: suppliers approved, goods published and in stock, one parcel price. */
import type { CommerceApi } from '../api.js'

/** What is for sale in it. */
export interface Marketplace {
  readonly supplierIds: readonly string[]
  /** One offer for each article, supplier by supplier in turn. */
  readonly offerIds: readonly string[]
  /** A cart with one unit of each of these offers, addressed and with shipping chosen. @returns its id */
  filledCart(offerIds: readonly string[], customerId?: string): Promise<string>
}

export const address = { name: 'Li Wei', country: 'CN', city: 'Hangzhou', line1: 'Wensan Road 1' } as const

/** Minor units of CNY; each article costs it. */
export const articlePrice = 10_000
/** Minor units of CNY; each parcel costs it. */
export const parcelPrice = 800

export async function stockMarketplace(
  commerce: CommerceApi,
  { suppliers = 2, articles = 2, stock = 1000 }: { readonly suppliers?: number; readonly articles?: number; readonly stock?: number } = {},
): Promise<Marketplace> {
  const supplierIds: string[] = []
  for (let index = 0; index < suppliers; index++) {
    const { id } = await commerce.suppliers.apply({ name: `Supplier ${index + 1}` })
    await commerce.suppliers.startReview({ supplierId: id })
    await commerce.suppliers.approve({ supplierId: id })
    supplierIds.push(id)
  }
  const products = Array.from({ length: articles }, (_, index) => ({
    supplierId: supplierIds[index % suppliers] ?? '',
    names: { en: `Article ${index + 1}` },
    media: [{ type: 'image' as const, url: `https://cdn.example/${index + 1}.jpg` }],
    variants: [{ weightGrams: 500, offer: { sku: `SKU-${index + 1}`, price: articlePrice, currency: 'CNY' } }],
  }))
  const imported = await commerce.catalog.importProducts({ products })
  const offerIds = imported.map(({ variants }) => variants[0]?.offerId ?? '')
  const { id: locationId } = await commerce.inventory.createLocation({ name: 'Warehouse' })
  for (const offerId of offerIds) await commerce.inventory.setStock({ offerId, locationId, onHand: stock })
  const { id: methodId } = await commerce.shipping.createMethod({ supplierId: null, name: 'Parcel', flat: parcelPrice, currency: 'CNY' })

  return {
    supplierIds,
    offerIds,
    async filledCart(wanted, customerId) {
      const { id: cartId } = await commerce.carts.create({ currency: 'CNY', customerId })
      await commerce.carts.addLines({ cartId, lines: wanted.map((offerId) => ({ offerId, quantity: 1 })) })
      await commerce.carts.setAddress({ cartId, address })
      const parcels = new Set(wanted.map((offerId) => supplierIds[offerIds.indexOf(offerId) % suppliers] ?? ''))
      await commerce.carts.selectShipping({ cartId, selections: [...parcels].map((supplierId) => ({ supplierId, methodId })) })
      return cartId
    },
  }
}
