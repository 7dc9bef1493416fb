import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

const start = '2026-01-10T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`from claim to payout on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let party: string
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        settlement: { holdDays: 7, cycle: 'monthly', threshold: 1000 },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      party = `supplier:${supplierId}`
      await commerce.commission.addRule({ percent: 10 })
    })
    afterEach(() => close())

    const sell = async (price: number, externalId: string, shipping = 0): Promise<{ orderId: string; lineId: string }> => {
      const [order] = (
        await commerce.orders.import({
          orders: [
            {
              externalId,
              currency: 'CNY',
              placedAt: clock.now(),
              paid: { provider: 'external', capturedAt: clock.now() },
              lines: [{ supplierId, quantity: 1, price, shipping }],
            },
          ],
        })
      ).orders
      return { orderId: order?.id ?? '', lineId: order?.lineIds[0] ?? '' }
    }
    const deliver = (line: { orderId: string; lineId: string }): Promise<unknown> => commerce.fulfilment.deliverLines({ lines: [line] })
    const refund = (line: { orderId: string; lineId: string }, amount: number): Promise<unknown> =>
      commerce.orders.refund({ orderId: line.orderId, lines: [{ lineId: line.lineId, amount }], reason: 'broken' })
    const claims = async () => (await commerce.settlement.balances({ party }))[0]
    const balanced = async (): Promise<boolean> => (await commerce.ledger.check()).balanced

    it('books a capture as pending claims, the platform its commission and the supplier the rest', async () => {
      const line = await sell(999, 'a')
      expect(await claims()).toMatchObject({ currency: 'CNY', pending: 899, available: 0 })
      expect(await commerce.ledger.balances({ party: 'platform' })).toMatchObject([{ purpose: 'commission', balance: 100 }])
      expect(await commerce.commission.explain({ orderLineId: line.lineId })).toMatchObject({
        shares: [{ party: 'platform', amount: 100 }, { party: 'tax' }, { party, amount: 899 }],
        explanation: { base: 999 },
      })
      expect(await balanced()).toBe(true)
    })

    it('makes a claim available when its hold ends, to the millisecond', async () => {
      await deliver(await sell(10_000, 'a'))
      await advance(commerce, clock, '2026-01-17T07:59:59.999Z')
      expect(await claims()).toMatchObject({ pending: 9000, available: 0 })
      await advance(commerce, clock, '2026-01-17T08:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 9000 })
    })

    it('counts the hold of what was given back before it arrived from its arrival, if it arrives after all', async () => {
      const line = await sell(10_000, 'a', 800)
      await advance(commerce, clock, '2026-01-11T08:00:00.000Z')
      await refund(line, 10_000)
      await advance(commerce, clock, '2026-01-14T08:00:00.000Z')
      await deliver(line)
      await advance(commerce, clock, '2026-01-18T08:00:00.000Z')
      expect(await claims(), 'its shipping, seven days after the refund').toMatchObject({ pending: 800, available: 0 })
      await advance(commerce, clock, '2026-01-21T08:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 800 })
    })

    it('takes a refund inside the hold from the pending claim, and after it from the available one', async () => {
      const line = await sell(10_000, 'a')
      await deliver(line)
      await refund(line, 4000)
      expect(await claims()).toMatchObject({ pending: 5400, available: 0 })
      await advance(commerce, clock, '2026-01-18T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 5400 })
      await refund(line, 6000)
      expect(await claims()).toMatchObject({ pending: 0, available: 0 })
      expect(await commerce.ledger.balances({ party: 'platform' })).toMatchObject([{ balance: 0 }])
      expect(await balanced()).toBe(true)
    })

    it('settles at the month\u2019s end: the statement adds up, names what moved, and its payout is paid once', async () => {
      const [first, second] = [await sell(10_000, 'a'), await sell(5000, 'b')]
      await deliver(first)
      await deliver(second)
      await refund(second, 1000)
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      const [statement] = await commerce.settlement.statements({ party })
      expect(statement).toMatchObject({ state: 'locked', until: '2026-02-01T00:00:00.000Z', opening: 0, payable: 12_600, closing: 0 })
      expect(Object.fromEntries((statement?.lines ?? []).map((line) => [line.kind, line.amount]))).toEqual({
        sales: 15_000,
        refunds: -1000,
        commission: -1500,
        commission_reversal: 100,
        payout: -12_600,
      })
      expect(await claims()).toMatchObject({ pending: 0, available: 0, inPayout: 12_600, paid: 0 })
      const [payout] = await commerce.settlement.payouts({ party })
      expect(payout).toMatchObject({ status: 'submitted', amount: 12_600 })
      const paid = { payoutId: payout?.id ?? '', result: 'paid' } as const
      await Promise.all([commerce.settlement.reportPayout(paid), commerce.settlement.reportPayout(paid)])
      expect(await claims()).toMatchObject({ inPayout: 0, paid: 12_600 })
      expect(await balanced()).toBe(true)
    })

    it('nets a refund after the payout against the next earnings, and never pays a negative balance', async () => {
      const line = await sell(10_000, 'a')
      await deliver(line)
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      await refund(line, 10_000)
      expect(await claims()).toMatchObject({ available: -9000, inPayout: 9000 })
      await commerce.settlement.adjust({ party, amount: 5000, currency: 'CNY', reason: 'goodwill' })
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      const [second, first] = await commerce.settlement.statements({ party })
      expect(second).toMatchObject({ opening: first?.closing, payable: 0, closing: -4000 })
      expect((second?.opening ?? 0) + (second?.lines ?? []).reduce((sum, entry) => sum + entry.amount, 0)).toBe(second?.closing)
      await commerce.settlement.writeOff({ party, currency: 'CNY', reason: 'supplier closed' })
      expect(await claims()).toMatchObject({ available: 0 })
      await expect(commerce.settlement.writeOff({ party, currency: 'CNY', reason: 'again' })).rejects.toMatchObject({
        code: 'settlement.nothing_to_write_off',
      })
    })

    it('pays nothing below the threshold, and carries it', async () => {
      await commerce.settlement.adjust({ party, amount: 999, currency: 'CNY', reason: 'opening' })
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      expect(await claims()).toMatchObject({ available: 999, inPayout: 0 })
      await commerce.settlement.adjust({ party, amount: 1, currency: 'CNY', reason: 'opening' })
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      expect(await claims()).toMatchObject({ available: 0, inPayout: 1000 })
    })

    it('makes a returned payout available again, to be paid under another id', async () => {
      await commerce.settlement.adjust({ party, amount: 5000, currency: 'CNY', reason: 'opening' })
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      const [payout] = await commerce.settlement.payouts({ party })
      await commerce.settlement.reportPayout({ payoutId: payout?.id ?? '', result: 'returned', failure: 'account closed' })
      expect(await claims()).toMatchObject({ available: 5000, inPayout: 0, paid: 0 })
      await expect(commerce.settlement.reportPayout({ payoutId: payout?.id ?? '', result: 'paid' })).rejects.toMatchObject({
        code: 'payout.wrong_state',
      })
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      const payouts = await commerce.settlement.payouts({ party })
      expect(payouts.map((entry) => entry.status)).toEqual(['submitted', 'returned'])
    })

    it('states every transfer once, however many settle at once', async () => {
      await commerce.settlement.adjust({ party, amount: 5000, currency: 'CNY', reason: 'opening' })
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => commerce.settlement.settle({ party, currency: 'CNY' })))
      expect(results.filter((result) => result.status === 'rejected')).toEqual([])
      expect(await commerce.settlement.statements({ party })).toHaveLength(1)
      expect(await claims()).toMatchObject({ available: 0, inPayout: 5000 })
      expect(await balanced()).toBe(true)
    })

    it('refuses to approve or lock out of turn', async () => {
      await commerce.settlement.adjust({ party, amount: 5000, currency: 'CNY', reason: 'opening' })
      const statement = await commerce.settlement.draw({ party, currency: 'CNY' })
      const statementId = statement?.id ?? ''
      await expect(commerce.settlement.lock({ statementId })).rejects.toMatchObject({ code: 'statement.wrong_state' })
      await commerce.settlement.approve({ statementId }, { actor: { type: 'staff', id: '42' } })
      expect(await commerce.settlement.lock({ statementId })).toMatchObject({ state: 'locked', approvedBy: 'staff:42' })
      await expect(commerce.settlement.approve({ statementId })).rejects.toMatchObject({ code: 'statement.wrong_state' })
      await expect(commerce.settlement.approve({ statementId: 'stm_none' })).rejects.toMatchObject({ code: 'statement.not_found' })
    })
  })
}
