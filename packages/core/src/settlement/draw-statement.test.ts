import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addDays, addMillis } from '../kernel/index.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

const start = '2026-01-10T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`statements on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let reports: TestCommerce<readonly []>['reports']
    let supplierId: string
    let party: string
    beforeEach(async () => {
      ;({ commerce, clock, close, reports } = await openTestCommerce(database, { start, settlement: { holdDays: 7, cycle: 'monthly' } }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      party = `supplier:${supplierId}`
    })
    afterEach(() => close())

    const adjust = (amount: number, of = party): Promise<void> =>
      commerce.settlement.adjust({ party: of, amount, currency: 'CNY', reason: 'test' })
    const claims = async (of = party) => (await commerce.settlement.balances({ party: of }))[0]
    const post = (key: string, effectiveAt: string, amount: number) =>
      commerce.ledger.post({
        coreAccounts: true,
        kind: 'bonus',
        source: key,
        key,
        effectiveAt,
        transfers: [
          { from: { party: 'platform', purpose: 'bonus' }, to: { party, purpose: 'available' }, amount, commodity: 'CNY', kind: 'bonus' },
        ],
      })

    it('are drawn up to a moment that has come: what is held is not paid out by naming a later one', async () => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: start,
            paid: { provider: 'external', capturedAt: start },
            lines: [{ supplierId, quantity: 1, price: 10_000 }],
          },
        ],
      })
      await commerce.fulfilment.deliverLines({ lines: [{ orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }] })
      const until = '2026-03-01T00:00:00.000Z'
      for (const draw of [commerce.settlement.draw, commerce.settlement.settle])
        await expect(draw({ party, currency: 'CNY', until })).rejects.toMatchObject({ code: 'statement.in_future' })
      expect(await claims()).toMatchObject({ pending: 10_000, available: 0, inPayout: 0 })
    })

    it('follow one another: none is drawn up to a moment before the last one', async () => {
      await adjust(1000)
      clock.set(addDays(start, 2))
      await commerce.settlement.settle({ party, currency: 'CNY' })
      await post('late', start, 500)
      await expect(commerce.settlement.settle({ party, currency: 'CNY', until: addDays(start, 1) })).rejects.toMatchObject({
        code: 'statement.until_stated',
        details: { until: addDays(start, 2) },
      })
      clock.set(addDays(start, 3))
      // What became known late stands in the next.
      expect(await commerce.settlement.settle({ party, currency: 'CNY' })).toMatchObject({ opening: 0, payable: 500, closing: 0 })
    })

    it('take in what was posted ahead of its time once its time has come, however many were drawn in between', async () => {
      await post('ahead', addDays(start, 12), 700)
      for (let day = 1; day <= 11; day++) {
        clock.set(addDays(start, day))
        await adjust(100)
        expect(await commerce.settlement.settle({ party, currency: 'CNY' })).toMatchObject({ payable: 100 })
      }
      clock.set(addDays(start, 13))
      expect(await commerce.settlement.settle({ party, currency: 'CNY' })).toMatchObject({ payable: 700, opening: 0, closing: 0 })
      expect(await claims()).toMatchObject({ available: 0 })
    })

    it('of others are drawn at the cycle\u2019s end, whoever has one open or was settled by hand since', async () => {
      const others: string[] = []
      for (const name of ['Shoes', 'Silk', 'Salt']) others.push(`supplier:${(await commerce.suppliers.apply({ name })).id}`)
      const [second = '', third = '', broken = ''] = others
      for (const of of [broken, party, second, third]) await adjust(1000, of)
      // A sum that no number holds is refused, and nobody else has to wait for it.
      for (const _ of [1, 2]) await adjust(Number.MAX_SAFE_INTEGER, broken)
      await commerce.settlement.draw({ party, currency: 'CNY' })
      // The workers were away at the month's end, and an operator settled one party by hand.
      clock.set('2026-02-02T09:00:00.000Z')
      await commerce.settlement.settle({ party: second, currency: 'CNY' })
      await advance(commerce, clock, '2026-02-02T10:00:00.000Z')
      expect(await claims(third)).toMatchObject({ available: 0, inPayout: 1000 })
      expect(await commerce.settlement.statements({ party: third })).toMatchObject([{ until: '2026-02-01T00:00:00.000Z', state: 'locked' }])
      expect(await commerce.settlement.statements({ party })).toMatchObject([{ state: 'draft' }])
      expect(await commerce.settlement.statements({ party: second })).toHaveLength(1)
      expect(reports.map(({ message }) => message)).toContainEqual(expect.stringContaining(`${broken} could not be settled`))
    })

    it('are finished by settling: a draft, and one that is approved', async () => {
      await adjust(1000)
      const draft = await commerce.settlement.draw({ party, currency: 'CNY' })
      await commerce.settlement.approve({ statementId: draft?.id ?? '' })
      expect(await commerce.settlement.settle({ party, currency: 'CNY' })).toMatchObject({ id: draft?.id, state: 'locked' })
      expect(await claims()).toMatchObject({ available: 0, inPayout: 1000 })
    })

    it('list their lines in one order, whenever they are read', async () => {
      for (const amount of [500, -200]) await adjust(amount)
      await post('bonus', clock.now(), 50)
      const drawn = await commerce.settlement.settle({ party, currency: 'CNY' })
      const kinds = ['adjustments', 'payout', 'other']
      expect(drawn?.lines.map((line) => line.kind)).toEqual(kinds)
      expect((await commerce.settlement.statements({ party }))[0]?.lines.map((line) => line.kind)).toEqual(kinds)
    })

    it('do not change once they are written, whoever tries', async () => {
      await adjust(1000)
      const statement = await commerce.settlement.settle({ party, currency: 'CNY', until: addMillis(clock.now(), 0) })
      await adjust(500)
      expect(await commerce.settlement.settle({ party, currency: 'CNY' })).toEqual(statement)
    })
  })
}
