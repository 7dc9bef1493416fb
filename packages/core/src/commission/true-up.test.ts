import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommerceApi } from '../api.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import type { CommissionRuleInput } from './index.js'

const steps = [
  { from: 0, percent: 10 },
  { from: 100_000, percent: 8 },
]
const retroactive: CommissionRuleInput = { bands: { mode: 'retroactive', steps } }

for (const database of testDatabases()) {
  describe(`true-ups on ${database.name}`, () => {
    let commerce: CommerceApi & Pick<TestCommerce<readonly []>['commerce'], 'background'>
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start: '2026-01-10T08:00:00.000Z',
        settlement: { timezone: 'Asia/Shanghai', cycle: 'monthly', holdDays: 0 },
      }))
      await commerce.background.drain()
      supplierId = (await commerce.suppliers.import({ suppliers: [{ name: 'Tea House' }] }))[0]?.id ?? ''
    })
    afterEach(() => close())

    const sell = async (price: number, { at = clock.now(), categoryPath }: { at?: string; categoryPath?: string } = {}) =>
      commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: at,
            paid: { provider: 'external', capturedAt: at },
            lines: [{ supplierId, quantity: 1, price, categoryPath }],
          },
        ],
      })
    const balance = async (party: string, purpose: string): Promise<number> =>
      (await commerce.ledger.balances({ party, purpose }))[0]?.balance ?? 0
    const commission = () => balance('platform', 'commission')
    const paidOut = () => balance(`supplier:${supplierId}`, 'in_payout')

    it('give the whole month the rate that its volume reached, at the end of the platform\u2019s month, once', async () => {
      await commerce.commission.addRule(retroactive)
      await sell(90_000)
      await sell(30_000)
      expect(await commission()).toBe(12_000)
      await advance(commerce, clock, '2026-01-31T15:59:59.999Z')
      expect(await commission()).toBe(12_000)
      await advance(commerce, clock, '2026-01-31T16:00:00.000Z')
      // What the supplier gets back is paid in the same cycle.
      expect([await commission(), await paidOut()]).toEqual([9600, 2400])
      await advance(commerce, clock, '2026-03-05T00:00:00.000Z')
      expect(await commission()).toBe(9600)
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('stand in the statement of the month that they are of', async () => {
      await commerce.commission.addRule(retroactive)
      const { orders } = await sell(120_000)
      await commerce.fulfilment.deliverLines({ lines: [{ orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }] })
      await advance(commerce, clock, '2026-01-31T16:00:00.000Z')
      const [statement] = await commerce.settlement.statements({ party: `supplier:${supplierId}` })
      expect(statement).toMatchObject({
        until: '2026-01-31T16:00:00.000Z',
        payable: 120_000 - 9600,
        lines: [{ kind: 'sales' }, { kind: 'commission', amount: -12_000 }, { kind: 'true_up', amount: 2400 }, { kind: 'payout' }],
      })
    })

    it('count all that the supplier sold, and change what the rule itself has charged', async () => {
      await commerce.commission.addRule({ ...retroactive, match: { category: 'shoes' } })
      await commerce.commission.addRule({ percent: 20, match: { category: 'hats' } })
      await sell(60_000, { categoryPath: 'hats' })
      await sell(30_000, { categoryPath: 'shoes' })
      await sell(20_000, { categoryPath: 'bags' })
      expect(await commission()).toBe(12_000 + 3000)
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      expect(await commission()).toBe(12_000 + 2400)
    })

    it('begin from what preceded this system, and bring the tax along', async () => {
      await commerce.commission.addRule({ ...retroactive, taxPercent: 20, priorVolume: 95_000, priorCommission: 9500 })
      await sell(20_000)
      expect([await commission(), await balance('tax', 'payable')]).toEqual([2000, 400])
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      expect([await commission(), await balance('tax', 'payable')]).toEqual([-300, -60])
    })

    it('are made once more where money of a month that has ended comes late', async () => {
      await commerce.commission.addRule(retroactive)
      await sell(90_000)
      await advance(commerce, clock, '2026-02-03T00:00:00.000Z')
      expect(await commission()).toBe(9000)
      await sell(30_000, { at: '2026-01-20T00:00:00.000Z' })
      expect(await commission()).toBe(12_000)
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      expect(await commission()).toBe(9600)
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('leave what was refunded at its frozen terms', async () => {
      await commerce.commission.addRule(retroactive)
      const { orders } = await sell(100_000)
      await commerce.orders.refund({ orderId: orders[0]?.id ?? '', everything: true, reason: 'broken' })
      expect(await commission()).toBe(0)
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      expect(await commission()).toBe(-2000)
    })
  })
}
