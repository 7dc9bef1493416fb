/** A whole marketplace in which everything is told twice, late, in the wrong order and at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Order } from './order/index.js'
import { brokenInvariants } from './testing/books-invariants.fixture.js'
import { createDice, type Dice } from './testing/dice.fixture.js'
import { openTestCommerce, type TestCommerce, testDatabases } from './testing/index.js'
import { type Marketplace, parcelPrice, stockMarketplace } from './testing/marketplace.fixture.js'
import { createMisbehavingProvider, type MisbehavingProvider } from './testing/misbehaving-provider.js'

const seeds = Array.from({ length: 10 }, (_, index) => index + 1)

for (const database of testDatabases()) {
  describe(`a marketplace beset from all sides on ${database.name}`, () => {
    let opened: TestCommerce<readonly []>
    let commerce: TestCommerce<readonly []>['commerce']
    let market: Marketplace
    let card: MisbehavingProvider
    const placed = new Set<string>()

    beforeAll(async () => {
      card = createMisbehavingProvider()
      opened = await openTestCommerce(database, { adapters: { payments: [card.provider] } })
      ;({ commerce } = opened)
      market = await stockMarketplace(commerce, { stock: 100_000 })
      await commerce.commission.addRule({ percent: 10 })
    })
    afterAll(() => opened.close())

    const codeOf = (error: { readonly name?: string; readonly code?: string }): string =>
      error.name === 'CommerceError' ? (error.code ?? '') : `not an error of ours: ${error}`
    /** All at once. @returns the codes of those that were refused */
    const atOnce = async (work: readonly (() => Promise<unknown>)[]): Promise<readonly string[]> =>
      (await Promise.allSettled(work.map((one) => one()))).flatMap((one) => (one.status === 'rejected' ? codeOf(one.reason) : []))
    const pass = async (minutes: number): Promise<void> => {
      opened.clock.set(new Date(Date.parse(opened.clock.now()) + minutes * 60_000).toISOString())
      await commerce.background.drain()
    }
    const stockOf = async (offerId = market.offerIds[0] ?? '') => {
      const { onHand, locations } = await commerce.inventory.level({ offerId })
      return { onHand, reserved: locations.reduce((sum, { reserved }) => sum + reserved, 0) }
    }
    const checkBooks = async (): Promise<void> => {
      const orders = await Promise.all([...placed].map((orderId) => commerce.orders.get({ orderId })))
      expect(await brokenInvariants(commerce, orders)).toEqual([])
    }
    const paymentsOf = async ({ id: reference }: Pick<Order, 'id'>) => (await commerce.payments.list({ reference })).items
    const buy = async (quantity: number, payment: { readonly capture?: 'manual' } = {}): Promise<Order> => {
      const cartId = await market.filledCart(market.offerIds.slice(0, 1))
      const [line] = (await commerce.carts.get({ cartId })).lines
      await commerce.carts.updateLine({ cartId, lineId: line?.id ?? '', quantity })
      const order = await commerce.orders.place({ cartId, payment: { provider: 'test', ...payment } })
      placed.add(order.id)
      // A fault that an earlier round asked for and did not meet.
      if (card.state(order.payments[0]?.id ?? '')?.status === 'pending') await payPending(order)
      return order
    }
    const payPending = async (order: Order): Promise<void> => {
      for (const { id: paymentId } of await paymentsOf(order)) {
        if (card.state(paymentId)?.status !== 'pending') continue
        card.pay(paymentId)
        await atOnce([() => commerce.payments.finalize({ paymentId }), () => commerce.payments.finalize({ paymentId })])
      }
    }

    describe('by payment providers', () => {
      it.each(seeds)('one order, one capture and one journal come of it, played by chance %i', async (seed) => {
        const dice: Dice = createDice(seed)
        const { reserved } = await stockOf()
        const cartId = await market.filledCart(market.offerIds.slice(0, 1))
        const stranger = await buy(1)
        const strangers = (await paymentsOf(stranger)).map(({ id }) => id)
        card.next('start', dice.pick(['pending', 'action', 'timeout-after', 'timeout-before', 'pending'] as const))
        const payment = { provider: 'test' }
        const order = await commerce.orders.place({ cartId, payment })
        placed.add(order.id)
        const paymentId = order.payments[0]?.id ?? ''
        const wrong = dice.chance(30) ? dice.pick([1, order.total - 1, order.total + 1]) : undefined
        const hook = (about: string, options: Parameters<MisbehavingProvider['webhook']>[1]) => () =>
          commerce.payments.receiveWebhook({ provider: 'test', ...card.webhook(about, options) })
        const isStarted = () => card.state(paymentId) !== undefined
        const deeds = dice.shuffle([
          ...Array.from({ length: 4 }, () => hook(paymentId, { eventId: `same-${seed}`, byReference: dice.chance(50) })),
          hook(paymentId, { type: 'payment.captured', amount: 1 }),
          hook(paymentId, { type: 'payment.failed' }),
          hook(strangers[0] ?? '', { type: 'payment.captured', amount: order.total }),
          hook(paymentId, { forged: true }),
          hook('pay_of_nobody', { type: 'payment.captured' }),
          ...Array.from({ length: 3 }, () => () => commerce.payments.finalize({ paymentId })),
          ...Array.from({ length: 2 }, () => () => commerce.background.drain()),
          ...Array.from({ length: 2 }, () => () => commerce.orders.place({ cartId, payment })),
          async () => {
            if (isStarted() && card.state(paymentId)?.captured === 0) card.pay(paymentId, wrong)
          },
        ])
        const refused = await atOnce(deeds)
        expect(refused.filter((code) => code !== 'payment.webhook_forged')).toEqual([])
        expect(refused).toHaveLength(1)
        for (let minute = 0; minute < 10; minute += 1) await pass(minute)
        if (card.state(paymentId)?.captured === 0) card.pay(paymentId, wrong)
        await hook(paymentId, {})()
        await pass(1)
        const after = await commerce.orders.get({ orderId: order.id })
        const payments = await paymentsOf(order)
        const paid = card.state(paymentId)?.captured ?? 0
        const taken = Math.min(paid, order.total)
        // What the provider took beyond what was asked for is no part of the order: it is told of, and stays the provider's to explain.
        expect(payments).toMatchObject([{ captured: taken, refunded: 0, excess: paid - taken }])
        expect(after).toMatchObject({
          status: 'open',
          paymentStatus: taken === order.total ? 'paid' : 'partially_paid',
          captured: taken,
          refunded: 0,
        })
        expect(await commerce.orders.get({ orderId: stranger.id })).toMatchObject({ captured: stranger.total, refunded: 0 })
        await checkBooks()
        await pass(60 * 24)
        const end = await commerce.orders.get({ orderId: order.id })
        // Paid in full, it is kept; in part, it goes back by itself and so does the stock.
        expect([end.status, end.captured - end.refunded]).toEqual(taken === order.total ? ['open', order.total] : ['expired', 0])
        expect((await stockOf()).reserved - reserved).toBe(end.status === 'open' ? 2 : 1)
        await checkBooks()
      })
    })

    describe('by customers who edit', () => {
      it.each(seeds)('no unit is lost of lines, merges and completions at once, played by chance %i', async (seed) => {
        const dice = createDice(seed)
        const { id: customerId } = await commerce.customers.create({ name: 'Li Lei' })
        const [offerId = '', otherId = ''] = market.offerIds
        const guest = await market.filledCart([offerId])
        const own = await market.filledCart([offerId, otherId], customerId)
        let added = 3
        const add = (cartId: string) => async () => {
          await commerce.carts.addLine({ cartId, offerId: dice.pick([offerId, otherId]), quantity: 2 })
          added += 2
        }
        const place = async () => {
          placed.add((await commerce.orders.place({ cartId: own, payment: { provider: 'test' } })).id)
        }
        const refused = await atOnce(
          dice.shuffle([
            ...Array.from({ length: 4 }, () => add(guest)),
            ...Array.from({ length: 4 }, () => add(own)),
            () => commerce.carts.merge({ from: guest, into: own }),
            () => commerce.carts.merge({ from: guest, into: own }),
            () => commerce.carts.setCustomer({ cartId: guest, customerId }),
            ...(seed % 2 ? [place, place] : []),
          ]),
        )
        const known = [
          'cart.completed',
          'cart.closed',
          'cart.customer_differs',
          'cart.not_sellable',
          'cart.shipping_missing',
          'cart.changed',
        ]
        for (const code of refused) expect(known).toContain(code)
        const unitsIn = async (cartId: string): Promise<number> => {
          const cart = await commerce.carts.get({ cartId })
          return cart.status === 'merged' ? 0 : cart.lines.reduce((sum, { quantity }) => sum + quantity, 0)
        }
        expect((await unitsIn(guest)) + (await unitsIn(own))).toBe(added)
        const { orderId } = await commerce.carts.get({ cartId: own })
        if (orderId !== null) {
          const order = await commerce.orders.get({ orderId })
          expect(order.lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(await unitsIn(own))
        }
        await checkBooks()
      })

      it('what is withdrawn or dearer at the moment of ordering is never sold so', async () => {
        for (const seed of seeds) {
          const dice = createDice(seed)
          const [offerId = ''] = market.offerIds
          const cartId = await market.filledCart([offerId])
          const { totals } = await commerce.carts.get({ cartId })
          const price = 10_000 + seed
          const placing = async () => {
            const order = await commerce.orders.place({ cartId, payment: { provider: 'test' } })
            placed.add(order.id)
            expect(order.total).toBe(totals.total)
          }
          const refused = await atOnce(
            dice.shuffle([
              placing,
              () => commerce.catalog.updateOffer({ offerId, price }),
              ...(dice.chance(50) ? [() => commerce.catalog.unlistOffer({ offerId })] : []),
            ]),
          )
          for (const code of refused) expect(['cart.changed', 'cart.not_sellable', 'order.total_changed']).toContain(code)
          await commerce.catalog.updateOffer({ offerId, price: 10_000 })
          await commerce.catalog.listOffer({ offerId })
        }
        await checkBooks()
      })
    })

    describe('by whoever gives back', () => {
      it.each(seeds)('no more than was captured and no unit twice, played by chance %i', async (seed) => {
        const dice = createDice(seed)
        const [offerId = ''] = market.offerIds
        const before = await stockOf()
        const quantity = 3 + dice.roll(3)
        const order = await buy(quantity)
        const { id: orderId, total } = order
        const lineId = order.lines[0]?.id ?? ''
        const sent = dice.pick([0, 1, 2, quantity])
        if (sent > 0) {
          const { id: shipmentId } = await commerce.fulfilment.ship({ orderId, lines: [{ lineId, quantity: sent }] })
          await commerce.fulfilment.deliver({ shipmentId })
        }
        const giveBack = (units: number) => async () => {
          const { id: returnId } = await commerce.returns.request({ orderId, lines: [{ lineId, quantity: units, reason: 'too small' }] })
          await commerce.returns.approve({ returnId })
          await commerce.returns.receive({ returnId, lines: [{ lineId, quantity: units, restock: true }] })
        }
        const reason = 'at once'
        const unitPrice = dice.pick([9000, 10_000, 12_000])
        // The difference of a dearer exchange, which is then paid in time, late or not at all.
        if (dice.chance(60)) card.next('start', 'pending', 'pending')
        if (dice.chance(30)) card.next('refund', 'timeout-after', 'timeout-before', 'refuse-now')
        const refused = await atOnce(
          dice.shuffle([
            giveBack(1),
            giveBack(2),
            giveBack(quantity),
            () => commerce.orders.refund({ orderId, lines: [{ lineId, quantity: 1 }], reason }),
            () => commerce.orders.refund({ orderId, lines: [{ lineId, amount: 7777 }], reason }),
            () => commerce.orders.refund({ orderId, lines: [{ lineId, all: true }], reason }),
            () => commerce.orders.refund({ orderId, everything: true, reason }),
            () => commerce.orders.exchange({ orderId, lineId, quantity: 1, unitPrice, reason }),
            () => commerce.orders.exchange({ orderId, lineId, unitPrice, reason }),
            () => commerce.orders.cancel({ orderId, reason }),
            () => commerce.fulfilment.ship({ orderId, lines: [{ lineId, quantity: 1 }] }),
            () => commerce.background.drain(),
          ]),
        )
        for (const code of refused) expect(code).toMatch(/^(order|return|refund|fulfilment|inventory)\./)
        if (dice.chance(50)) await payPending(order)
        for (let minute = 1; minute < 8; minute += 1) await pass(minute * 10)
        await pass(60 * 24 * 2)
        if (dice.chance(70)) await payPending(order)
        await pass(1)
        const payments = await paymentsOf(order)
        for (const { id: paymentId } of payments) {
          const failed = (await commerce.payments.listRefunds({ paymentId, limit: 100 })).items.filter(({ status }) => status === 'failed')
          for (const { id: refundId } of failed) await commerce.payments.retryRefund({ refundId })
        }
        const after = await commerce.orders.get({ orderId })
        const left = payments.reduce((sum, { id }) => sum + (card.state(id)?.captured ?? 0) - (card.state(id)?.refunded ?? 0), 0)
        expect(left).toBe(after.captured - after.refunded)
        expect(after.refunded).toBeLessThanOrEqual(after.captured)
        for (const line of after.lines) {
          expect(line.refundedGoods).toBeLessThanOrEqual(line.capturedGoods)
          expect(line.returned + line.comingBack).toBeLessThanOrEqual(line.fulfilled)
          expect(line.fulfilled + line.canceled).toBeLessThanOrEqual(line.quantity)
        }
        // Whatever became of it, each unit lies on the shelf, is promised, or was sent and has not come back.
        const now = await stockOf(offerId)
        const out = after.lines.reduce((sum, line) => sum + line.fulfilled - line.returned, 0)
        const promised =
          after.status === 'open' ? after.lines.reduce((sum, line) => sum + line.quantity - line.fulfilled - line.canceled, 0) : 0
        expect({ out: before.onHand - now.onHand, promised: now.reserved - before.reserved, total: order.total }).toEqual({
          out,
          promised,
          total,
        })
        expect(total).toBe(quantity * 10_000 + parcelPrice)
        await checkBooks()
      })
    })
  })
}
