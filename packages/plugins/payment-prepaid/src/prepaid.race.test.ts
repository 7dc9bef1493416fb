import type { Order, PaymentProvider } from '@entrepot/core'
import { testDatabases } from '@entrepot/core/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { currency, type Marketplace, openMarketplace, type Shopper } from './prepaid.fixture.js'

for (const database of testDatabases()) {
  describe(`a balance that many reach for at once on ${database.name}`, () => {
    let market: Marketplace
    let shopper: Shopper
    /** Steps of which core hears nothing, as if its process had died before or after they were made. */
    const unheard = new Map<string, readonly ('before' | 'after')[]>()
    const dying = (provider: PaymentProvider): PaymentProvider => {
      const step =
        <Input, Answer>(name: string, work: (input: Input) => Promise<Answer>) =>
        async (input: Input): Promise<Answer> => {
          const [now, ...later] = unheard.get(name) ?? []
          unheard.set(name, later)
          if (now === 'before') throw new Error(`died before ${name}`)
          const answer = await work(input)
          if (now === 'after') throw new Error(`died after ${name}`)
          return answer
        }
      return {
        ...provider,
        start: step('start', provider.start),
        capture: step('capture', provider.capture),
        void: step('void', provider.void),
        refund: step('refund', provider.refund),
      }
    }
    beforeAll(async () => {
      market = await openMarketplace(database, {}, dying)
    })
    beforeEach(async () => {
      shopper = await market.shopper()
    })
    afterEach(async () => {
      await market.commerce.background.drain()
      const history = await market.commerce.prepaid.history({ customerId: shopper.customerId })
      const { available, held } = await shopper.balance()
      expect(history.reduce((sum, { amount }) => sum + amount, 0)).toBe(available)
      expect(available).toBeGreaterThanOrEqual(0)
      expect(held).toBeGreaterThanOrEqual(0)
      expect(await shopper.moved('psp:prepaid', 'clearing')).toBe(0)
      expect(await shopper.moved('refunds', 'payable')).toBe(0)
      expect(await market.commerce.ledger.check()).toMatchObject({ balanced: true })
    })
    afterAll(() => market.close())

    const carts = async (many: number): Promise<readonly string[]> => {
      const ids: string[] = []
      for (let index = 0; index < many; index += 1) ids.push(await shopper.cart(10_000))
      return ids
    }
    const place = (cartId: string, capture: 'automatic' | 'manual' = 'automatic'): Promise<Order> =>
      market.commerce.orders.place({ cartId, payment: { provider: 'prepaid', capture } })
    const codes = (results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] =>
      results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code ?? result.reason] : []))

    it('pays as many orders as it suffices for, withdrawals and top-ups beside them', async () => {
      await shopper.topUp(35_000)
      const ids = await carts(8)
      const { customerId } = shopper
      const results = await Promise.allSettled([
        ...ids.map((cartId, index) => place(cartId, index % 2 ? 'manual' : 'automatic')),
        shopper.topUp(7000),
        shopper.topUp(3000),
        market.commerce.prepaid.withdraw({ customerId, amount: 9000, currency, destination: 'bank' }),
      ])
      expect(codes(results).filter((code) => code !== 'balance.insufficient')).toEqual([])
      const { available, held } = await shopper.balance()
      const orders = results.slice(0, 8).flatMap((result) => (result.status === 'fulfilled' ? [result.value as Order] : []))
      const payments = await Promise.all(orders.map(({ id: reference }) => market.commerce.payments.list({ reference })))
      const took = payments.flatMap(({ items }) => items).filter(({ status }) => status === 'captured' || status === 'authorized')
      const withdrawn = results[10]?.status === 'fulfilled' ? 9000 : 0
      expect(available).toBe(45_000 - withdrawn - took.length * 10_000)
      expect(held).toBe(took.filter(({ status }) => status === 'authorized').length * 10_000)
      expect(available).toBeLessThan(10_000)
    })

    it('gives no more back than was spent, however often a refund and a cancellation are asked for', async () => {
      await shopper.topUp(10_000)
      const [cartId = ''] = await carts(1)
      const { id: orderId, lines } = await place(cartId)
      const lineId = lines[0]?.id ?? ''
      const results = await Promise.allSettled([
        ...Array.from({ length: 4 }, () =>
          market.commerce.orders.refund({ orderId, lines: [{ lineId, amount: 3000 }], reason: 'a scratch' }),
        ),
        market.commerce.orders.cancel({ orderId, reason: 'changed my mind' }),
        market.commerce.orders.refund({ orderId, everything: true, reason: 'sent back' }),
      ])
      await market.commerce.background.drain()
      for (const code of codes(results)) expect(code).toMatch(/^(refund|order)\./)
      const { refunded } = await market.commerce.orders.get({ orderId })
      expect((await shopper.balance()).available).toBe(refunded)
      expect(refunded).toBe(10_000)
    })

    it('captures, voids and cancels at once leave nothing held and nothing lost', async () => {
      for (let round = 0; round < 4; round += 1) {
        await shopper.topUp(10_000)
        const before = await shopper.balance()
        const [cartId = ''] = await carts(1)
        const { id: orderId, payments } = await place(cartId, 'manual')
        const paymentId = payments[0]?.id ?? ''
        const results = await Promise.allSettled([
          market.commerce.payments.capture({ paymentId, amount: 4000 }),
          market.commerce.payments.capture({ paymentId }),
          market.commerce.payments.void({ paymentId }),
          ...(round % 2 ? [market.commerce.orders.cancel({ orderId, reason: 'x' })] : []),
        ])
        await market.commerce.background.drain()
        for (const code of codes(results)) expect(code).toMatch(/^(capture|payment|order)\./)
        const [payment] = (await market.commerce.payments.list({ reference: orderId })).items
        const { available, held } = await shopper.balance()
        const [left, captured, refunded] = [
          payment?.status === 'authorized' ? 10_000 - payment.captured : 0,
          payment?.captured ?? 0,
          payment?.refunded ?? 0,
        ]
        expect({ available, held }).toEqual({ available: before.available - captured + refunded - left, held: left })
        if (held > 0) await market.commerce.payments.void({ paymentId })
      }
    })

    it.each(['before', 'after'] as const)('a process that dies %s a step takes the money once, and gives it back once', async (when) => {
      const { commerce, clock } = market
      const later = async (): Promise<void> => {
        for (let minutes = 1; minutes <= 16; minutes *= 2) {
          clock.set(new Date(Date.parse(clock.now()) + minutes * 60_000).toISOString())
          await commerce.background.drain()
        }
      }
      await shopper.topUp(25_000)
      const [held = '', spent = ''] = await carts(2)
      unheard.set('start', [when, when])
      const order = await place(held, 'manual')
      const other = await place(spent)
      await later()
      expect(await shopper.balance()).toEqual({ available: 5000, held: 10_000 })
      expect(await commerce.orders.get({ orderId: other.id })).toMatchObject({ paymentStatus: 'paid', captured: 10_000 })

      const paymentId = order.payments[0]?.id ?? ''
      for (const step of ['capture', 'refund']) unheard.set(step, [when])
      await Promise.allSettled([commerce.payments.capture({ paymentId })])
      await later()
      expect(await shopper.balance()).toEqual({ available: 5000, held: 0 })
      await commerce.orders.refund({ orderId: order.id, everything: true, reason: 'sent back' })
      await commerce.orders.cancel({ orderId: other.id, reason: 'changed my mind' })
      await later()
      expect(await shopper.balance()).toEqual({ available: 25_000, held: 0 })
    })

    it('knows a reference again with blanks around it, and keeps those apart that differ otherwise', async () => {
      const book = (reference: string) =>
        market.commerce.prepaid.topUp({ customerId: shopper.customerId, amount: 1000, currency, source: 'stripe', reference })
      const transfers = await Promise.all(['ref', 'ref ', ' ref', 'REF', 'réf'].map(book))
      expect(new Set(transfers.map(({ id }) => id)).size).toBe(3)
      for (const refused of ['a\u0000b', 'x'.repeat(161), ' ', '']) {
        await expect(book(refused)).rejects.toMatchObject({ code: 'input.invalid' })
      }
      expect(await shopper.balance()).toEqual({ available: 3000, held: 0 })
    })

    it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1000', null, {}, [1000]])(
      'books no top-up of %j',
      async (amount) => {
        const input = { customerId: shopper.customerId, currency, source: 'bank', amount: amount as number }
        await expect(market.commerce.prepaid.topUp(input)).rejects.toMatchObject({ code: 'input.invalid' })
      },
    )
  })
}
