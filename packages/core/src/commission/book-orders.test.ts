import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`captures and refunds in the books on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let other: string
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start: '2026-01-10T08:00:00.000Z',
        settlement: { cycle: 'manual' },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      other = (await commerce.suppliers.apply({ name: 'Shoes' })).id
    })
    afterEach(() => close())

    const funded = (amount: number) => [{ source: 'p', code: null, label: '', amount, funders: [{ party: 'platform', amount }] }]
    const purpose = async (party: string, name: string): Promise<number> =>
      (await commerce.ledger.balances({ party, purpose: name }))[0]?.balance ?? 0

    it('earn all that funders pay for free goods, whose shipping alone is captured, in parts', async () => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            lines: [
              { supplierId, quantity: 1, price: 10_000, discounts: funded(10_000), shipping: 100 },
              { supplierId: other, quantity: 1, price: 10_000 },
            ],
          },
        ],
      })
      const { payments } = await commerce.orders.pay({ orderId: orders[0]?.id ?? '', payment: { provider: 'external' } })
      const paymentId = payments[0]?.id ?? ''
      for (const amount of [10_099, 1]) await commerce.payments.recordReceipt({ paymentId, amount })
      expect(await purpose('platform', 'promotions')).toBe(-10_000)
      expect(await purpose(`supplier:${supplierId}`, 'pending')).toBe(10_100)
    })

    it('share out an order of nothing to pay, and take it back by units', async () => {
      await commerce.commission.addRule({ percent: 10 })
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            paid: { provider: 'external', capturedAt: clock.now() },
            lines: [
              { supplierId, quantity: 3, price: 10_000, discounts: funded(10_000) },
              { supplierId: other, quantity: 1, price: 0 },
            ],
          },
        ],
      })
      const [{ id: orderId = '', lineIds = [] } = {}] = orders
      const books = async () => [
        await purpose(`supplier:${supplierId}`, 'pending'),
        await purpose('platform', 'commission'),
        await purpose('platform', 'promotions'),
      ]
      expect(await books()).toEqual([9000, 1000, -10_000])
      const refund = (quantity: number) =>
        commerce.orders.refund({ orderId, lines: [{ lineId: lineIds[0] ?? '', quantity }], reason: 'broken' })
      await refund(1)
      expect((await books()).reduce((sum, amount) => sum + amount, 0)).toBe(0)
      await refund(2)
      expect(await books()).toEqual([0, 0, 0])
    })

    it('let goodwill be borne by the platform or by who earns of the order, and by nobody else', async () => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            paid: { provider: 'external', capturedAt: clock.now() },
            lines: [{ supplierId, quantity: 1, price: 10_000 }],
          },
        ],
      })
      const orderId = orders[0]?.id ?? ''
      const goodwill = (fundedBy: string) => commerce.orders.refund({ orderId, goodwill: { amount: 100, fundedBy }, reason: 'sorry' })
      for (const stranger of [`supplier:${other}`, 'supplier:nobody', 'distributor:D1', 'tax', 'bank', 'Platform'])
        await expect(goodwill(stranger)).rejects.toMatchObject({ code: 'refund.goodwill_funder' })
      await goodwill('platform')
      await goodwill(`supplier:${supplierId}`)
      expect(await commerce.ledger.balances({ purpose: ['goodwill', 'available'] })).toMatchObject([
        { party: 'platform', balance: -100 },
        { party: `supplier:${supplierId}`, balance: -100 },
      ])
    })
  })
}
