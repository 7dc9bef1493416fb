import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommerceApi } from '../api.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { type PlanVersion, planTimes } from './plan.js'

describe('the versions of a plan', () => {
  const version = (number: number, effectiveAt: string, withdrawnAt: string | null = null): PlanVersion => ({
    id: `v${number}`,
    name: 'terms',
    version: number,
    effectiveAt,
    withdrawnAt,
  })

  it('hold one after the other; of two at one moment the later, and of those withdrawn none', () => {
    const versions = [
      version(1, '2026-01'),
      version(2, '2026-03'),
      version(3, '2026-03'),
      version(4, '2026-02', '2026-01'),
      version(5, '2026-05'),
    ]
    expect(Object.fromEntries(planTimes([...versions, { ...version(1, '2026-04'), id: 'other', name: 'other' }]))).toEqual({
      v1: { from: '2026-01', to: '2026-03' },
      v3: { from: '2026-03', to: '2026-05' },
      v5: { from: '2026-05', to: undefined },
      other: { from: '2026-04', to: undefined },
    })
  })
})

const start = '2026-01-01T00:00:00.000Z'
const spring = '2026-03-01T00:00:00.000Z'

for (const database of testDatabases()) {
  describe(`commission plans on ${database.name}`, () => {
    let commerce: CommerceApi & Pick<TestCommerce<readonly []>['commerce'], 'background' | 'on'>
    let clock: TestClock
    let close: () => Promise<void>
    let [one, other] = ['', '']
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, { start, settlement: { cycle: 'manual' } }))
      await commerce.background.drain()
      const suppliers = await commerce.suppliers.import({ suppliers: [{ name: 'Tea House' }, { name: 'Kiln' }] })
      ;[one, other] = suppliers.map(({ id }) => id) as [string, string]
    })
    afterEach(() => close())

    const announce = (percent: number, effectiveAt: string) =>
      commerce.commission.announcePlan({ name: 'Marketplace terms', rules: [{ percent }], effectiveAt })
    /** The platform's share of an order of 10,000. */
    const share = async (supplierId = one, placedAt = clock.now()): Promise<number | undefined> => {
      const { orders } = await commerce.orders.import({
        orders: [{ currency: 'CNY', placedAt, lines: [{ supplierId, quantity: 1, price: 10_000 }] }],
      })
      const { shares } = await commerce.commission.explain({ orderLineId: orders[0]?.lineIds[0] ?? '' })
      return shares.find(({ party }) => party === 'platform')?.amount
    }

    it('are announced ahead of time, and each version holds until the next', async () => {
      const told: unknown[] = []
      commerce.on('commission.plan_announced', ({ version, effectiveAt }) => told.push([version, effectiveAt]))
      const first = await announce(10, start)
      expect(first).toMatchObject({ version: 1, until: null, rules: [{ terms: { calculation: { by: 'percent' } } }] })
      await expect(announce(12, '2026-01-15T23:59:59.999Z')).rejects.toMatchObject({
        code: 'commission.notice_too_short',
        details: { earliest: '2026-01-16T00:00:00.000Z', days: 15 },
      })
      expect(await announce(12, spring)).toMatchObject({ version: 2 })
      expect((await commerce.commission.plans()).map(({ version, until }) => [version, until])).toEqual([
        [1, spring],
        [2, null],
      ])
      expect([await share(), await share(one, '2026-02-28T23:59:59.999Z'), await share(one, spring)]).toEqual([1000, 1000, 1200])
      await commerce.background.drain()
      expect(told).toEqual([
        [1, start],
        [2, spring],
      ])
    })

    it('are withdrawn before they hold, and not afterwards', async () => {
      const { id: first } = await announce(10, start)
      const { id: planId } = await announce(12, spring)
      expect(await commerce.commission.withdrawPlan({ planId })).toMatchObject({ withdrawnAt: start })
      expect(await share(one, spring)).toBe(1000)
      for (const plan of [first, planId])
        await expect(commerce.commission.withdrawPlan({ planId: plan })).rejects.toMatchObject({ code: 'commission.plan_in_force' })
      await expect(commerce.commission.withdrawPlan({ planId: 'cpl_none' })).rejects.toMatchObject({ code: 'commission.plan_not_found' })
    })

    it('are never edited, nor switched off rule by rule', async () => {
      const { rules } = await announce(10, start)
      const ruleId = rules[0]?.id ?? ''
      await expect(commerce.commission.endRule({ ruleId })).rejects.toMatchObject({ code: 'commission.rule_of_plan' })
      await expect(commerce.commission.disableRule({ ruleId })).rejects.toMatchObject({ code: 'commission.rule_of_plan' })
    })

    it('let a supplier leave on the old terms: it sells by them until it is suspended at the beginning', async () => {
      await announce(10, start)
      const { id: planId } = await announce(12, spring)
      expect(await commerce.commission.leavePlan({ planId, supplierId: one })).toEqual({ planId, supplierId: one, leaves: true })
      await commerce.commission.leavePlan({ planId, supplierId: one })
      await expect(commerce.commission.leavePlan({ planId, supplierId: 'sup_none' })).rejects.toMatchObject({ code: 'supplier.not_found' })
      // The clock is there, and the job is not yet.
      clock.set(spring)
      expect([await share(one), await share(other)]).toEqual([1000, 1200])
      await commerce.background.drain()
      expect(await commerce.suppliers.get({ supplierId: one })).toMatchObject({ status: 'suspended' })
      expect(await commerce.suppliers.get({ supplierId: other })).toMatchObject({ status: 'approved' })
    })

    it('keep a supplier that changes its mind, or whose plan is withdrawn', async () => {
      await announce(10, start)
      const { id: planId } = await announce(12, spring)
      await commerce.commission.leavePlan({ planId, supplierId: one })
      await commerce.commission.leavePlan({ planId, supplierId: other })
      expect(await commerce.commission.rejoinPlan({ planId, supplierId: one })).toMatchObject({ leaves: false })
      await commerce.commission.withdrawPlan({ planId })
      await advance(commerce, clock, '2026-04-01T00:00:00.000Z')
      for (const supplierId of [one, other]) expect(await commerce.suppliers.get({ supplierId })).toMatchObject({ status: 'approved' })
    })

    it('stand beside rules and contracts, by the same precedence', async () => {
      await announce(10, start)
      await commerce.commission.addRule({ percent: 20, match: { supplier: other } })
      expect([await share(one), await share(other)]).toEqual([1000, 2000])
    })
  })

  describe(`a basket that is only simulated on ${database.name}`, () => {
    let commerce: CommerceApi
    let close: () => Promise<void>
    let supplierId = ''
    beforeEach(async () => {
      ;({ commerce, close } = await openTestCommerce(database, { start, commission: { maxSplitPercent: 30 } }))
      supplierId = (await commerce.suppliers.import({ suppliers: [{ name: 'Tea House' }] }))[0]?.id ?? ''
    })
    afterEach(() => close())

    const basket = (unitPrice: number, more: object = {}) => ({
      currency: 'CNY',
      lines: [{ supplierId, quantity: 2, unitPrice, ...more }],
    })

    it('is shared out by the rules in force, by an announced plan, or by one that is written nowhere', async () => {
      await commerce.commission.addRule({ percent: 10 })
      const { id: planId } = await commerce.commission.announcePlan({ name: 'Spring', rules: [{ percent: 12 }], effectiveAt: spring })
      const platform = async (plan?: object) =>
        (await commerce.commission.simulate({ plan, basket: basket(5000) })).shares.find(({ party }) => party === 'platform')?.amount
      expect([
        await platform(),
        await platform({ planId }),
        await platform({ rules: [{ perUnit: 150, match: { supplier: supplierId } }] }),
      ]).toEqual([1000, 1200, 300])
      expect(await platform()).toBe(1000)
      expect(await commerce.commission.rules()).toHaveLength(2)
      await expect(platform({ planId: 'cpl_none' })).rejects.toMatchObject({ code: 'commission.plan_not_found' })
    })

    it('explains itself, with chains, discounts, tax, shipping and the cap of the rail', async () => {
      const simulation = await commerce.commission.simulate({
        plan: { rules: [{ percent: 20, match: { category: 'tea' } }], distribution: { tiers: [8, 4] } },
        basket: basket(5000, {
          categoryPath: 'tea/green',
          distributors: [{ distributor: 'D1' }, { distributor: 'D2' }],
          discounts: [
            { funder: 'supplier', amount: 1000 },
            { funder: 'distributor:D1', amount: 100 },
          ],
          shipping: 500,
        }),
      })
      expect(simulation).toMatchObject({
        currency: 'CNY',
        paid: 9400,
        split: 1800 + 620 + 360,
        withinCap: true,
        shares: [
          { party: 'platform', amount: 1800 },
          { party: 'distributor:D1', amount: 620 },
          { party: 'distributor:D2', amount: 360 },
          { party: 'tax', amount: 0 },
          { party: `supplier:${supplierId}`, amount: 6620 },
        ],
        lines: [{ ruleName: 'the rule for category tea' }],
      })
      expect(simulation.lines[0]?.explanation.words[0]).toBe('commission: the rule for category tea: 20 % of 90.00 CNY = 18.00 CNY')
      expect((await commerce.commission.simulate({ plan: { rules: [{ percent: 31 }] }, basket: basket(100) })).withinCap).toBe(false)
    })

    it('enters bands at the volume that its supplier has, or at any other, and writes nothing', async () => {
      const steps = [
        { from: 0, percent: 10 },
        { from: 100_000, percent: 8 },
      ]
      await commerce.commission.addRule({ bands: { mode: 'slab', steps } })
      const platform = async (more: object = {}) => {
        const { lines } = await commerce.commission.simulate({
          basket: { currency: 'CNY', lines: [...basket(30_000, more).lines, ...basket(30_000, more).lines] },
        })
        return lines.map(({ shares }) => shares[0]?.amount)
      }
      expect(await platform()).toEqual([6000, 6000])
      expect(await platform({ volume: 100_000 })).toEqual([4800, 4800])
      const paid = { provider: 'external', capturedAt: start } as const
      await commerce.orders.import({
        orders: [{ currency: 'CNY', placedAt: start, paid, lines: [{ supplierId, quantity: 1, price: 50_000 }] }],
      })
      expect([await platform(), await platform()]).toEqual([
        [6000, 4800],
        [6000, 4800],
      ])
    })
  })
}
