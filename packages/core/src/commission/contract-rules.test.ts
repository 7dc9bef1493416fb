import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

const settlement = { cycle: 'monthly', holdDays: 7 } as const

for (const database of testDatabases()) {
  describe(`the commission of a supplier's contract on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    beforeAll(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, { start: '2026-06-01T00:00:00.000Z' }))
      await commerce.commission.addRule({ percent: 10 })
    })
    afterAll(() => close())

    const apply = async (): Promise<string> => (await commerce.suppliers.apply({ name: 'Tea House' })).id

    /** What the platform gets of a sale of 10,000 at a moment. */
    const commissionAt = async (supplierId: string, placedAt: string): Promise<number | undefined> => {
      const lines = [{ supplierId, quantity: 1, price: 10_000 }]
      const { orders } = await commerce.orders.import({ orders: [{ currency: 'CNY', placedAt, lines }] })
      const { shares } = await commerce.commission.explain({ orderLineId: orders[0]?.lineIds[0] ?? '' })
      return shares.find(({ party }) => party === 'platform')?.amount
    }
    const history = async (supplierId: string): Promise<readonly (number | undefined)[]> => {
      const found: (number | undefined)[] = []
      for (const month of ['01', '02', '03', '04', '05']) found.push(await commissionAt(supplierId, `2026-${month}-15T00:00:00.000Z`))
      return found
    }

    it('holds for that supplier alone, from the contract on until the next one', async () => {
      const [supplierId, other] = [await apply(), await apply()]
      await commerce.suppliers.setContract({ supplierId, settlement, commission: { percent: 8.5 }, validFrom: '2026-02-01T00:00:00.000Z' })
      await commerce.suppliers.setContract({
        supplierId,
        settlement,
        commission: { percent: 12, fixed: 30, taxPercent: 20 },
        validFrom: '2026-03-01T00:00:00.000Z',
      })
      await commerce.suppliers.setContract({ supplierId, settlement, validFrom: '2026-04-01T00:00:00.000Z' })
      expect(await history(supplierId)).toEqual([1000, 850, 1230, 1000, 1000])
      expect(await history(other)).toEqual([1000, 1000, 1000, 1000, 1000])
    })

    it('fits in between contracts that were set before it', async () => {
      const supplierId = await apply()
      const contract = (month: string, percent: number): Promise<unknown> =>
        commerce.suppliers.setContract({ supplierId, settlement, commission: { percent }, validFrom: `2026-${month}-01T00:00:00.000Z` })
      await contract('01', 1)
      await contract('05', 5)
      await contract('03', 3)
      expect(await history(supplierId)).toEqual([100, 100, 300, 300, 500])
      // Of two from the same moment the newer holds.
      await contract('03', 4)
      expect(await history(supplierId)).toEqual([100, 100, 400, 400, 500])
    })

    it('leaves the terms of orders as they were when they were placed', async () => {
      const supplierId = await apply()
      const lines = [{ supplierId, quantity: 1, price: 10_000 }]
      const { orders } = await commerce.orders.import({ orders: [{ currency: 'CNY', placedAt: clock.now(), lines }] })
      await commerce.suppliers.setContract({ supplierId, settlement, commission: { percent: 50 } })
      expect(await commerce.commission.explain({ orderLineId: orders[0]?.lineIds[0] ?? '' })).toMatchObject({
        shares: [{ party: 'platform', amount: 1000 }, {}, {}],
      })
    })

    it('is refused with the whole contract where it cannot be understood', async () => {
      const supplierId = await apply()
      const refused = (commission: Record<string, unknown>) =>
        expect(commerce.suppliers.setContract({ supplierId, settlement, commission })).rejects
      await refused({ perCent: 5 }).toMatchObject({ code: 'input.invalid' })
      await refused({ percent: 5, perUnit: 100 }).toMatchObject({ code: 'input.invalid' })
      await refused({ min: 100, max: 50, percent: 1 }).toMatchObject({ code: 'commission.invalid_rule' })
      await refused({ percent: 5, match: { supplier: 'another' } }).toMatchObject({ code: 'input.invalid' })
      expect(await commerce.suppliers.listContracts({ supplierId })).toEqual([])
      expect((await commerce.commission.rules()).filter((rule) => rule.match.supplier === supplierId)).toEqual([])
    })
  })
}
