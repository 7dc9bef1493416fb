import { afterEach, describe, expect, it } from 'vitest'
import type { PayoutProvider, SubmitPayout } from '../ports/index.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

const start = '2026-01-10T08:00:00.000Z'
const end = '2026-02-01T00:00:00.000Z'

for (const database of testDatabases()) {
  describe(`the end of a cycle on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: (() => Promise<void>) | undefined
    afterEach(async () => {
      await close?.()
      close = undefined
    })

    const reports: string[] = []
    const open = async (rail?: PayoutProvider): Promise<void> => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        adapters: { payouts: rail ? [rail] : [] },
        settlement: { holdDays: 7, cycle: 'monthly', payoutProvider: rail?.id },
        report: (what) => reports.push(what),
      }))
    }
    /** Suppliers with 1,000 each to be paid, half of them from sales. */
    const suppliers = async (count: number): Promise<readonly string[]> => {
      const parties: string[] = []
      for (let index = 0; index < count; index++) {
        const { id: supplierId } = await commerce.suppliers.apply({ name: `Tea House ${index}` })
        parties.push(`supplier:${supplierId}`)
        await commerce.settlement.adjust({ party: `supplier:${supplierId}`, amount: 500, currency: 'CNY', reason: 'opening' })
        const [order] = (
          await commerce.orders.import({
            orders: [
              {
                currency: 'CNY',
                placedAt: start,
                paid: { provider: 'external', capturedAt: start },
                lines: [{ supplierId, quantity: 1, price: 500 }],
              },
            ],
          })
        ).orders
        await commerce.fulfilment.deliverLines({ lines: [{ orderId: order?.id ?? '', lineId: order?.lineIds[0] ?? '' }] })
      }
      return parties
    }
    const claims = async (party: string) => (await commerce.settlement.balances({ party }))[0]

    it('takes as many statements for twenty parties as for two', async () => {
      const counts: number[] = []
      for (const count of [2, 20]) {
        await open()
        const parties = await suppliers(count)
        await advance(commerce, clock, '2026-01-31T23:59:59.999Z')
        let statements = 0
        const stop = commerce.observe(() => {
          statements++
        })
        await advance(commerce, clock, end)
        stop()
        counts.push(statements)
        for (const party of parties) expect(await claims(party)).toMatchObject({ available: 0, inPayout: 1000 })
        expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
        await close?.()
        close = undefined
      }
      expect(counts[1]).toBe(counts[0])
    })

    it('passes over who has a statement open, and settles the others', async () => {
      await open()
      const [first = '', second = ''] = await suppliers(2)
      const draft = await commerce.settlement.draw({ party: first, currency: 'CNY' })
      await advance(commerce, clock, end)
      expect(await commerce.settlement.statement({ statementId: draft?.id ?? '' })).toMatchObject({ state: 'draft' })
      expect(await claims(first)).toMatchObject({ available: 1000, inPayout: 0 })
      expect(await claims(second)).toMatchObject({ available: 0, inPayout: 1000 })
      await commerce.settlement.approve({ statementId: draft?.id ?? '' })
      await commerce.settlement.lock({ statementId: draft?.id ?? '' })
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      expect(await claims(first)).toMatchObject({ available: 0, inPayout: 1000 })
    })

    it('draws nothing for whom nothing moved', async () => {
      await open()
      const [party = ''] = await suppliers(1)
      await advance(commerce, clock, '2026-04-01T00:00:00.000Z')
      // January's and, of its payout, nothing more: what was paid is in the statement that pays it.
      expect(await commerce.settlement.statements({ party })).toHaveLength(1)
    })

    it('submits each payout once, and keeps none back because of another', async () => {
      const asked: string[] = []
      let broken = ''
      const submit = async ({ payoutId, party }: SubmitPayout) => {
        asked.push(payoutId)
        if (party === broken) throw new Error('the bank does not answer')
        return { status: 'paid', providerRef: `ref-${payoutId}` } as const
      }
      await open({ id: 'bank', submit, fetch: async () => null })
      const parties = await suppliers(3)
      broken = parties[1] ?? ''
      await advance(commerce, clock, end)
      expect(await Promise.all(parties.map(async (party) => (await claims(party))?.paid))).toEqual([1000, 0, 1000])
      expect(reports.splice(0)).toEqual([expect.stringContaining('settlement.submit_payouts')])
      broken = ''
      await advance(commerce, clock, '2026-02-02T00:00:00.000Z')
      expect(await Promise.all(parties.map(async (party) => (await claims(party))?.paid))).toEqual([1000, 1000, 1000])
      expect([asked.length, new Set(asked).size]).toEqual([4, 3])
    })
  })
}
