import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMillis } from '../kernel/index.js'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'
import { advance } from '../testing/test-clock.js'

const minute = 60_000

for (const database of testDatabases()) {
  describe(`payments of orders on ${database.name}`, () => {
    let shop: OrderFixture
    const orders = () => shop.orders.service
    const read = (orderId: string) => orders().get({ orderId })
    const pass = (millis: number) => advance(shop.kernel, shop.clock, addMillis(shop.clock.now(), millis))
    /** An order whose customer stands at the provider's page. */
    const waiting = async (stock = 1) => {
      shop.card.next('start', 'action')
      const order = await shop.order({ stock })
      return { order, orderId: order.id, paymentId: order.payments[0]?.id ?? '', offerId: order.lines[0]?.offerId ?? '' }
    }
    const payLate = async (paymentId: string) => {
      shop.card.pay(paymentId)
      await shop.payments.service.finalize({ paymentId })
      await shop.kernel.background.drain()
    }
    const buyOut = async (offerId: string) => {
      const { locations } = await shop.inventory.service.level({ offerId })
      for (const { locationId } of locations) await shop.inventory.service.setStock({ offerId, locationId, onHand: 0 })
    }
    beforeEach(async () => {
      shop = await openOrders(database)
    })
    afterEach(() => shop.close())

    it('books a capture once, whoever finalizes and how often', async () => {
      const { orderId, paymentId } = await waiting()
      shop.card.pay(paymentId)
      await Promise.all(Array.from({ length: 20 }, () => shop.payments.service.finalize({ paymentId })))
      expect(await read(orderId)).toMatchObject({ paymentStatus: 'paid', captured: 1500 })
      expect(await shop.books()).toMatchObject({ 'psp:test/clearing': -1500 })
    })

    it('opens an expired order again when its payment succeeds late, if the goods can still be had', async () => {
      const { orderId, paymentId, offerId } = await waiting()
      shop.card.next('void', 'timeout-before', 'timeout-before', 'timeout-before', 'timeout-before', 'timeout-before')
      await pass(31 * minute)
      expect(await read(orderId)).toMatchObject({ status: 'expired' })
      expect(await shop.stock(offerId)).toEqual({ onHand: 1, reserved: 0 })
      await payLate(paymentId)
      expect(await read(orderId)).toMatchObject({ status: 'open', paymentStatus: 'paid', closedAt: null, closeReason: null })
      expect(await shop.stock(offerId)).toEqual({ onHand: 1, reserved: 1 })
    })

    it('refunds a late success by itself where the goods are gone, and the books are even', async () => {
      const { orderId, paymentId, offerId } = await waiting()
      shop.card.next('void', 'timeout-before', 'timeout-before', 'timeout-before', 'timeout-before', 'timeout-before')
      await pass(31 * minute)
      await buyOut(offerId)
      await payLate(paymentId)
      expect(await read(orderId)).toMatchObject({ status: 'expired', paymentStatus: 'canceled', captured: 0 })
      expect(shop.card.state(paymentId)).toMatchObject({ captured: 1500, refunded: 1500 })
      expect(await shop.books()).toEqual({})
      expect((await orders().timeline({ orderId })).map((entry) => entry.type)).toEqual(['placed', 'expired', 'payment_returned'])
    })

    it('refunds by itself where the reservation lapsed and the goods are gone before the order expired', async () => {
      const { orderId, paymentId, offerId } = await waiting()
      shop.clock.set(addMillis(shop.clock.now(), 30 * minute))
      await shop.inventory.releaseExpired()
      await buyOut(offerId)
      await payLate(paymentId)
      expect(await read(orderId)).toMatchObject({ status: 'expired', closeReason: 'out_of_stock', paymentStatus: 'canceled' })
      expect(await shop.books()).toEqual({})
    })

    it('reserves again where the reservation lapsed and there is stock', async () => {
      const { orderId, paymentId, offerId } = await waiting()
      shop.clock.set(addMillis(shop.clock.now(), 30 * minute))
      await shop.inventory.releaseExpired()
      await payLate(paymentId)
      expect(await read(orderId)).toMatchObject({ status: 'open', paymentStatus: 'paid' })
      expect(await shop.stock(offerId)).toEqual({ onHand: 1, reserved: 1 })
    })

    it('never opens what somebody canceled: late money goes back', async () => {
      const { orderId, paymentId } = await waiting()
      shop.card.next('void', 'timeout-before')
      await orders().cancel({ orderId, reason: 'changed my mind' })
      await payLate(paymentId)
      expect(await read(orderId)).toMatchObject({ status: 'canceled', paymentStatus: 'canceled', captured: 0 })
      expect(await shop.books()).toEqual({})
    })

    it('gives back what comes twice: a retried payment and the first one after all', async () => {
      const { orderId, paymentId } = await waiting()
      shop.card.end(paymentId, 'failed')
      await shop.payments.service.finalize({ paymentId })
      expect(await orders().pay({ orderId, payment: { provider: 'balance' } })).toMatchObject({ paymentStatus: 'paid' })
      await payLate(paymentId)
      expect(await read(orderId)).toMatchObject({ paymentStatus: 'paid', captured: 1500, refunded: 0 })
      expect(shop.card.state(paymentId)).toMatchObject({ refunded: 1500 })
      expect(await shop.books()).toMatchObject({ 'psp:balance/clearing': -1500 })
      expect(await shop.books()).not.toHaveProperty('psp:test/clearing')
    })

    it('keeps stock for an authorized payment, and books captures in parts that add up to one', async () => {
      const order = await shop.order({ price: 1001, stock: 3, quantity: 3 }, { payment: { provider: 'test', capture: 'manual' } })
      expect(order).toMatchObject({ paymentStatus: 'authorized', expiresAt: null, captured: 0 })
      await pass(60 * minute)
      expect(await shop.stock(order.lines[0]?.offerId ?? '')).toEqual({ onHand: 3, reserved: 3 })
      const paymentId = order.payments[0]?.id ?? ''
      await shop.payments.service.capture({ paymentId, amount: 1000 })
      const partly = await read(order.id)
      expect(partly).toMatchObject({ paymentStatus: 'partially_paid', captured: 1000 })
      expect((partly.lines[0]?.capturedGoods ?? 0) + (partly.lines[0]?.capturedShipping ?? 0)).toBe(1000)
      await shop.payments.service.capture({ paymentId })
      expect(await read(order.id)).toMatchObject({
        paymentStatus: 'paid',
        captured: 3503,
        lines: [{ capturedGoods: 3003, capturedShipping: 500 }],
      })
    })

    it('waits for another payment when an authorization is given back, and expires without one', async () => {
      const order = await shop.order({ stock: 1 }, { payment: { provider: 'test', capture: 'manual' } })
      await shop.payments.service.void({ paymentId: order.payments[0]?.id ?? '' })
      expect(await read(order.id)).toMatchObject({ paymentStatus: 'pending', expiresAt: addMillis(shop.clock.now(), 30 * minute) })
      await pass(31 * minute)
      expect(await read(order.id)).toMatchObject({ status: 'expired' })
      expect(await shop.stock(order.lines[0]?.offerId ?? '')).toEqual({ onHand: 1, reserved: 0 })
    })

    it('gives back a part that was paid when the rest never comes', async () => {
      shop.card.next('start', 'action')
      const order = await shop.order({ stock: 1 }, { payments: [{ provider: 'balance', amount: 400 }, { provider: 'test' }] })
      expect(order).toMatchObject({ paymentStatus: 'partially_paid', captured: 400 })
      await pass(31 * minute)
      expect(await read(order.id)).toMatchObject({ status: 'expired', paymentStatus: 'refunded', refunded: 400 })
      expect(await shop.books()).toEqual({})
    })

    it('starts a payment that a dead process left behind', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      // The process dies between its commit and the question to the provider.
      const { start } = shop.payments
      Object.assign(shop.payments, { start: () => Promise.reject(new Error('the process has died')) })
      await expect(orders().place({ cartId, payment: { provider: 'test' } })).rejects.toThrow('the process has died')
      Object.assign(shop.payments, { start })
      const [{ id: orderId = '' } = {}] = (await orders().list()).items
      await pass(2 * minute)
      expect(await read(orderId)).toMatchObject({ paymentStatus: 'paid', captured: 1500, payments: [{ status: 'captured' }] })
      expect(shop.card.calls('start')).toBe(1)
    })

    it('takes two receipts of one transaction one after the other, each on what the other left', async () => {
      const order = await shop.order({}, { payments: [{ provider: 'external', amount: 400 }, { provider: 'external' }] })
      await shop.kernel.database.transaction(undefined, async (tx) => {
        for (const { id: paymentId } of order.payments) await shop.payments.service.recordReceipt({ paymentId }, { tx })
      })
      expect(await read(order.id)).toMatchObject({
        paymentStatus: 'paid',
        captured: 1500,
        lines: [{ capturedGoods: 1000, capturedShipping: 500 }],
      })
      expect(await shop.books()).toMatchObject({ 'psp:external/clearing': -1500 })
    })

    it('leaves money for something else alone, also where the same transaction is at an order', async () => {
      const order = await shop.order({}, { payment: { provider: 'external' } })
      const paymentId = order.payments[0]?.id ?? ''
      await shop.payments.service.recordReceipt({ paymentId })
      await shop.kernel.database.transaction(undefined, async (tx) => {
        const again = shop.payments.service.recordReceipt({ paymentId, amount: 1 }, { tx })
        await expect(again).rejects.toMatchObject({ code: 'payment.receipt_exceeds_amount' })
        const topUp = {
          reference: 'top_1',
          provider: 'external',
          amount: 50,
          currency: 'CNY',
          customerId: null,
          capture: 'automatic',
        } as const
        const [created] = await shop.payments.create(tx, [topUp])
        await shop.payments.service.recordReceipt({ paymentId: created?.id ?? '' }, { tx })
      })
      expect((await orders().timeline({ orderId: order.id })).map((entry) => entry.type)).toEqual(['placed', 'captured', 'paid'])
    })

    it('ends the same whether a cancellation or a late capture comes first', async () => {
      const { orderId, paymentId, offerId } = await waiting()
      shop.card.pay(paymentId)
      await Promise.all([
        orders().cancel({ orderId, reason: 'too late' }),
        ...Array.from({ length: 5 }, () => shop.payments.service.finalize({ paymentId })),
      ])
      await shop.kernel.background.drain()
      expect(await read(orderId)).toMatchObject({ status: 'canceled' })
      expect(shop.card.state(paymentId)).toMatchObject({ captured: 1500, refunded: 1500 })
      expect(await shop.stock(offerId)).toEqual({ onHand: 1, reserved: 0 })
      expect(await shop.books()).toEqual({})
    })
  })
}
