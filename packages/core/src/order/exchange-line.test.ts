import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMillis } from '../kernel/index.js'
import {
  advance,
  createMisbehavingProvider,
  type MisbehavingProvider,
  openTestCommerce,
  type TestClock,
  type TestCommerce,
  testDatabases,
} from '../testing/index.js'
import { type Marketplace, stockMarketplace } from '../testing/marketplace.fixture.js'

for (const database of testDatabases()) {
  describe(`an exchange on ${database.name}`, () => {
    let card: MisbehavingProvider
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let market: Marketplace

    beforeEach(async () => {
      card = createMisbehavingProvider({ id: 'card' })
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        adapters: { payments: [card.provider] },
        settlement: { cycle: 'manual', holdDays: 0 },
      }))
      market = await stockMarketplace(commerce, { suppliers: 1, articles: 2, stock: 3 })
      await commerce.commission.addRule({ percent: 10 })
    })
    afterEach(() => close())

    const sell = async () => {
      const cartId = await market.filledCart([market.offerIds[0] ?? ''])
      const order = await commerce.orders.place({ cartId, payment: { provider: 'card' } })
      return { orderId: order.id, lineId: order.lines[0]?.id ?? '' }
    }
    const balance = async (party: string, purpose: string): Promise<number> =>
      (await commerce.ledger.balances({ party, purpose }))[0]?.balance ?? 0
    const books = async (orderId: string) => ({
      supplier: await balance(`supplier:${market.supplierIds[0]}`, 'pending'),
      platform: await balance('platform', 'commission'),
      between: await balance(`order:${orderId}`, 'exchange'),
      cash: 0 - (await balance('psp:card', 'clearing')),
    })
    const stock = async (index: number) => {
      const { onHand, reserved } = await commerce.inventory.level({ offerId: market.offerIds[index] ?? '' })
      return { onHand, reserved }
    }

    it('for dearer goods takes the difference alone, and splits the new line by the terms of the moment', async () => {
      const { orderId, lineId } = await sell()
      const exchange = await commerce.orders.exchange({ orderId, lineId, unitPrice: 12_000, reason: 'larger' })
      expect(exchange).toMatchObject({ status: 'completed', credit: 10_000, price: 12_000, difference: 2_000, quantity: 1 })
      // Shipping of 800 stays as it was.
      expect(await books(orderId)).toEqual({ supplier: 10_800 + 800, platform: 1_200, between: 0, cash: 12_800 })
      const order = await commerce.orders.get({ orderId })
      expect(order.lines.map((line) => [line.id, line.goods, line.capturedGoods, line.refundedGoods, line.canceled])).toEqual([
        [lineId, 10_000, 10_000, 10_000, 1],
        [exchange.newLineId, 12_000, 12_000, 0, 0],
      ])
      expect(order).toMatchObject({ status: 'open', total: 22_800, captured: 22_800, refunded: 10_000, fulfilmentStatus: 'unfulfilled' })
      expect(order.payments.map((payment) => payment.captured)).toEqual([10_800, 2_000])
      expect((await commerce.ledger.check({})).balanced).toBe(true)
    })

    it('for cheaper goods gives the difference back, and inherits terms where it is asked to', async () => {
      const { orderId, lineId } = await sell()
      await commerce.commission.addRule({ percent: 50 })
      const exchange = await commerce.orders.exchange({ orderId, lineId, unitPrice: 7_000, terms: 'inherit', reason: 'smaller' })
      expect(exchange).toMatchObject({ status: 'completed', difference: -3_000, paymentId: null })
      expect(await books(orderId)).toEqual({ supplier: 6_300 + 800, platform: 700, between: 0, cash: 7_800 })
      expect(await balance('refunds', 'payable')).toBe(0)
    })

    it('can be refunded as any line can, to the last cent, over both payments', async () => {
      const { orderId, lineId } = await sell()
      await commerce.orders.exchange({ orderId, lineId, unitPrice: 12_000, reason: 'larger' })
      await commerce.orders.refund({ orderId, everything: true, reason: 'back' })
      await commerce.background.drain()
      expect(await books(orderId)).toEqual({ supplier: 0, platform: 0, between: 0, cash: 0 })
      expect((await commerce.orders.get({ orderId })).paymentStatus).toBe('refunded')
    })

    it('moves stock from the old offer to the new one', async () => {
      const { orderId, lineId } = await sell()
      expect([await stock(0), await stock(1)]).toEqual([
        { onHand: 3, reserved: 1 },
        { onHand: 3, reserved: 0 },
      ])
      const { newLineId } = await commerce.orders.exchange({ orderId, lineId, offerId: market.offerIds[1], reason: 'the other' })
      expect([await stock(0), await stock(1)]).toEqual([
        { onHand: 3, reserved: 0 },
        { onHand: 3, reserved: 1 },
      ])
      await commerce.fulfilment.deliverLines({ lines: [{ orderId, lineId: newLineId }] })
      expect(await stock(1)).toEqual({ onHand: 2, reserved: 0 })
      expect((await commerce.orders.get({ orderId })).fulfilmentStatus).toBe('delivered')
    })

    it('of delivered goods sends new ones, and the hold of the new begins with their own delivery', async () => {
      const { orderId, lineId } = await sell()
      await commerce.fulfilment.deliverLines({ lines: [{ orderId, lineId }] })
      await commerce.background.drain()
      const { newLineId } = await commerce.orders.exchange({ orderId, lineId, unitPrice: 10_000, reason: 'broken' })
      expect((await commerce.orders.get({ orderId })).fulfilmentStatus).toBe('partially_delivered')
      const owed = async () => (await commerce.settlement.balances({ party: `supplier:${market.supplierIds[0]}` }))[0]
      expect(await owed()).toMatchObject({ pending: 9_000, available: 800 })
      await commerce.fulfilment.deliverLines({ lines: [{ orderId, lineId: newLineId }] })
      await commerce.background.drain()
      expect(await owed()).toMatchObject({ pending: 0, available: 9_800 })
    })

    it('waits for its difference with the new goods set aside, and is completed by it once, whoever reports it', async () => {
      const { orderId, lineId } = await sell()
      card.next('start', 'pending')
      const waiting = await commerce.orders.exchange({ orderId, lineId, unitPrice: 12_000, reason: 'larger' })
      expect(waiting).toMatchObject({ status: 'awaiting_payment', paymentId: expect.any(String) })
      expect(await stock(0)).toEqual({ onHand: 3, reserved: 2 })
      expect((await commerce.orders.get({ orderId })).lines).toHaveLength(1)
      await expect(commerce.orders.exchange({ orderId, lineId, unitPrice: 1, reason: 'again' })).rejects.toMatchObject({
        code: 'order.not_exchangeable',
      })
      const paymentId = waiting.paymentId ?? ''
      card.pay(paymentId)
      await Promise.all([1, 2, 3].map(() => commerce.payments.finalize({ paymentId })))
      expect(await commerce.orders.listExchanges({ orderId })).toMatchObject([{ status: 'completed' }])
      expect(await books(orderId)).toEqual({ supplier: 11_600, platform: 1_200, between: 0, cash: 12_800 })
      expect(await stock(0)).toEqual({ onHand: 3, reserved: 1 })
    })

    it('ends where nobody pays in time, and money that comes after all goes back', async () => {
      const { orderId, lineId } = await sell()
      card.next('start', 'pending')
      const { paymentId } = await commerce.orders.exchange({ orderId, lineId, unitPrice: 12_000, reason: 'larger' })
      const before = await books(orderId)
      await advance(commerce, clock, addMillis(clock.now(), 32 * 60_000))
      expect(await commerce.orders.listExchanges({ orderId })).toMatchObject([{ status: 'canceled' }])
      expect(await stock(0)).toEqual({ onHand: 3, reserved: 1 })
      card.pay(paymentId ?? '')
      await commerce.payments.finalize({ paymentId: paymentId ?? '' })
      await commerce.background.drain()
      expect(await books(orderId)).toEqual(before)
    })

    it('gives the difference back where the line was refunded before it came', async () => {
      const { orderId, lineId } = await sell()
      card.next('start', 'pending')
      const { paymentId } = await commerce.orders.exchange({ orderId, lineId, unitPrice: 12_000, reason: 'larger' })
      await commerce.orders.refund({ orderId, lines: [{ lineId, amount: 1 }], reason: 'meanwhile' })
      card.pay(paymentId ?? '')
      await commerce.payments.finalize({ paymentId: paymentId ?? '' })
      await commerce.background.drain()
      expect(await commerce.orders.listExchanges({ orderId })).toMatchObject([{ status: 'canceled' }])
      expect(await books(orderId)).toMatchObject({ between: 0, cash: 10_799 })
    })

    it('is made once by one key, and once by two calls at once', async () => {
      const { orderId, lineId } = await sell()
      const input = { orderId, lineId, unitPrice: 9_000, reason: 'smaller' }
      const [first, second] = [
        await commerce.orders.exchange(input, { idempotencyKey: 'one' }),
        await commerce.orders.exchange(input, { idempotencyKey: 'one' }),
      ]
      expect(second.id).toBe(first.id)
      const sale = await sell()
      const results = await Promise.allSettled([1, 2].map(() => commerce.orders.exchange({ ...sale, unitPrice: 9_000, reason: 'twice' })))
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await commerce.orders.listExchanges({ orderId: sale.orderId })).toHaveLength(1)
    })

    it('of an order that cost nothing asks how the difference is to be paid', async () => {
      const [supplierId = ''] = market.supplierIds
      const { orders } = await commerce.orders.import({
        orders: [{ currency: 'CNY', placedAt: clock.now(), lines: [{ supplierId, quantity: 1, price: 0 }] }],
      })
      const [{ id: orderId = '', lineIds: [lineId = ''] = [] } = {}] = orders
      const dearer = { orderId, lineId, unitPrice: 500, reason: 'paid goods' }
      await expect(commerce.orders.exchange(dearer)).rejects.toMatchObject({
        code: 'order.not_exchangeable',
        message: expect.stringContaining('by payment'),
      })
      expect(await commerce.orders.exchange({ ...dearer, payment: { provider: 'card' } })).toMatchObject({
        status: 'completed',
        difference: 500,
      })
    })

    it('is refused where it makes no sense, and changes nothing', async () => {
      const { orderId, lineId } = await sell()
      const before = await books(orderId)
      for (const [input, code] of [
        [{ orderId, lineId: 'oln_none', reason: 'x' }, 'order.line_not_found'],
        [{ orderId: 'ord_none', lineId, reason: 'x' }, 'order.not_found'],
        [{ orderId, lineId, quantity: 2, reason: 'x' }, 'refund.exceeds_captured'],
        [{ orderId, lineId, offerId: 'off_none', reason: 'x' }, 'order.not_sellable_instead'],
        [{ orderId, lineId, unitPrice: -1, reason: 'x' }, 'input.invalid'],
        [{ orderId, lineId, unitPrice: 20_000, payment: { provider: 'nobody' }, reason: 'x' }, 'payment.provider_unknown'],
      ] as const)
        await expect(commerce.orders.exchange(input)).rejects.toMatchObject({ code })
      await commerce.orders.refund({ orderId, lines: [{ lineId, all: true }], reason: 'back' })
      await expect(commerce.orders.exchange({ orderId, lineId, reason: 'x' })).rejects.toMatchObject({ code: 'order.not_exchangeable' })
      expect(await commerce.orders.listExchanges({ orderId })).toEqual([])
      expect(before.between).toBe(0)
    })
  })
}
