import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addDays } from '../kernel/index.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { type WithdrawalTerms, withdrawalOf } from './withdraw.js'

describe('a withdrawal', () => {
  it('leaves the party its amount less the fee, in multiples of what the rail takes', () => {
    const plain = { roundTo: 1, rounding: 'half-up', withholding: undefined } as const
    const withdrawn = (amount: number, feePercent: number, terms: Partial<WithdrawalTerms> = {}): readonly number[] => {
      const { fee, amount: payout } = withdrawalOf({ party, currency: 'CNY', amount }, { ...plain, feePercent, ...terms })
      return [fee, payout]
    }
    expect(withdrawn(10_050, 0.6)).toEqual([60, 9990])
    expect(withdrawn(10_050, 0)).toEqual([0, 10_050])
    expect(withdrawn(50, 1)).toEqual([1, 49])
    expect(withdrawn(50, 1, { rounding: 'half-even' })).toEqual([0, 50])
    expect(withdrawn(10_050, 0.6, { roundTo: 100 })).toEqual([60, 9900])
    expect(withdrawn(10, 100)).toEqual([10, 0])
  })
})

const start = '2026-01-10T08:00:00.000Z'
const party = 'distributor:dst_one'

for (const database of testDatabases()) {
  describe(`withdrawals on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        settlement: { holdDays: 7, cycle: 'monthly', withdrawalFeePercent: 0.6 },
      }))
    })
    afterEach(() => close())

    const give = (amount: number, to = party): Promise<void> =>
      commerce.settlement.adjust({ party: to, amount, currency: 'CNY', reason: 'opening' })
    const withdraw = (amount: number, feePercent?: number) => commerce.settlement.withdraw({ party, currency: 'CNY', amount, feePercent })
    const claims = async (of = party) => (await commerce.settlement.balances({ party: of }))[0]
    const fees = async (): Promise<number> => (await commerce.ledger.balances({ party: 'platform', purpose: 'fees' }))[0]?.balance ?? 0
    const balanced = async (): Promise<boolean> => (await commerce.ledger.check()).balanced

    it('take the fee for the platform and pay out the rest', async () => {
      await give(20_000)
      const payout = await withdraw(10_050)
      expect(payout).toMatchObject({ amount: 9990, fee: 60, status: 'requested', statementId: null })
      expect(await claims()).toMatchObject({ available: 9950, inPayout: 9990, paid: 0 })
      expect(await fees()).toBe(60)
      await commerce.background.drain()
      await commerce.settlement.reportPayout({ payoutId: payout.id, result: 'paid' })
      expect(await claims()).toMatchObject({ available: 9950, inPayout: 0, paid: 9990 })
      expect(await balanced()).toBe(true)
    })

    it('keep the fee when they come back: only the rest is available again, to be paid under another id', async () => {
      await give(10_050)
      for (const [result, left] of [
        ['failed', 9990],
        ['returned', 9930],
      ] as const) {
        const payout = await withdraw((await claims())?.available ?? 0)
        await commerce.settlement.reportPayout({ payoutId: payout.id, result })
        expect(await claims()).toMatchObject({ available: left, inPayout: 0 })
      }
      expect(await fees()).toBe(120)
      expect(new Set((await commerce.settlement.payouts({ party })).map(({ id }) => id)).size).toBe(2)
    })

    it('cost another fee where one is agreed, or none', async () => {
      await give(20_000)
      expect(await withdraw(10_000, 2.5)).toMatchObject({ amount: 9750, fee: 250 })
      expect(await withdraw(10_000, 0)).toMatchObject({ amount: 10_000, fee: 0 })
    })

    it('take no more than is available, and change nothing where they are refused', async () => {
      await give(5000)
      for (const [amount, feePercent, code] of [
        [5001, undefined, 'balance.insufficient'],
        [1000, 100, 'settlement.withdrawal_too_small'],
        [0, undefined, 'input.invalid'],
        [-5, undefined, 'input.invalid'],
        [0.5, undefined, 'input.invalid'],
        [1000, 101, 'input.invalid'],
      ] as const)
        await expect(withdraw(amount, feePercent)).rejects.toMatchObject({ code })
      await expect(commerce.settlement.withdraw({ party: 'distributor:dst_none', currency: 'CNY', amount: 1 })).rejects.toMatchObject({
        code: 'balance.insufficient',
      })
      expect(await claims()).toMatchObject({ available: 5000, inPayout: 0 })
      expect(await fees()).toBe(0)
    })

    it('of the same money succeed as often as it lasts, however many are asked for at once', async () => {
      await give(500)
      const results = await Promise.allSettled(Array.from({ length: 12 }, () => withdraw(100)))
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'balance.insufficient' })
      expect(await claims()).toMatchObject({ available: 0, inPayout: 495 })
      expect(await fees()).toBe(5)
    })

    it('leave an open statement what it is about to pay', async () => {
      await give(3000)
      const { id: statementId = '' } = (await commerce.settlement.draw({ party, currency: 'CNY' })) ?? {}
      await give(1000)
      await expect(withdraw(1001)).rejects.toMatchObject({ code: 'balance.insufficient' })
      await withdraw(1000)
      await commerce.settlement.approve({ statementId })
      await commerce.settlement.lock({ statementId })
      expect(await claims()).toMatchObject({ available: 0, inPayout: 3994 })
    })

    it('stand in the next statement, which pays none of it again, though it is drawn late and of an earlier moment', async () => {
      await give(10_000)
      // The workers were away at the month's end, and the party withdrew before they came back.
      clock.set('2026-02-01T09:00:00.000Z')
      await withdraw(9000)
      await advance(commerce, clock, '2026-02-01T10:00:00.000Z')
      expect(await commerce.settlement.statements({ party })).toMatchObject([
        { until: '2026-02-01T00:00:00.000Z', payable: 1000, closing: 9000 },
      ])
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      const [statement] = await commerce.settlement.statements({ party })
      expect(statement).toMatchObject({ opening: 9000, payable: 0, closing: 0 })
      expect(statement?.lines.map(({ kind, amount }) => [kind, amount])).toEqual([
        ['withdrawal_fees', -54],
        ['payout', -8946],
      ])
      expect(await claims()).toMatchObject({ available: 0, inPayout: 9946 })
    })

    it('count what a hold has released by now, though no job has booked it', async () => {
      const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: start,
            paid: { provider: 'external', capturedAt: start },
            lines: [{ supplierId, quantity: 1, price: 1000 }],
          },
        ],
      })
      await commerce.fulfilment.deliverLines({ lines: [{ orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }] })
      const all = { party: `supplier:${supplierId}`, currency: 'CNY', amount: 1000 }
      await expect(commerce.settlement.withdraw(all)).rejects.toMatchObject({ code: 'balance.insufficient' })
      clock.set(addDays(start, 7))
      expect(await commerce.settlement.withdraw(all)).toMatchObject({ amount: 994, fee: 6 })
    })

    it('happen once under one key', async () => {
      await give(5000)
      const once = () => commerce.settlement.withdraw({ party, currency: 'CNY', amount: 1000 }, { idempotencyKey: 'w1' })
      expect((await once()).id).toBe((await once()).id)
      expect(await claims()).toMatchObject({ available: 4000, inPayout: 994 })
    })
  })
}
