import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommerceApi } from '../api.js'
import { percentage } from '../money/index.js'
import { definePlugin } from '../plugin.js'
import { openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { volumeTable } from './commission.entity.js'
import type { CommissionRuleInput } from './index.js'

const steps = [
  { from: 0, percent: 10 },
  { from: 100_000, percent: 8 },
  { from: 500_000, percent: 5 },
]
const marginal: CommissionRuleInput = { bands: { mode: 'marginal', steps } }

/** Half of the commission goes to the distributor that a line names. */
const chains = definePlugin({
  id: 'chains',
  core: '>=0.1.0',
  setup({ join }) {
    join('commission.naming', async ({ orders }) =>
      orders
        .flatMap(({ lines }) => lines)
        .filter((line) => line.distributors !== null)
        .map((line) => ({
          lineId: line.id,
          distribution: { rates: { by: 'tier', percents: [percentage(1)] }, fundedBy: 'platform', pool: percentage(50) },
          chain: (line.distributors ?? []).map((distributor) => ({ distributor })),
        })),
    )
    return {}
  },
})

for (const database of testDatabases()) {
  describe(`commission by volume on ${database.name}`, () => {
    let commerce: CommerceApi & Pick<TestCommerce<readonly []>['commerce'], 'transaction'>
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start: '2026-01-10T08:00:00.000Z',
        settlement: { timezone: 'Asia/Shanghai', cycle: 'manual' },
        plugins: [chains()],
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
    })
    afterEach(() => close())

    interface Sale {
      readonly prices: readonly number[]
      readonly at?: string
      readonly paid?: boolean
      readonly supplier?: string
      readonly currency?: string
    }
    const order = ({ prices, at = clock.now(), paid = true, supplier = supplierId, currency = 'CNY' }: Sale) => ({
      currency,
      placedAt: at,
      ...(paid ? { paid: { provider: 'external', capturedAt: at } as const } : {}),
      lines: prices.map((price) => ({ supplierId: supplier, quantity: 1, price })),
    })
    const sell = async (...sales: Sale[]) => (await commerce.orders.import({ orders: sales.map(order) })).orders
    const commission = async (currency = 'CNY'): Promise<number> =>
      (await commerce.ledger.balances({ party: 'platform', purpose: 'commission' })).find(({ commodity }) => commodity === currency)
        ?.balance ?? 0
    /** What the platform earned by one more sale. */
    const earned = async (...sales: Sale[]): Promise<number> => {
      const before = await commission()
      await sell(...sales)
      return (await commission()) - before
    }
    const volumes = (): Promise<readonly (readonly [string, number])[]> =>
      commerce.transaction(async (tx) =>
        (await tx.find(volumeTable, {}, { orderBy: ['period'] })).map(({ period, volume }) => [period, volume] as const),
      )

    it('takes a line apart over the bands that it falls into, after what preceded this system', async () => {
      await commerce.commission.addRule({ ...marginal, priorVolume: 95_000 })
      expect(await earned({ prices: [20_000] })).toBe(1700)
      // Line after line, and order after order.
      expect(await earned({ prices: [385_000, 10_000] })).toBe(385_000 * 0.08 + 500)
      expect(await earned({ prices: [1000] }, { prices: [1000] })).toBe(100)
    })

    it('begins anew with each calendar month of the platform, and counts what came before this system in its own month alone', async () => {
      await commerce.commission.addRule({ ...marginal, priorVolume: 95_000 })
      clock.set('2026-01-31T15:59:59.999Z')
      expect(await earned({ prices: [20_000] })).toBe(1700)
      clock.set('2026-01-31T16:00:00.000Z')
      expect(await earned({ prices: [100_000] })).toBe(10_000)
      expect(await earned({ prices: [20_000] })).toBe(1600)
      expect(await volumes()).toEqual([
        ['2026-01', 20_000],
        ['2026-02', 120_000],
      ])
    })

    it('is each supplier\u2019s own, in each currency', async () => {
      await commerce.commission.addRule(marginal)
      const other = (await commerce.suppliers.apply({ name: 'Shoes' })).id
      await sell({ prices: [100_000] })
      expect(await earned({ prices: [1000], supplier: other })).toBe(100)
      await sell({ prices: [1000], currency: 'JPY' })
      expect(await commission('JPY')).toBe(100)
      expect(await earned({ prices: [1000] })).toBe(80)
    })

    it('goes by the volume at capture and not at placement, and a slab by that at entry', async () => {
      await commerce.commission.addRule({ bands: { mode: 'slab', steps } })
      const [early] = await sell({ prices: [10_000], paid: false })
      const lineId = early?.lineIds[0] ?? ''
      const explained = async () => (await commerce.commission.explain({ orderLineId: lineId })).shares[0]?.amount
      expect(await explained()).toBe(1000)
      expect(await earned({ prices: [99_999, 2, 50] })).toBe(10_000 + 0 + 4)
      const { payments } = await commerce.orders.pay({ orderId: early?.id ?? '', payment: { provider: 'external' } })
      await commerce.payments.recordReceipt({ paymentId: payments[0]?.id ?? '', amount: 2500 })
      expect(await explained()).toBe(800)
      // A line keeps what it entered at, however the volume grows between its captures.
      await sell({ prices: [500_000] })
      await commerce.payments.recordReceipt({ paymentId: payments[0]?.id ?? '' })
      expect(await explained()).toBe(800)
      expect(await volumes()).toEqual([['2026-01', 99_999 + 2 + 50 + 10_000 + 500_000]])
    })

    it('counts what is captured in the month in which it is captured, and is not reduced by refunds', async () => {
      await commerce.commission.addRule(marginal)
      const [sold] = await sell({ prices: [10_001], paid: false })
      const orderId = sold?.id ?? ''
      const { payments } = await commerce.orders.pay({ orderId, payment: { provider: 'external' } })
      const receive = (amount?: number) => commerce.payments.recordReceipt({ paymentId: payments[0]?.id ?? '', amount })
      await receive(3333)
      clock.set('2026-02-10T08:00:00.000Z')
      await receive(3333)
      await receive()
      await commerce.orders.refund({ orderId, everything: true, reason: 'broken' })
      expect(await volumes()).toEqual([
        ['2026-01', 3333],
        ['2026-02', 6668],
      ])
      expect(await commission()).toBe(0)
    })

    it('enters past orders in the order in which their money came in, whatever the order of the import', async () => {
      await commerce.commission.addRule(marginal)
      const orders = await sell({ prices: [50_000], at: '2025-12-20T00:00:00.000Z' }, { prices: [100_000], at: '2025-12-10T00:00:00.000Z' })
      const shares = []
      for (const { lineIds } of orders)
        shares.push((await commerce.commission.explain({ orderLineId: lineIds[0] ?? '' })).shares[0]?.amount)
      expect(shares).toEqual([4000, 10_000])
    })

    it('is entered one after the other by captures at once', async () => {
      await commerce.commission.addRule(marginal)
      await Promise.all(Array.from({ length: 12 }, () => sell({ prices: [20_000] })))
      expect(await commission()).toBe(10_000 + 140_000 * 0.08)
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('does not undo a capture where a smaller commission would leave a distributor less than it funds', async () => {
      await commerce.commission.addRule(marginal)
      const discount = { source: 'D1', code: null, label: '', amount: 400, funders: [{ party: 'distributor:D1', amount: 400 }] }
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            lines: [{ supplierId, quantity: 1, price: 10_000, distributors: ['D1'], discounts: [discount] }],
          },
        ],
      })
      const [{ id: orderId = '', lineIds = [] } = {}] = orders
      await sell({ prices: [600_000] })
      // At 5 % the pool would hold 240, and the discount takes 400 of it: what the order was placed by holds.
      const { payments } = await commerce.orders.pay({ orderId, payment: { provider: 'external' } })
      await commerce.payments.recordReceipt({ paymentId: payments[0]?.id ?? '' })
      expect(await commerce.commission.explain({ orderLineId: lineIds[0] ?? '' })).toMatchObject({
        shares: [{ party: 'platform', amount: 500 }, { party: 'distributor:D1', amount: 100 }, {}, {}],
      })
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })
  })
}
