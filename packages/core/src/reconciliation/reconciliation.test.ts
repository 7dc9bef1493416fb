import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addDays, sql } from '../kernel/index.js'
import { journalTable } from '../ledger/index.js'
import { captureTable, paymentTable } from '../payment/index.js'
import { createMisbehavingProvider, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { stepOf } from './case.js'
import type { ReportEntry } from './report.js'

describe('what a comparison makes of a case', () => {
  const differs = { reported: 100, recorded: 90, booked: 90 }
  const agrees = { reported: 90, recorded: 90, booked: 90 }
  it('opens one for a difference alone, and clears it when the three agree', () => {
    expect(stepOf(undefined, agrees)).toBeNull()
    expect(stepOf(undefined, differs)).toBe('opened')
    expect(stepOf({ status: 'open', ...differs }, differs)).toBeNull()
    expect(stepOf({ status: 'open', ...differs }, { ...differs, reported: 95 })).toBe('changed')
    expect(stepOf({ status: 'open', ...differs }, agrees)).toBe('cleared')
  })
  it('leaves what was resolved alone while it differs as it did, and opens it when it differs otherwise', () => {
    expect(stepOf({ status: 'resolved', ...differs }, differs)).toBeNull()
    expect(stepOf({ status: 'resolved', ...differs }, agrees)).toBeNull()
    expect(stepOf({ status: 'resolved', ...differs }, { ...differs, reported: 95 })).toBe('reopened')
    expect(stepOf({ status: 'cleared', ...agrees }, differs)).toBe('reopened')
  })
})

for (const database of testDatabases()) {
  describe(`reconciliation on ${database.name}`, () => {
    const card = createMisbehavingProvider({ id: 'card' })
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    const period = { from: '2026-01-10T00:00:00.000Z', to: '2026-01-11T00:00:00.000Z' }
    const at = '2026-01-10T08:00:00.000Z'

    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start: at,
        adapters: { payments: [card.provider] },
        settlement: { cycle: 'manual', holdDays: 0 },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
    })
    afterEach(() => close())

    /** An order of 100.00 that was paid by card. */
    const sell = async () => {
      const { orders } = await commerce.orders.import({
        orders: [{ currency: 'CNY', placedAt: clock.now(), lines: [{ supplierId, quantity: 1, price: 10_000 }] }],
      })
      const order = await commerce.orders.pay({ orderId: orders[0]?.id ?? '', payment: { provider: 'card' } })
      return { orderId: order.id, lineId: order.lines[0]?.id ?? '', paymentId: order.payments[0]?.id ?? '' }
    }
    const nextDay = () => clock.set('2026-01-11T08:00:00.000Z')
    let refs = 0
    const entry = (fields: Partial<ReportEntry> & Pick<ReportEntry, 'type' | 'amount'>): ReportEntry => ({
      ref: `txn_${++refs}`,
      currency: 'CNY',
      at,
      ...fields,
    })
    const report = (entries: readonly ReportEntry[], over: Partial<typeof period & { provider: string }> = {}) =>
      commerce.reconciliation.report({ provider: 'card', ...period, ...over, entries })
    const journals = async () =>
      commerce.transaction(async (tx) => Number((await tx.all(sql`SELECT COUNT(*) AS n FROM ${journalTable}`))[0]?.n))

    it('finds nothing where the provider, the payments and the books agree', async () => {
      const { orderId, lineId, paymentId } = await sell()
      await commerce.orders.refund({ orderId, lines: [{ lineId, amount: 2_500 }], reason: 'damaged' })
      nextDay()
      const result = await report([
        entry({ type: 'capture', paymentId, amount: 10_000 }),
        entry({ type: 'refund', providerRef: `card-${paymentId}`, amount: 2_500 }),
      ])
      expect(result).toMatchObject({ fresh: 2, compared: 2, opened: [], cleared: [] })
      expect((await commerce.reconciliation.cases()).items).toEqual([])
    })

    it('opens a case for money that the provider took and we do not know of, for money it is silent about, and for another amount', async () => {
      const silent = await sell()
      const other = await sell()
      nextDay()
      const before = await journals()
      await report([
        entry({ type: 'capture', paymentId: other.paymentId, amount: 9_900 }),
        entry({ type: 'capture', providerRef: 'ch_stranger', amount: 500 }),
      ])
      const { items } = await commerce.reconciliation.cases({ status: 'open' })
      expect(
        items.map(({ subjectId, known, measure, reported, recorded, booked }) => ({
          subjectId,
          known,
          measure,
          reported,
          recorded,
          booked,
        })),
      ).toEqual(
        expect.arrayContaining([
          { subjectId: silent.paymentId, known: true, measure: 'captured', reported: 0, recorded: 10_000, booked: 10_000 },
          { subjectId: other.paymentId, known: true, measure: 'captured', reported: 9_900, recorded: 10_000, booked: 10_000 },
          { subjectId: 'ch_stranger', known: false, measure: 'captured', reported: 500, recorded: 0, booked: 0 },
        ]),
      )
      expect(items).toHaveLength(3)
      expect(await journals()).toBe(before)
    })

    it('sees that a payment is not booked, though provider and payment agree', async () => {
      const { paymentId } = await sell()
      // A hand in the tables: the payment says more than the books do.
      await commerce.transaction(async (tx) => {
        await tx.run(sql`UPDATE ${paymentTable} SET amount = 20000, captured = 20000 WHERE id = ${paymentId}`)
        await tx.insert(captureTable, [{ id: 'cap_by_hand', paymentId, amount: 10_000, cumulative: 20_000, capturedAt: at }])
      })
      nextDay()
      const { opened } = await report([entry({ type: 'capture', paymentId, amount: 20_000 })])
      expect(await commerce.reconciliation.case({ caseId: opened[0] ?? '' })).toMatchObject({
        reported: 20_000,
        recorded: 20_000,
        booked: 10_000,
      })
    })

    it('counts an entry once in however many reports, and refuses one that comes with other content', async () => {
      const { paymentId } = await sell()
      nextDay()
      const entries = [entry({ type: 'capture', paymentId, amount: 10_000 })]
      await report(entries)
      expect(await report(entries)).toMatchObject({ fresh: 0, opened: [] })
      expect((await commerce.reconciliation.cases()).items).toEqual([])
      await expect(report([{ ...entry({ type: 'capture', paymentId, amount: 1 }), ref: entries[0]?.ref ?? '' }])).rejects.toMatchObject({
        code: 'reconciliation.entry_conflict',
      })
    })

    it('clears a case by a later report, and keeps who saw to it, for how long, and what happened', async () => {
      const { paymentId } = await sell()
      nextDay()
      const { opened } = await report([])
      const caseId = opened[0] ?? ''
      await commerce.reconciliation.assign({ caseId, owner: 'staff:7' }, { actor: { type: 'staff', id: '42' } })
      await commerce.reconciliation.note({ caseId, text: 'asked the provider' })
      clock.set('2026-01-13T08:00:00.000Z')
      expect((await commerce.reconciliation.cases({ owner: 'staff:7' })).items).toMatchObject([{ id: caseId, ageMillis: 2 * 86_400_000 }])
      // The provider dates it a day later than we do.
      const late = entry({ type: 'capture', paymentId, amount: 10_000, at: '2026-01-11T01:00:00.000Z' })
      const { cleared } = await report([late], { from: period.to, to: addDays(period.to, 1) })
      expect(cleared).toEqual([caseId])
      const detail = await commerce.reconciliation.case({ caseId })
      expect(detail).toMatchObject({ status: 'cleared', owner: 'staff:7', closedAt: clock.now() })
      expect(detail.trail.map(({ action, by }) => [action, by])).toEqual([
        ['opened', 'system'],
        ['assigned', 'staff:42'],
        ['noted', 'system'],
        ['cleared', 'system'],
      ])
    })

    it('opens a resolved case again when the difference is another, and not for the same one', async () => {
      const { paymentId } = await sell()
      nextDay()
      const { opened } = await report([entry({ type: 'capture', paymentId, amount: 9_000 })])
      const caseId = opened[0] ?? ''
      await commerce.reconciliation.resolve({ caseId, resolution: 'the provider keeps 10.00, claim 4711' })
      await expect(commerce.reconciliation.resolve({ caseId, resolution: 'again' })).rejects.toMatchObject({
        code: 'reconciliation.case_closed',
      })
      expect(await report([])).toMatchObject({ opened: [] })
      expect(await report([entry({ type: 'capture', paymentId, amount: 500 })])).toMatchObject({ opened: [caseId] })
      expect(await commerce.reconciliation.case({ caseId })).toMatchObject({ status: 'open', resolution: null, reported: 9_500 })
    })

    it('opens one case for two reports that find the same difference at once', async () => {
      await sell()
      nextDay()
      await Promise.all(Array.from({ length: 6 }, () => report([])))
      const { items } = await commerce.reconciliation.cases()
      expect(items).toHaveLength(1)
      expect(
        (await commerce.reconciliation.case({ caseId: items[0]?.id ?? '' })).trail.filter(({ action }) => action === 'opened'),
      ).toHaveLength(1)
    })

    it('compares payouts with their rail: paid, returned, and one that we never asked for', async () => {
      const { orderId, lineId } = await sell()
      await commerce.fulfilment.deliverLines({ lines: [{ orderId, lineId }] })
      await commerce.background.drain()
      await commerce.settlement.settle({ party: `supplier:${supplierId}`, currency: 'CNY' })
      const [payout] = await commerce.settlement.payouts({})
      const payoutId = payout?.id ?? ''
      await commerce.settlement.reportPayout({ payoutId, result: 'paid' })
      nextDay()
      const rail = { provider: 'manual' }
      expect(await report([entry({ type: 'payout', payoutId, amount: 10_000 })], rail)).toMatchObject({ opened: [] })
      const { opened } = await report(
        [entry({ type: 'payout_return', payoutId, amount: 10_000 }), entry({ type: 'payout', payoutId: 'pot_stranger', amount: 7 })],
        rail,
      )
      expect(opened).toHaveLength(2)
      await commerce.settlement.reportPayout({ payoutId, result: 'returned' })
      clock.set('2026-01-12T08:00:00.000Z')
      const { cleared } = await report([], { ...rail, from: period.to, to: addDays(period.to, 1) })
      expect(cleared).toHaveLength(1)
      expect((await commerce.reconciliation.cases({ status: 'open' })).items).toMatchObject([
        { subjectId: 'pot_stranger', known: false, reported: 7 },
      ])
    })

    it('refuses a provider that is not there, a period that is not over, an entry without its payment, and changes nothing', async () => {
      await expect(report([], { provider: 'nobody' })).rejects.toMatchObject({ code: 'reconciliation.provider_unknown' })
      await expect(report([])).rejects.toMatchObject({ code: 'reconciliation.period_in_future' })
      nextDay()
      for (const wrong of [
        entry({ type: 'capture', amount: 5 }),
        entry({ type: 'payout', amount: 5, paymentId: 'pay_1' }),
        entry({ type: 'refund', amount: 0, paymentId: 'pay_1' }),
        entry({ type: 'refund', amount: 5, paymentId: 'pay_1', at: '2026-01-12T00:00:00.000Z' }),
      ])
        await expect(report([wrong])).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(commerce.reconciliation.case({ caseId: 'rcc_none' })).rejects.toMatchObject({ code: 'reconciliation.case_not_found' })
      expect((await commerce.reconciliation.cases()).items).toEqual([])
    })
  })
}
