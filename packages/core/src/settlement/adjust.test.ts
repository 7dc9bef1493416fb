import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`adjustments and write-offs on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let party: string
    beforeEach(async () => {
      const options = { start: '2026-01-10T08:00:00.000Z', settlement: { holdDays: 7, cycle: 'manual' } } as const
      ;({ commerce, clock, close } = await openTestCommerce(database, options))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      party = `supplier:${supplierId}`
    })
    afterEach(() => close())

    const adjust = (amount: number): Promise<void> => commerce.settlement.adjust({ party, amount, currency: 'CNY', reason: 'test' })
    const writeOff = (): Promise<void> => commerce.settlement.writeOff({ party, currency: 'CNY', reason: 'gone' })
    const available = async (): Promise<number | undefined> => (await commerce.settlement.balances({ party }))[0]?.available

    it('write a loss off once, however many try at once', async () => {
      await adjust(-4000)
      const results = await Promise.allSettled(Array.from({ length: 6 }, writeOff))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await available()).toBe(0)
    })

    it('write off what is left once the claims that are due are counted', async () => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            paid: { provider: 'external', capturedAt: clock.now() },
            lines: [{ supplierId, quantity: 1, price: 3000 }],
          },
        ],
      })
      await commerce.fulfilment.deliverLines({ lines: [{ orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }] })
      await adjust(-4000)
      // The hold ends; no job has run since.
      clock.set('2026-01-17T08:00:00.000Z')
      expect(await available()).toBe(-1000)
      await writeOff()
      expect(await available()).toBe(0)
      expect(await commerce.ledger.balances({ purpose: 'bad-debt' })).toMatchObject([{ balance: -1000 }])
    })

    it('go to suppliers that there are, in a currency that there is', async () => {
      const to = (whom: string, currency = 'CNY') => commerce.settlement.adjust({ party: whom, amount: 100, currency, reason: 'test' })
      await expect(to('supplier:sup_typo')).rejects.toMatchObject({ code: 'settlement.supplier_unknown' })
      for (const stranger of ['platform', 'tax', 'psp:card', 'supplier:', 'customer:c1'])
        await expect(to(stranger)).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(to(party, 'XXQ')).rejects.toMatchObject({ code: 'input.invalid' })
      expect(await commerce.ledger.balances({})).toEqual([])
    })
  })
}

describe('the payout provider', () => {
  it('is looked for when the marketplace opens, and not when the first statement is locked', async () => {
    const [database] = testDatabases()
    if (!database) throw new Error('SQLite is always there')
    await expect(openTestCommerce(database, { settlement: { payoutProvider: 'bank' } })).rejects.toMatchObject({
      code: 'payout.provider_unknown',
    })
  })
})
