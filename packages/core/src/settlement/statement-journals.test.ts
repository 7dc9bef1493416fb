import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import type { Statement } from './read-settlement.js'
import type { StatementLineKind } from './statement.js'
import type { StatementTransfer } from './statement-journals.js'

const start = '2026-01-10T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`what is behind a statement on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let party: string
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        settlement: {
          holdDays: 0,
          cycle: 'monthly',
          reserve: { percent: 10, days: 5 },
          withholding: [{ id: 'tenth', taxOf: ({ gross }) => Math.floor(gross / 10) }],
        },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      party = `supplier:${supplierId}`
      await commerce.commission.addRule({ percent: 10, fixed: 7 })
    })
    afterEach(() => close())

    /** All pages, read by so many at a time. */
    const all = async (statementId: string, limit: number, kind?: StatementLineKind): Promise<readonly StatementTransfer[]> => {
      const read: StatementTransfer[] = []
      for (let after: string | undefined; ; ) {
        const { items, next } = await commerce.settlement.statementJournals({ statementId, kind, limit, after })
        expect(items.length).toBeLessThanOrEqual(limit)
        read.push(...items)
        if (next === null) return read
        after = next
      }
    }
    const sell = async (price: number): Promise<{ orderId: string; lineId: string }> => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            paid: { provider: 'external', capturedAt: clock.now() },
            lines: [{ supplierId, quantity: 1, price, shipping: 50 }],
          },
        ],
      })
      const line = { orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }
      await commerce.fulfilment.deliverLines({ lines: [line] })
      return line
    }
    const sumsOf = (transfers: readonly StatementTransfer[]): Record<string, { amount: number; count: number }> => {
      const sums: Record<string, { amount: number; count: number }> = {}
      for (const { line, amount } of transfers) {
        const { amount: before = 0, count = 0 } = sums[line] ?? {}
        sums[line] = { amount: before + amount, count: count + 1 }
      }
      return sums
    }
    const linesOf = ({ lines }: Statement) => Object.fromEntries(lines.map(({ kind, amount, count }) => [kind, { amount, count }]))

    it('adds up to its lines, page by page, each line\u2019s own transfers and no others', async () => {
      const sold = [await sell(10_000), await sell(3000), await sell(777)]
      await advance(commerce, clock, '2026-01-20T00:00:00.000Z')
      await commerce.orders.refund({
        orderId: sold[0]?.orderId ?? '',
        lines: [{ lineId: sold[0]?.lineId ?? '', amount: 2500 }],
        reason: 'broken',
      })
      for (const amount of [300, -120]) await commerce.settlement.adjust({ party, amount, currency: 'CNY', reason: 'x' })
      await commerce.settlement.withdraw({ party, currency: 'CNY', amount: 1000, feePercent: 1 })
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      const [statement] = await commerce.settlement.statements({ party })
      if (!statement) throw new Error('no statement')
      expect(statement.state).toBe('locked')
      const transfers = await all(statement.id, 7)
      expect(sumsOf(transfers)).toEqual(linesOf(statement))
      expect(Object.keys(linesOf(statement)).length).toBeGreaterThan(8)
      expect(await all(statement.id, 200)).toEqual(transfers)
      for (const { kind, amount, count } of statement.lines) {
        const own = await all(statement.id, 2, kind)
        expect(own).toEqual(transfers.filter(({ line }) => line === kind))
        expect(sumsOf(own)).toEqual({ [kind]: { amount, count } })
      }
      expect(await all(statement.id, 50, 'goodwill')).toEqual([])
      const [sale] = await all(statement.id, 1, 'sales')
      expect(sale).toMatchObject({ journalKind: 'release', source: sold[0]?.lineId, ref: sold[0]?.lineId, amount: 10_000 })
      const journal = await commerce.ledger.journal({ journalId: sale?.journalId ?? '' })
      expect(journal.transfers[sale?.position ?? -1]).toMatchObject({ amount: 10_000 })
    })

    it('has nothing yet behind what a draft will pay', async () => {
      await commerce.settlement.adjust({ party, amount: 300, currency: 'CNY', reason: 'x' })
      const { id: statementId = '', lines = [] } = (await commerce.settlement.draw({ party, currency: 'CNY' })) ?? {}
      expect(lines.map(({ kind }) => kind)).toEqual(['adjustments', 'withholding', 'payout'])
      expect((await all(statementId, 50)).map(({ line }) => line)).toEqual(['adjustments'])
    })

    it('is asked for by what there is', async () => {
      const { settlement } = commerce
      await expect(settlement.statementJournals({ statementId: 'stm_none' })).rejects.toMatchObject({ code: 'statement.not_found' })
      for (const wrong of [{ after: 'jrn_x' }, { after: "x'/1/2" }, { kind: 'sales; DROP' }, { limit: 0 }, { limit: 201 }])
        await expect(settlement.statementJournals({ statementId: 'stm_x', ...wrong } as never)).rejects.toMatchObject({
          code: 'input.invalid',
        })
    })
  })
}
