import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommerceApi } from '../api.js'
import { openTestCommerce, testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`commission rules on ${database.name}`, () => {
    let commerce: CommerceApi
    let close: () => Promise<void>
    let supplierId: string
    beforeEach(async () => {
      ;({ commerce, close } = await openTestCommerce(database))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
    })
    afterEach(() => close())

    /** The platform's share of an order of 10,000 that is placed now. */
    const commission = async (): Promise<number | undefined> => {
      const { orders } = await commerce.orders.import({
        orders: [{ currency: 'CNY', placedAt: '2026-01-01T00:00:00.000Z', lines: [{ supplierId, quantity: 1, price: 10_000 }] }],
      })
      const { shares } = await commerce.commission.explain({ orderLineId: orders[0]?.lineIds[0] ?? '' })
      return shares.find(({ party }) => party === 'platform')?.amount
    }

    it('are switched off, and on again: what they outranked holds meanwhile', async () => {
      await commerce.commission.addRule({ percent: 10 })
      const { id: ruleId } = await commerce.commission.addRule({ percent: 20 })
      expect(await commission()).toBe(2000)
      expect(await commerce.commission.disableRule({ ruleId })).toMatchObject({ id: ruleId, disabled: true })
      expect(await commission()).toBe(1000)
      expect((await commerce.commission.rules()).map(({ disabled }) => disabled)).toEqual([false, true])
      await commerce.commission.enableRule({ ruleId })
      expect(await commission()).toBe(2000)
    })

    it('may be written before they are in force', async () => {
      await commerce.commission.addRule({ percent: 10, disabled: true })
      expect(await commission()).toBe(0)
      await expect(commerce.commission.enableRule({ ruleId: 'crl_none' })).rejects.toMatchObject({ code: 'commission.rule_not_found' })
    })
  })
}
