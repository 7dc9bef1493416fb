import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommerceApi } from '../api.js'
import { percentage } from '../money/index.js'
import { definePlugin } from '../plugin.js'
import { openTestCommerce, testDatabases } from '../testing/index.js'

/** Chen brought the customer, and the register knows the name. */
const register = definePlugin({
  id: 'register',
  core: '>=0.1.0',
  setup({ join }) {
    join('commission.naming', async ({ orders }) =>
      orders
        .flatMap(({ lines }) => lines)
        .map(({ id: lineId }) => ({
          lineId,
          distribution: { rates: { by: 'tier', percents: [percentage(8)] }, fundedBy: 'supplier' },
          chain: [{ distributor: 'dst_1' }],
        })),
    )
    join('commission.describing', async ({ parties }) =>
      parties.includes('distributor:dst_1') ? [{ party: 'distributor:dst_1', name: 'Chen' }] : [],
    )
    return {}
  },
})

for (const database of testDatabases()) {
  describe(`a line explained on ${database.name}`, () => {
    let commerce: CommerceApi
    let close: () => Promise<void>
    let supplierId: string
    beforeEach(async () => {
      ;({ commerce, close } = await openTestCommerce(database, { plugins: [register()] }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
    })
    afterEach(() => close())

    const sell = async (price: number, categoryPath?: string): Promise<string> => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: '2026-01-01T00:00:00.000Z',
            lines: [{ supplierId, quantity: 1, price, categoryPath, shipping: 800 }],
          },
        ],
      })
      return orders[0]?.lineIds[0] ?? ''
    }

    it('says the rule, the base and the arithmetic with names and amounts of its currency', async () => {
      const { id } = await commerce.commission.addRule({
        percent: 10,
        min: 2000,
        fixed: 30,
        taxPercent: 6,
        match: { category: 'tea', supplier: supplierId },
      })
      const explained = await commerce.commission.explain({ orderLineId: await sell(12_800, 'tea/green') })
      expect(explained.rule).toMatchObject({
        id,
        name: 'the rule for Tea House and category tea',
        matchedBy: ['supplier', 'category'],
        contractId: null,
        terms: { min: 2000 },
      })
      expect(explained).toMatchObject({ currency: 'CNY', names: { [`supplier:${supplierId}`]: 'Tea House', 'distributor:dst_1': 'Chen' } })
      expect(explained.explanation).toEqual({
        rule: id,
        net: 12_800,
        base: 12_800,
        words: [
          'commission: the rule for Tea House and category tea: 10 % of 128.00 CNY = 12.80 CNY, raised to the minimum 20.00 CNY',
          'fixed part: 0.30 CNY, not refundable',
          'tax on commission: 6 % of 20.30 CNY = 1.22 CNY',
          'tier 1, Chen: 8 % of 128.00 CNY = 10.24 CNY',
          'the platform: commission 20.00 CNY + fixed part 0.30 CNY = 20.30 CNY',
          'Chen: distribution 10.24 CNY = 10.24 CNY',
          'tax: tax on commission 1.20 CNY + tax on commission 0.02 CNY = 1.22 CNY',
          'Tea House: sale 128.00 CNY + shipping 8.00 CNY - commission 20.00 CNY - fixed part 0.30 CNY - distribution 10.24 CNY - tax on commission 1.20 CNY - tax on commission 0.02 CNY = 104.24 CNY',
        ],
      })
    })

    it('names the contract whose commission it is', async () => {
      await commerce.suppliers.setContract({
        supplierId,
        commission: { percent: 12 },
        settlement: { holdDays: 7, threshold: 0, cycle: 'monthly' },
      })
      const { rule, explanation } = await commerce.commission.explain({ orderLineId: await sell(10_000) })
      expect(rule).toMatchObject({ name: 'the contract of Tea House', contractId: expect.any(String) })
      expect(explanation.words[0]).toBe('commission: the contract of Tea House: 12 % of 100.00 CNY = 12.00 CNY')
    })

    it('says where no rule matches', async () => {
      const { rule, explanation } = await commerce.commission.explain({ orderLineId: await sell(10_000) })
      expect([rule, explanation.words[0]]).toEqual([null, 'commission: no rule matches'])
      await expect(commerce.commission.explain({ orderLineId: 'oln_none' })).rejects.toMatchObject({ code: 'commission.terms_missing' })
    })
  })
}
