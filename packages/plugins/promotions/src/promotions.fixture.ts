/** A marketplace with promotions, through its public API: goods that are handed over, so that a cart needs no address. */
import type { Commerce, Order } from '@entrepot/core'
import { openTestCommerce, type TestClock, type TestDatabase } from '@entrepot/core/testing'
import { distribution } from '@entrepot/plugin-distribution'
import { promotions } from './plugin.js'

export interface PromotionsFixture {
  readonly commerce: Commerce<readonly [ReturnType<typeof promotions>, ReturnType<typeof distribution>]>
  readonly clock: TestClock
  readonly supplierId: string
  /** Offers at 100.00 each. */
  readonly offerIds: readonly string[]
  customer(): Promise<string>
  /** A cart with one of each of so many goods, and these codes in it. */
  cart(filled?: {
    readonly customerId?: string | undefined
    readonly codes?: readonly string[] | undefined
    readonly lines?: number | undefined
    readonly referral?: string | undefined
  }): Promise<string>
  /** The order of a cart, still to be paid. */
  place(cartId: string): Promise<Order>
  pay(order: Order): Promise<void>
  /** The statements that work sends to the database. */
  statements(work: () => Promise<unknown>): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openPromotions(database: TestDatabase): Promise<PromotionsFixture> {
  const { commerce, clock, close } = await openTestCommerce(database, {
    plugins: [promotions(), distribution({ tiers: [{ percent: 10 }] })],
  })
  const { id: supplierId } = await commerce.suppliers.apply({ name: 'Supplier' })
  await commerce.suppliers.startReview({ supplierId })
  await commerce.suppliers.approve({ supplierId })
  await commerce.commission.addRule({ percent: 20 })
  const products = Array.from({ length: 20 }, (_, index) => ({
    supplierId,
    names: { en: `Article ${index + 1}` },
    media: [{ type: 'image' as const, url: `https://cdn.example/${index + 1}.jpg` }],
    variants: [{ shippable: false, offer: { sku: `SKU-${index + 1}`, price: 10_000, currency: 'CNY' } }],
  }))
  const offerIds = (await commerce.catalog.importProducts({ products })).map(({ variants }) => variants[0]?.offerId ?? '')
  const { id: locationId } = await commerce.inventory.createLocation({ name: 'Shop' })
  for (const offerId of offerIds) await commerce.inventory.setStock({ offerId, locationId, onHand: 10_000 })

  return {
    commerce,
    clock,
    supplierId,
    offerIds,
    close,
    customer: async () => (await commerce.customers.create()).id,
    async cart({ customerId, codes = [], lines = 1, referral } = {}) {
      const { id: cartId } = await commerce.carts.create({ currency: 'CNY', customerId, attribution: { referral } })
      await commerce.carts.addLines({ cartId, lines: offerIds.slice(0, lines).map((offerId) => ({ offerId, quantity: 1 })) })
      for (const code of codes) await commerce.carts.applyCode({ cartId, code })
      return cartId
    },
    place: (cartId) => commerce.orders.place({ cartId, payment: { provider: 'external' } }),
    async pay({ payments }) {
      for (const { id: paymentId } of payments) await commerce.payments.recordReceipt({ paymentId })
    },
    async statements(work) {
      const texts: string[] = []
      const stop = commerce.observe((text) => {
        texts.push(text)
      })
      await work().finally(stop)
      return texts
    },
  }
}
