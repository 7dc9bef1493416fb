/** The shop that the README's example stands in: one supplier, one offer, one distributor, and a customer with money on its balance. */
import { createCommerce } from '@entrepot/core'
import { distribution } from '@entrepot/plugin-distribution'
import { prepaid } from '@entrepot/plugin-payment-prepaid'

const commerce = await createCommerce({
  database: { type: 'better-sqlite3', database: 'shop.db' },
  plugins: [prepaid(), distribution({ tiers: [{ percent: 8 }, { percent: 4 }] })],
})
const { suppliers, catalog, inventory, shipping, commission, customers } = commerce

const supplier = await suppliers.apply({ name: 'Tea House' })
export const supplierId: string = supplier.id
await suppliers.startReview({ supplierId })
await suppliers.approve({ supplierId })

const [imported] = await catalog.importProducts({
  products: [
    {
      supplierId,
      names: { en: 'Longjing' },
      media: [{ type: 'image', url: 'https://example.com/longjing.jpg' }],
      variants: [{ weightGrams: 250, offer: { sku: 'LJ-250', price: 12_800, currency: 'CNY' } }],
    },
  ],
})
export const offerId: string = imported?.variants[0]?.offerId ?? ''
const { id: locationId } = await inventory.createLocation({ name: 'Hangzhou warehouse' })
await inventory.setStock({ offerId, locationId, onHand: 40 })
const method = await shipping.createMethod({
  supplierId,
  name: 'Courier',
  flat: 800,
  currency: 'CNY',
})
export const methodId: string = method.id
await commission.addRule({ percent: 10 })

const distributor = await commerce.distribution.apply({ name: 'Lin Yue' })
export const distributorId: string = distributor.id
await commerce.distribution.approve({ distributorId })

const customer = await customers.create({ name: 'Li Wei' })
export const customerId: string = customer.id
export const address = { name: 'Li Wei', country: 'CN', city: 'Hangzhou', line1: 'Wensan Road 1' } as const
await commerce.prepaid.topUp({ customerId, amount: 50_000, currency: 'CNY', source: 'bank' })
await commerce.close()
