import { afterEach, describe, expect, it } from 'vitest'
import { addDays, addMillis } from '../kernel/index.js'
import type { PayoutProvider, PayoutState } from '../ports/index.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { nextAsk } from './ask-payouts.js'

const start = '2026-01-10T08:00:00.000Z'
const minutes = (count: number): string => addMillis(start, count * 60_000)
const party = 'distributor:dst_one'

describe('a payout of which nothing is heard', () => {
  it('is asked about after half of its age, after five minutes at least and six hours at most', () => {
    const ask = (age: number) => nextAsk({ createdAt: start }, minutes(age))
    expect(ask(5)).toBe(minutes(10))
    expect(ask(60)).toBe(minutes(90))
    expect(ask(3 * 1440)).toBe(minutes(3 * 1440 + 360))
  })
})

for (const database of testDatabases()) {
  describe(`payouts that hang on ${database.name}`, () => {
    let opened: TestCommerce<readonly []>
    let clock: TestClock
    afterEach(() => opened.close())
    /** A rail that takes everything on, and says of it what it is told to; how often it was asked. */
    const open = async (
      fetch: (payoutId: string) => PayoutState | null | Promise<PayoutState | null>,
      more: Partial<PayoutProvider> = {},
    ) => {
      const asked: string[] = []
      const rail: PayoutProvider = {
        id: 'bank',
        submit: async ({ payoutId }) => ({ status: 'submitted', providerRef: `ref-${payoutId}` }),
        fetch: async ({ payoutId, providerRef }) => {
          asked.push(`${payoutId} ${providerRef}`)
          return fetch(payoutId)
        },
        ...more,
      }
      opened = await openTestCommerce(database, {
        start,
        adapters: { payouts: [rail] },
        settlement: { holdDays: 0, cycle: 'manual', payoutProvider: 'bank' },
      })
      ;({ clock } = opened)
      return asked
    }
    const pay = async (of = party): Promise<string> => {
      await opened.commerce.settlement.adjust({ party: of, amount: 1000, currency: 'CNY', reason: 'x' })
      await opened.commerce.settlement.settle({ party: of, currency: 'CNY' })
      await opened.commerce.background.drain()
      return (await opened.commerce.settlement.payouts({ party: of }))[0]?.id ?? ''
    }
    const until = (at: string): Promise<void> => advance(opened.commerce, clock, at)
    const claims = async (of = party) => (await opened.commerce.settlement.balances({ party: of }))[0]
    const status = async (payoutId: string) => (await opened.commerce.settlement.payouts({ payoutIds: [payoutId] }))[0]?.status
    const answer = (state: PayoutState['status']): PayoutState => ({ status: state, providerRef: null })

    it('are asked about some minutes after they were submitted, and what the rail says is written down once', async () => {
      const states: PayoutState[] = [answer('submitted'), answer('paid')]
      const asked = await open(() => states.shift() ?? answer('paid'))
      const payoutId = await pay()
      await until(minutes(4))
      expect(asked).toEqual([])
      await until(minutes(6))
      expect(asked).toEqual([`${payoutId} ref-${payoutId}`])
      expect(await status(payoutId)).toBe('submitted')
      await until(minutes(60))
      expect(asked).toHaveLength(2)
      expect(await status(payoutId)).toBe('paid')
      expect(await claims()).toMatchObject({ available: 0, inPayout: 0, paid: 1000 })
    })

    it.each(['failed', 'returned'] as const)('are available again where the rail says %s', async (state) => {
      await open(() => ({ ...answer(state), failure: { code: 'closed', message: 'the account is closed' } }))
      const payoutId = await pay()
      await until(minutes(20))
      expect((await opened.commerce.settlement.payouts({ payoutIds: [payoutId] }))[0]).toMatchObject({
        status: state,
        failure: 'the account is closed',
      })
      expect(await claims()).toMatchObject({ available: 1000, inPayout: 0, paid: 0 })
    })

    it('go back by no answer that comes late, and come to the same by one that comes twice', async () => {
      let report = async (): Promise<unknown> => undefined
      const said: PayoutState['status'][] = ['paid', 'paid', 'submitted', 'failed']
      await open(async () => {
        const state = said.shift() ?? 'submitted'
        // Somebody reports it between the rail's answer and its being written down.
        await report()
        return answer(state)
      })
      const told: unknown[] = []
      opened.commerce.on('payout.paid', (event) => told.push(event))
      for (const [of, result, expected] of [
        ['distributor:dst_1', 'returned', { available: 1000, paid: 0 }],
        ['distributor:dst_2', 'paid', { available: 0, paid: 1000 }],
        ['distributor:dst_3', 'failed', { available: 1000, paid: 0 }],
        ['distributor:dst_4', 'paid', { available: 0, paid: 1000 }],
      ] as const) {
        const payoutId = await pay(of)
        report = () => opened.commerce.settlement.reportPayout({ payoutId, result })
        await until(addMillis(clock.now(), 11 * 60_000))
        expect(await status(payoutId)).toBe(result)
        expect(await claims(of)).toMatchObject({ ...expected, inPayout: 0 })
      }
      expect(told).toHaveLength(2)
      expect(opened.reports).toEqual([])
      expect(await opened.commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('wait for no other: a rail that throws, forgets or talks nonsense is reported, and asked again later', async () => {
      let fault: 'throw' | 'forget' | 'nonsense' | 'none' = 'throw'
      const faulty = 'distributor:dst_faulty'
      let faultyId = ''
      await open((payoutId) => {
        if (payoutId !== faultyId) return answer('paid')
        if (fault === 'throw') throw new Error('the bank is closed')
        if (fault === 'forget') return null
        return answer(fault === 'nonsense' ? ('gone' as 'paid') : 'paid')
      })
      faultyId = await pay(faulty)
      const fine = await pay()
      await until(minutes(7))
      expect([await status(faultyId), await status(fine)]).toEqual(['submitted', 'paid'])
      for (const next of ['forget', 'nonsense'] as const) {
        fault = next
        await until(addMillis(clock.now(), 40 * 60_000))
        expect(await status(faultyId)).toBe('submitted')
      }
      const told = opened.reports.map(({ message, error }) => `${message}: ${error instanceof Error ? error.message : ''}`).join('\n')
      for (const part of ['the bank is closed', 'knows nothing of it', 'payout.answer_unknown']) expect(told).toContain(part)
      fault = 'none'
      await until(addDays(start, 1))
      expect(await status(faultyId)).toBe('paid')
    })

    it('whose submission was answered with nonsense or not at all are asked about as well', async () => {
      let tries = 0
      await open(() => (tries > 1 ? answer('paid') : null), {
        submit: async () => {
          tries++
          if (tries % 2 === 0) throw new Error('the bank did not answer')
          return answer('lost' as 'paid')
        },
      })
      const payoutId = await pay()
      expect(await status(payoutId)).toBe('requested')
      expect(await claims()).toMatchObject({ available: 0, inPayout: 1000 })
      await until(minutes(120))
      expect(await status(payoutId)).toBe('paid')
      expect(await claims()).toMatchObject({ inPayout: 0, paid: 1000 })
    })

    it('are asked about by several workers at once, and booked once', async () => {
      const all = Array.from({ length: 45 }, (_, index) => `distributor:dst_${100 + index}`)
      const asked = await open(() => answer('paid'))
      for (const of of all) await pay(of)
      clock.set(minutes(6))
      await Promise.all([1, 2, 3].map(() => opened.commerce.background.drain()))
      expect(new Set(asked).size).toBe(45)
      for (const of of all) expect(await claims(of)).toMatchObject({ inPayout: 0, paid: 1000 })
      expect(await opened.commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('are left to the operator where the operator is the rail', async () => {
      opened = await openTestCommerce(database, { start, settlement: { holdDays: 0, cycle: 'manual' } })
      ;({ clock } = opened)
      const payoutId = await pay()
      await until(addDays(start, 2))
      expect(await status(payoutId)).toBe('submitted')
      expect(opened.reports).toEqual([])
    })
  })
}
