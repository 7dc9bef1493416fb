import type { Order, PaymentChoice } from '@entrepot/core'
import { testDatabases } from '@entrepot/core/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Marketplace, openMarketplace, paidBy, type Shopper } from './prepaid.fixture.js'

for (const database of testDatabases()) {
  describe(`orders paid from a balance on ${database.name}`, () => {
    let market: Marketplace
    let shopper: Shopper
    beforeAll(async () => {
      market = await openMarketplace(database)
    })
    beforeEach(async () => {
      shopper = await market.shopper()
    })
    afterEach(async () => {
      // Whatever happened, nothing is left between the balances and the sales.
      expect(await shopper.moved('psp:prepaid', 'clearing')).toBe(0)
      expect(await shopper.moved('refunds', 'payable')).toBe(0)
      expect(await market.commerce.ledger.check()).toMatchObject({ balanced: true })
    })
    afterAll(() => market.close())

    /** Places an order of 100.00 of the customer's. */
    const place = async (...payments: readonly PaymentChoice[]): Promise<Order> =>
      market.commerce.orders.place({ cartId: await shopper.cart(10_000), payments })
    const paymentOf = async ({ id: reference }: Order, provider: string): Promise<string> => {
      const { items } = await market.commerce.payments.list({ reference })
      return items.find((payment) => payment.provider === provider)?.id ?? ''
    }
    /** 30.00 from a balance of 50.00, and 70.00 by bank transfer, both received. */
    const placeMixed = async (): Promise<Order> => {
      await shopper.topUp(5000)
      const order = await place({ provider: 'prepaid', amount: 3000 }, { provider: 'external' })
      await market.commerce.payments.recordReceipt({ paymentId: await paymentOf(order, 'external') })
      return market.commerce.orders.get({ orderId: order.id })
    }

    it('pays an order whole', async () => {
      await shopper.topUp(12_000)
      expect(await place({ provider: 'prepaid' })).toMatchObject({ paymentStatus: 'paid', captured: 10_000 })
      expect(await shopper.balance()).toEqual({ available: 2000, held: 0 })
    })

    it('pays a part beside another payment', async () => {
      expect(await placeMixed()).toMatchObject({ paymentStatus: 'paid', captured: 10_000 })
      expect(await shopper.balance()).toEqual({ available: 2000, held: 0 })
      expect(await shopper.moved('psp:external', 'clearing')).toBe(-7000)
    })

    it('gives back to the balance what came from it, and the rest to where that came from', async () => {
      const { commerce } = market
      const order = await placeMixed()
      const lineId = order.lines[0]?.id ?? ''
      await commerce.orders.refund({ orderId: order.id, lines: [{ lineId, amount: 1000 }], reason: 'a scratch' })
      expect(await paidBy(commerce, order)).toMatchObject({ prepaid: { refunded: 300 }, external: { refunded: 700 } })
      expect(await shopper.balance()).toEqual({ available: 2300, held: 0 })

      await commerce.orders.refund({ orderId: order.id, everything: true, reason: 'sent back' })
      expect(await paidBy(commerce, order)).toMatchObject({ prepaid: { refunded: 3000 }, external: { refunded: 7000 } })
      expect(await shopper.balance()).toEqual({ available: 5000, held: 0 })
      expect(await shopper.moved('psp:external', 'clearing')).toBe(0)
    })

    it('gives the balance back when the order is canceled', async () => {
      const order = await placeMixed()
      await market.commerce.orders.cancel({ orderId: order.id, reason: 'changed my mind' })
      expect(await shopper.balance()).toEqual({ available: 5000, held: 0 })
    })

    it('lets an order that the balance could not pay be paid once it can', async () => {
      await shopper.topUp(9999)
      const order = await place({ provider: 'prepaid' })
      expect(order).toMatchObject({ status: 'open', captured: 0 })
      expect(await paidBy(market.commerce, order)).toMatchObject({ prepaid: { status: 'failed', captured: 0 } })
      await shopper.topUp(1)
      const paid = await market.commerce.orders.pay({ orderId: order.id, payment: { provider: 'prepaid' } })
      expect(paid).toMatchObject({ paymentStatus: 'paid', captured: 10_000 })
      expect(await shopper.balance()).toEqual({ available: 0, held: 0 })
    })

    it('pays no guest’s order', async () => {
      await shopper.topUp(10_000)
      const cartId = await shopper.cart(10_000, null)
      const order = await market.commerce.orders.place({ cartId, payment: { provider: 'prepaid' } })
      expect(await paidBy(market.commerce, order)).toMatchObject({ prepaid: { status: 'failed' } })
      expect(await shopper.balance()).toEqual({ available: 10_000, held: 0 })
    })

    it('pays one of two orders that are placed at once, where the balance is enough for one', async () => {
      await shopper.topUp(10_000)
      const cartIds = [await shopper.cart(10_000), await shopper.cart(10_000)]
      const placed = cartIds.map((cartId) => market.commerce.orders.place({ cartId, payment: { provider: 'prepaid' } }))
      expect((await Promise.all(placed)).map(({ captured }) => captured).sort()).toEqual([0, 10_000])
      expect(await shopper.balance()).toEqual({ available: 0, held: 0 })
    })

    it('holds the balance until the goods leave, and captures it in parts', async () => {
      await shopper.topUp(10_000)
      const order = await place({ provider: 'prepaid', capture: 'manual' })
      expect(await shopper.balance()).toEqual({ available: 0, held: 10_000 })
      const paymentId = await paymentOf(order, 'prepaid')
      await market.commerce.payments.capture({ paymentId, amount: 4000 })
      expect(await shopper.balance()).toEqual({ available: 0, held: 6000 })
      await market.commerce.payments.capture({ paymentId })
      expect(await market.commerce.orders.get({ orderId: order.id })).toMatchObject({ paymentStatus: 'paid', captured: 10_000 })
      expect(await shopper.balance()).toEqual({ available: 0, held: 0 })
    })

    it('gives back what is held when the payment is voided', async () => {
      await shopper.topUp(10_000)
      const order = await place({ provider: 'prepaid', capture: 'manual' })
      await market.commerce.payments.void({ paymentId: await paymentOf(order, 'prepaid') })
      expect(await shopper.balance()).toEqual({ available: 10_000, held: 0 })
    })
  })
}
