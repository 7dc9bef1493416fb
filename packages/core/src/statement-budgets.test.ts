import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Commerce } from './commerce.js'
import budgets from './statement-budgets.json' with { type: 'json' }
import { openTestCommerce, testDatabases } from './testing/index.js'
import { address, type Marketplace, stockMarketplace } from './testing/marketplace.fixture.js'
import { createMisbehavingProvider } from './testing/misbehaving-provider.js'

type Operation = keyof typeof budgets

// Transaction control counts as well: it is a round trip like any other. A budget may fall, and never rise.
for (const database of testDatabases()) {
  describe(`statements on ${database.name}`, () => {
    let commerce: Commerce
    let shop: Marketplace
    let close: () => Promise<void>
    beforeAll(async () => {
      const payments = [createMisbehavingProvider({ id: 'card' }).provider]
      ;({ commerce, close } = await openTestCommerce(database, { adapters: { payments }, commission: {} }))
      await commerce.commission.addRule({ percent: 10 })
      shop = await stockMarketplace(commerce, { articles: 200 })
      // What a process learns once (the accounts of suppliers) is learnt here.
      await commerce.orders.place({ cartId: await shop.filledCart(shop.offerIds.slice(0, 2)), payment: { provider: 'card' } })
    })
    afterAll(() => close())

    const count = async (work: () => Promise<unknown>): Promise<number> => {
      const statements: string[] = []
      const stop = commerce.observe((statement) => statements.push(statement))
      await work().finally(stop)
      if (process.env.SHOW_STATEMENTS)
        console.log(statements.map((text, index) => `${index + 1} ${text.replace(/\s+/g, ' ').slice(0, 160)}`).join('\n'))
      return statements.length
    }

    /** The same number for one line as for two hundred, and no more than the budget. */
    const within = async (operation: Operation, run: (offerIds: readonly string[]) => Promise<() => Promise<unknown>>): Promise<void> => {
      const counts: number[] = []
      for (const lines of [1, 2, 200]) counts.push(await count(await run(shop.offerIds.slice(0, lines))))
      expect(new Set(counts), `${operation} takes the same for 1, 2 and 200 lines`).toEqual(new Set(counts.slice(0, 1)))
      expect(counts[0], operation).toBeLessThanOrEqual(budgets[operation])
    }

    it('create cart', () => within('createCart', async () => () => commerce.carts.create({ currency: 'CNY' })))

    it('add a line', () =>
      within('addLine', async (offerIds) => {
        const cartId = await shop.filledCart(offerIds)
        return () => commerce.carts.addLine({ cartId, offerId: offerIds[0] ?? '', quantity: 1 })
      }))

    it('add many lines at once', () =>
      within('addLines', async (offerIds) => {
        const { id: cartId } = await commerce.carts.create({ currency: 'CNY' })
        return () => commerce.carts.addLines({ cartId, lines: offerIds.map((offerId) => ({ offerId, quantity: 1 })) })
      }))

    it('read a cart', () =>
      within('readCart', async (offerIds) => {
        const cartId = await shop.filledCart(offerIds)
        return () => commerce.carts.get({ cartId })
      }))

    it('list 20 published products with price, stock and image', async () => {
      const lists: number[] = []
      for (const limit of [1, 20]) {
        lists.push(
          await count(async () => {
            const page = await commerce.storefront.products({ limit })
            expect(page.items).toHaveLength(limit)
            expect(page.items[0]).toMatchObject({ image: expect.anything() })
          }),
        )
      }
      expect(new Set(lists).size).toBe(1)
      expect(lists[0]).toBeLessThanOrEqual(budgets.listProducts)
    })

    it('place an order', () =>
      within('placeOrder', async (offerIds) => {
        const cartId = await shop.filledCart(offerIds)
        return () => commerce.transaction((tx) => commerce.orders.place({ cartId, payment: { provider: 'card' } }, { tx }))
      }))

    it('place, pay and finalize, with split and books', () =>
      within('placeAndPay', async (offerIds) => {
        const cartId = await shop.filledCart(offerIds)
        return async () => {
          const order = await commerce.orders.place({ cartId, payment: { provider: 'card' } })
          expect(order.paymentStatus).toBe('paid')
        }
      }))

    it('a whole checkout of two suppliers\u2019 goods, from the empty cart over address and shipping to paid and booked', async () => {
      const { items } = await commerce.shipping.listMethods({})
      const methodId = items[0]?.id ?? ''
      const used = await count(async () => {
        const { id: cartId } = await commerce.carts.create({ currency: 'CNY' })
        await commerce.carts.addLine({ cartId, offerId: shop.offerIds[0] ?? '', quantity: 1 })
        await commerce.carts.addLine({ cartId, offerId: shop.offerIds[1] ?? '', quantity: 1 })
        await commerce.carts.setAddress({ cartId, address })
        await commerce.carts.selectShipping({ cartId, selections: shop.supplierIds.map((supplierId) => ({ supplierId, methodId })) })
        const order = await commerce.orders.place({ cartId, payment: { provider: 'card' } })
        expect(order).toMatchObject({ paymentStatus: 'paid', total: 21_600 })
      })
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
      expect(used).toBeLessThanOrEqual(budgets.wholeCheckout)
    })
  })
}
