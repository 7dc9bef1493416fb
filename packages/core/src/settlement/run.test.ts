import { afterEach, describe, expect, it } from 'vitest'
import { addDays, addMillis } from '../kernel/index.js'
import type { PayoutProvider } from '../ports/index.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { midnightBefore } from './cycle.js'

describe('the midnight some days before another', () => {
  it('is one of the platform\u2019s calendar, whose days may have 23 or 25 hours', () => {
    // Clocks in Berlin go forward on 29 March 2026, and back on 25 October.
    expect(midnightBefore('2026-03-30T22:00:00.000Z', 2, 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
    expect(midnightBefore('2026-10-26T23:00:00.000Z', 2, 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z')
    expect(midnightBefore('2026-06-10T16:00:00.000Z', 1, 'Asia/Shanghai')).toBe('2026-06-09T16:00:00.000Z')
    expect(midnightBefore('2026-06-10T16:00:00.000Z', 0, 'Asia/Shanghai')).toBe('2026-06-10T16:00:00.000Z')
  })
})

const start = '2026-01-10T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`cycles and runs on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: (() => Promise<void>) | undefined
    afterEach(async () => {
      await close?.()
      close = undefined
    })
    const open = async (
      settlement: Parameters<typeof openTestCommerce>[1] extends infer Options
        ? NonNullable<Options>['settlement' & keyof NonNullable<Options>]
        : never,
      rail?: PayoutProvider,
    ): Promise<void> => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        adapters: { payouts: rail ? [rail] : [] },
        settlement: { holdDays: 0, payoutProvider: rail?.id, ...settlement },
      }))
    }
    const give = (amount: number, party: string): Promise<void> =>
      commerce.settlement.adjust({ party, amount, currency: 'CNY', reason: 'opening' })
    const inPayout = async (party: string): Promise<number | undefined> => (await commerce.settlement.balances({ party }))[0]?.inPayout
    const party = 'distributor:dst_one'
    const parties = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `distributor:dst_${1000 + index}`)

    it('T+3 pays, three days after the end of a day of the platform\u2019s calendar, what was available on that day', async () => {
      await open({ cycle: 'T+3', timezone: 'Asia/Shanghai' })
      // 10 January in Shanghai, a quarter of an hour before its end, and the first minutes of the 11th.
      clock.set('2026-01-10T15:45:00.000Z')
      await give(1000, party)
      clock.set('2026-01-10T16:05:00.000Z')
      await give(500, party)
      await advance(commerce, clock, '2026-01-12T15:59:59.999Z')
      expect(await inPayout(party)).toBe(0)
      await advance(commerce, clock, '2026-01-12T16:00:00.000Z')
      expect(await inPayout(party)).toBe(1000)
      expect(await commerce.settlement.statements({ party })).toMatchObject([{ until: '2026-01-10T16:00:00.000Z', payable: 1000 }])
      await advance(commerce, clock, '2026-01-13T16:00:00.000Z')
      expect(await inPayout(party)).toBe(1500)
    })

    it('T+N pays nothing that was taken back in between', async () => {
      await open({ cycle: 'T+5' })
      await give(1000, party)
      await advance(commerce, clock, '2026-01-12T08:00:00.000Z')
      await give(-400, party)
      await advance(commerce, clock, '2026-01-15T00:00:00.000Z')
      expect(await inPayout(party)).toBe(600)
      await advance(commerce, clock, '2026-01-17T00:00:00.000Z')
      expect(await commerce.settlement.balances({ party })).toMatchObject([{ available: 0, inPayout: 600 }])
    })

    it('by threshold pays within the hour in which the balance reaches it, and draws no statement before', async () => {
      await open({ cycle: 'threshold', threshold: 1000 })
      await give(999, party)
      await advance(commerce, clock, '2026-01-10T12:00:00.000Z')
      expect(await commerce.settlement.statements({ party })).toEqual([])
      await give(1, party)
      await advance(commerce, clock, '2026-01-10T12:59:00.000Z')
      expect(await inPayout(party)).toBe(0)
      await advance(commerce, clock, '2026-01-10T13:00:00.000Z')
      expect(await inPayout(party)).toBe(1000)
    })

    it('each supplier is paid by the cycle of its contract', async () => {
      await open({ cycle: 'manual' })
      const cycles = ['daily', 'T+2', 'weekly', 'monthly', 'manual'] as const
      const suppliers: string[] = []
      for (const cycle of cycles) {
        const { id: supplierId } = await commerce.suppliers.apply({ name: cycle })
        await commerce.suppliers.setContract({ supplierId, settlement: { cycle, holdDays: 0 } })
        await give(1000, `supplier:${supplierId}`)
        suppliers.push(`supplier:${supplierId}`)
      }
      const paid = async (): Promise<readonly string[]> => {
        const found = await Promise.all(suppliers.map(inPayout))
        return cycles.filter((_, index) => found[index] === 1000)
      }
      // 10 January 2026 is a Saturday.
      await advance(commerce, clock, '2026-01-11T00:00:00.000Z')
      expect(await paid()).toEqual(['daily'])
      await advance(commerce, clock, '2026-01-12T00:00:00.000Z')
      expect(await paid()).toEqual(['daily', 'T+2', 'weekly'])
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      expect(await paid()).toEqual(['daily', 'T+2', 'weekly', 'monthly'])
    })

    it.each(['T+0', 'T+100', 'T+1.5', 'yearly'])('knows no cycle %s', async (cycle) => {
      await expect(open({ cycle: cycle as 'daily' })).rejects.toThrow('T+1 to T+99')
    })

    it('a run settles everybody, whatever their cycle, and tells how far it is', async () => {
      await open({ cycle: 'manual' })
      for (const each of parties(5)) await give(1000, each)
      const told: number[] = []
      const run = await commerce.settlement.run({ onProgress: ({ accounts }) => told.push(accounts) })
      expect(run).toMatchObject({ until: start, accounts: 5, statements: 5, finishedAt: start })
      expect(told).toEqual([5])
      for (const each of parties(5)) expect(await inPayout(each)).toBe(1000)
      clock.set(addMillis(start, 1))
      expect(await commerce.settlement.run(), 'nothing has moved since').toMatchObject({ statements: 0 })
      expect(await commerce.settlement.run({ until: start }), 'it is finished').toEqual(run)
      await expect(commerce.settlement.run({ until: addDays(start, 1) })).rejects.toMatchObject({ code: 'statement.in_future' })
    })

    it('a run tells how many claims it has made available, batch by batch', async () => {
      await open({ cycle: 'manual', holdDays: 1 })
      const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea' })
      const lines = Array.from({ length: 60 }, () => ({ supplierId, quantity: 1, price: 100 }))
      const order = { currency: 'CNY', placedAt: start, paid: { provider: 'external', capturedAt: start } as const, lines }
      const { orders } = await commerce.orders.import({ orders: Array.from({ length: 10 }, () => order) })
      const arrived = orders.flatMap(({ id: orderId, lineIds }) => lineIds.map((lineId) => ({ orderId, lineId })))
      await commerce.fulfilment.deliverLines({ lines: arrived })
      clock.set(addDays(start, 2))
      const told: number[] = []
      await commerce.settlement.run({ onProgress: ({ released }) => told.push(released) })
      expect(told).toEqual([500, 600, 600])
    })

    it('a run that is broken off goes on where it stopped, and pays nobody twice, however many go on at once', async () => {
      const paid: string[] = []
      await open(
        { cycle: 'manual' },
        {
          id: 'bank',
          submit: async (payout) => {
            paid.push(payout.party)
            return { status: 'paid', providerRef: null }
          },
          fetch: async () => null,
        },
      )
      const all = parties(230)
      const transfers = all.map((each) => ({
        from: { party: 'platform', purpose: 'adjustments' },
        to: { party: each, purpose: 'available' },
        amount: 1000,
        commodity: 'CNY',
        kind: 'adjustment',
      }))
      await commerce.ledger.post({
        kind: 'adjustment',
        source: 'opening',
        key: 'opening',
        effectiveAt: start,
        transfers,
        coreAccounts: true,
      })
      clock.set(addMillis(start, 1))
      const dies = (): never => {
        throw new Error('killed')
      }
      await expect(commerce.settlement.run({ until: start, onProgress: dies })).rejects.toThrow('killed')
      expect(await commerce.settlement.payouts({ limit: 200 })).toHaveLength(100)
      const again = await Promise.all([1, 2, 3].map(() => commerce.settlement.run()))
      for (const run of again) expect(run).toMatchObject({ until: start, accounts: 230, statements: 230 })
      await commerce.background.drain()
      expect([...paid].sort()).toEqual([...all].sort())
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })
  })
}
