/** A marketplace with distributors, through its public API: goods that are handed over, so that a cart needs no address. */
import type { Commerce, Order } from '@entrepot/core'
import { openTestCommerce, type TestClock, type TestDatabase } from '@entrepot/core/testing'
import type { Distributor } from './distributor.js'
import type { DistributionOptions } from './options.js'
import { distribution } from './plugin.js'

export interface DistributionFixture {
  readonly commerce: Commerce<readonly [ReturnType<typeof distribution>]>
  readonly clock: TestClock
  readonly supplierId: string
  /** An approved distributor. */
  distributor(name: string, parentId?: string, customerId?: string): Promise<Distributor>
  customer(): Promise<string>
  /** A cart with one of each of so many goods at 100.00. @returns its id */
  cart(by: CartBy): Promise<string>
  /** An order of one of each of so many goods at 100.00, paid unless said otherwise. */
  order(by: CartBy): Promise<Order>
  /** What distributors have earned and not yet been paid, in the order of the ids. */
  pending(...distributorIds: readonly string[]): Promise<readonly number[]>
  /** The statements that work sends to the database. */
  statements(work: () => Promise<unknown>): Promise<readonly string[]>
  close(): Promise<void>
}

interface CartBy {
  readonly customerId?: string | undefined
  readonly referral?: string | undefined
  readonly lines?: number | undefined
}

export async function openDistribution(
  database: TestDatabase,
  plan: DistributionOptions = { tiers: [{ percent: 8 }, { percent: 4 }] },
  /** How many are for sale. */
  goods = 2,
): Promise<DistributionFixture> {
  const { commerce, clock, close } = await openTestCommerce(database, { plugins: [distribution(plan)] })
  const { id: supplierId } = await commerce.suppliers.apply({ name: 'Supplier' })
  await commerce.suppliers.startReview({ supplierId })
  await commerce.suppliers.approve({ supplierId })
  const products = Array.from({ length: goods }, (_, index) => ({
    supplierId,
    names: { en: `Article ${index + 1}` },
    media: [{ type: 'image' as const, url: `https://cdn.example/${index + 1}.jpg` }],
    variants: [{ shippable: false, offer: { sku: `SKU-${index + 1}`, price: 10_000, currency: 'CNY' } }],
  }))
  const offerIds = (await commerce.catalog.importProducts({ products })).map(({ variants }) => variants[0]?.offerId ?? '')
  const { id: locationId } = await commerce.inventory.createLocation({ name: 'Shop' })
  for (const offerId of offerIds) await commerce.inventory.setStock({ offerId, locationId, onHand: 10_000 })

  const cart = async ({ customerId, referral, lines = 1 }: CartBy): Promise<string> => {
    const { id: cartId } = await commerce.carts.create({ currency: 'CNY', customerId, attribution: { referral } })
    await commerce.carts.addLines({ cartId, lines: offerIds.slice(0, lines).map((offerId) => ({ offerId, quantity: 1 })) })
    return cartId
  }

  return {
    commerce,
    clock,
    supplierId,
    close,
    async distributor(name, parentId, customerId) {
      const { id: distributorId } = await commerce.distribution.apply({ name, parentId, customerId })
      return commerce.distribution.approve({ distributorId })
    },
    customer: async () => (await commerce.customers.create()).id,
    cart,
    async order(by) {
      const cartId = await cart(by)
      const { id: orderId, payments } = await commerce.orders.place({ cartId, payment: { provider: 'external' } })
      for (const { id: paymentId } of payments) await commerce.payments.recordReceipt({ paymentId })
      return commerce.orders.get({ orderId })
    },
    pending: (...distributorIds) =>
      Promise.all(
        distributorIds.map(async (distributorId) => {
          const [claims] = await commerce.distribution.earnings({ distributorId })
          return claims?.pending ?? 0
        }),
      ),
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
