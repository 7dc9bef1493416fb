import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { createMisbehavingProvider } from '../testing/misbehaving-provider.js'

const start = '2026-01-10T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`chargebacks on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let tea: string
    let silk: string
    const card = createMisbehavingProvider({ id: 'card' })
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        adapters: { payments: [card.provider] },
        settlement: { holdDays: 7, cycle: 'manual' },
      }))
      tea = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      silk = (await commerce.suppliers.apply({ name: 'Silk Road' })).id
      await commerce.commission.addRule({ percent: 10 })
    })
    afterEach(() => close())

    interface Sale {
      readonly orderId: string
      readonly lineIds: readonly string[]
    }
    const line = (price: number, supplierId = tea, shipping = 0) => ({ supplierId, quantity: 1, price, shipping })
    const place = async (lines: readonly ReturnType<typeof line>[], paid: boolean): Promise<Sale> => {
      const now = clock.now()
      const receipt = paid ? { paid: { provider: 'external', capturedAt: now } as const } : {}
      const { orders } = await commerce.orders.import({ orders: [{ currency: 'CNY', placedAt: now, ...receipt, lines }] })
      return { orderId: orders[0]?.id ?? '', lineIds: orders[0]?.lineIds ?? [] }
    }
    const sell = (...lines: readonly ReturnType<typeof line>[]): Promise<Sale> => place(lines, true)
    const sellByCard = async (...lines: readonly ReturnType<typeof line>[]): Promise<Sale & { readonly paymentId: string }> => {
      const sale = await place(lines, false)
      const { payments } = await commerce.orders.pay({ orderId: sale.orderId, payment: { provider: 'card' } })
      return { ...sale, paymentId: payments[0]?.id ?? '' }
    }
    const deliver = ({ orderId, lineIds }: Sale): Promise<unknown> =>
      commerce.fulfilment.deliverLines({ lines: lineIds.map((lineId) => ({ orderId, lineId })) })
    type Report = Parameters<typeof commerce.payments.reportDispute>[0]
    const report = ({ orderId }: Sale, dispute: Partial<Report> = {}) =>
      commerce.payments.reportDispute({ reference: orderId, disputeRef: 'cb-1', status: 'opened', amount: 10_000, ...dispute })
    const claims = async (supplierId = tea) => (await commerce.settlement.balances({ party: `supplier:${supplierId}` }))[0]
    /** The balances that are not 0, by account. */
    const books = async (): Promise<Record<string, number>> => {
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
      const accounts = (await commerce.ledger.balances({})).filter(({ balance }) => balance !== 0)
      const name = (party: string): string => party.replace(tea, 'tea').replace(silk, 'silk')
      return Object.fromEntries(accounts.map(({ party, purpose, balance }) => [`${name(party)}/${purpose}`, balance]))
    }
    const settle = (supplierId = tea) => commerce.settlement.settle({ party: `supplier:${supplierId}`, currency: 'CNY' })

    it('take every share back and leave the fee with the supplier', async () => {
      const sale = await sell(line(10_000))
      await report(sale, { fee: 1500 })
      expect(await books()).toEqual({ 'supplier:tea/available': -1500, 'psp:external/fees': 1500 })
      expect(await commerce.orders.get({ orderId: sale.orderId })).toMatchObject({
        paymentStatus: 'refunded',
        refunded: 10_000,
        chargedBack: 10_000,
      })
    })

    it('that are won give every share back, and the fee stays spent', async () => {
      const sale = await sell(line(9999), line(101, silk, 333))
      const before = await books()
      await report(sale, { amount: 7777, fee: 1500 })
      const won = await report(sale, { amount: 7777, fee: 1500, status: 'won' })
      expect(won).toMatchObject({ status: 'won', amount: 7777, fee: 1500, settledAt: start })
      const after = await books()
      const { 'supplier:tea/available': byTea = 0, 'supplier:silk/available': bySilk = 0, 'psp:external/fees': fees, ...rest } = after
      expect(rest).toEqual(before)
      expect([byTea + bySilk, fees]).toEqual([-1500, 1500])
      expect(await commerce.orders.get({ orderId: sale.orderId })).toMatchObject({
        paymentStatus: 'paid',
        refunded: 0,
        chargedBack: 0,
        lines: [{ refundedGoods: 0 }, { refundedGoods: 0, refundedShipping: 0 }],
      })
      expect((await commerce.orders.timeline({ orderId: sale.orderId })).map(({ type }) => type)).toEqual([
        'placed',
        'paid',
        'charged_back',
        'chargeback_won',
      ])
    })

    it('of a part shrink what can be refunded, line by line and in sum', async () => {
      const sale = await sell(line(6000), line(4000, silk))
      await report(sale, { amount: 5000 })
      const { orderId } = sale
      const [first = '', second = ''] = sale.lineIds
      const { lines } = await commerce.orders.get({ orderId })
      expect(lines.map((of) => of.refundedGoods)).toEqual([3000, 2000])
      await expect(commerce.orders.refund({ orderId, lines: [{ lineId: first, amount: 3001 }], reason: 'late' })).rejects.toMatchObject({
        code: 'refund.exceeds_captured',
        details: { refundable: 3000 },
      })
      await commerce.orders.refund({ orderId, lines: [{ lineId: first, all: true }], reason: 'late' })
      await expect(report(sale, { disputeRef: 'cb-2', amount: 2001 })).rejects.toMatchObject({ code: 'refund.exceeds_captured' })
      await report(sale, { disputeRef: 'cb-2', amount: 2000 })
      await expect(commerce.orders.refund({ orderId, lines: [{ lineId: second, amount: 1 }], reason: 'late' })).rejects.toMatchObject({
        code: 'refund.exceeds_captured',
      })
      expect(await books()).toEqual({})
    })

    it('after a refund take what is left, and the platform bears the rest if it says so', async () => {
      const sale = await sell(line(10_000))
      await commerce.orders.refund({ orderId: sale.orderId, lines: [{ lineId: sale.lineIds[0] ?? '', amount: 4000 }], reason: 'late' })
      await expect(report(sale)).rejects.toMatchObject({ code: 'refund.exceeds_captured', details: { left: 6000 } })
      expect(await commerce.payments.listDisputes({ reference: sale.orderId })).toMatchObject({ items: [] })
      expect(await report(sale, { excessFrom: 'platform' })).toMatchObject({ excess: 4000 })
      // The customer has 14,000 of the 10,000 that it paid.
      expect(await books()).toEqual({ 'platform/chargebacks': -4000, 'psp:external/clearing': 4000 })
      await report(sale, { status: 'won', excessFrom: 'platform' })
      expect(await books()).toEqual({ 'supplier:tea/pending': 5400, 'platform/commission': 600, 'psp:external/clearing': -6000 })
    })

    it('never go back: reports that are late or come twice change nothing', async () => {
      const sale = await sell(line(10_000))
      await report(sale, { fee: 100 })
      await report(sale, { fee: 100, status: 'won' })
      const before = await books()
      for (const status of ['opened', 'won', 'lost', 'opened'] as const) {
        expect(await report(sale, { status })).toMatchObject({ status: 'won', fee: 100 })
        expect(await books()).toEqual(before)
      }
      // A fee that becomes known later is charged all the same, once.
      await report(sale, { status: 'lost', fee: 250 })
      await report(sale, { status: 'lost', fee: 250 })
      expect(await books()).toEqual({ ...before, 'supplier:tea/available': -250, 'psp:external/fees': 250 })
    })

    it('that were won before we heard of them cost their fee alone', async () => {
      const sale = await sell(line(10_000))
      const before = await books()
      await report(sale, { status: 'won', fee: 1500 })
      await report(sale, { status: 'opened', fee: 1500 })
      expect(await books()).toEqual({ ...before, 'supplier:tea/available': -1500, 'psp:external/fees': 1500 })
      expect(await commerce.orders.get({ orderId: sale.orderId })).toMatchObject({ paymentStatus: 'paid', refunded: 0 })
    })

    it('keep their payment and their amount', async () => {
      const [sale, other] = [await sell(line(10_000)), await sell(line(10_000))]
      await report(sale, { amount: 5000 })
      await expect(report(sale, { amount: 6000 })).rejects.toMatchObject({ code: 'dispute.differs' })
      await expect(report(other, { amount: 5000 })).rejects.toMatchObject({ code: 'dispute.differs' })
      await expect(report({ orderId: 'ord_none', lineIds: [] })).rejects.toMatchObject({ code: 'dispute.nothing_disputed' })
    })

    it('have their fee borne as each supplier\u2019s contract of the time of sale says, or as the report does', async () => {
      const terms = { cycle: 'manual', holdDays: 7 } as const
      await commerce.suppliers.setContract({ supplierId: silk, settlement: { ...terms, chargebackFeeFrom: 'platform' } })
      const sale = await sell(line(7500), line(2500, silk))
      clock.set('2026-01-11T08:00:00.000Z')
      await commerce.suppliers.setContract({ supplierId: silk, settlement: { ...terms, chargebackFeeFrom: 'supplier' } })
      await report(sale, { fee: 1000 })
      expect(await books()).toEqual({ 'supplier:tea/available': -750, 'platform/chargebacks': -250, 'psp:external/fees': 1000 })
      const second = await sell(line(10_000))
      await report(second, { disputeRef: 'cb-2', fee: 500, feeFrom: 'platform' })
      expect(await books()).toMatchObject({ 'platform/chargebacks': -750, 'psp:external/fees': 1500 })
    })

    it('inside the hold take from what is pending, after it from what is available, after the payout from the next earnings', async () => {
      const [held, released, paid] = [await sell(line(10_000)), await sell(line(20_000)), await sell(line(40_000))]
      await deliver(paid)
      await advance(commerce, clock, '2026-01-18T00:00:00.000Z')
      expect(await settle()).toMatchObject({ payable: 36_000 })
      await deliver(released)
      await advance(commerce, clock, '2026-01-26T00:00:00.000Z')
      await report(held, { disputeRef: 'held' })
      expect(await claims()).toMatchObject({ pending: 0, available: 18_000 })
      await report(released, { disputeRef: 'released', amount: 20_000 })
      expect(await claims()).toMatchObject({ pending: 0, available: 0 })
      await report(paid, { disputeRef: 'paid', amount: 40_000, fee: 1500 })
      expect(await claims()).toMatchObject({ available: -37_500, inPayout: 36_000 })
      const statement = await settle()
      expect(statement).toMatchObject({ opening: 0, payable: 0, closing: -37_500 })
      expect(Object.fromEntries((statement?.lines ?? []).map(({ kind, amount }) => [kind, amount]))).toEqual({
        sales: 20_000,
        commission: -2000,
        chargebacks: -18_000 - 36_000,
        chargeback_fees: -1500,
      })
      clock.set('2026-01-27T00:00:00.000Z')
      await report(paid, { disputeRef: 'paid', amount: 40_000, status: 'won', fee: 1500 })
      expect(await settle()).toMatchObject({ opening: -37_500, lines: [{ kind: 'chargebacks', amount: 36_000 }], closing: -1500 })
    })

    it('that are won after the hold are restored to what is available', async () => {
      const sale = await sell(line(10_000))
      await deliver(sale)
      await report(sale, { amount: 4000 })
      await advance(commerce, clock, '2026-01-18T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 5400 })
      await report(sale, { amount: 4000, status: 'won' })
      expect(await claims()).toMatchObject({ pending: 0, available: 9000 })
    })

    it('that are won before the goods have arrived pay nothing before they have', async () => {
      const sale = await sell(line(10_000))
      await report(sale)
      await report(sale, { status: 'won' })
      await advance(commerce, clock, '2026-02-18T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 9000, available: 0 })
      await deliver(sale)
      await advance(commerce, clock, '2026-02-25T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 9000 })
    })

    it('take the claim\u2019s reserve first, and put it back when they are won', async () => {
      await commerce.suppliers.setContract({
        supplierId: tea,
        settlement: { cycle: 'manual', holdDays: 7, reserve: { percent: 10, days: 30 } },
      })
      const sale = await sell(line(10_000))
      await deliver(sale)
      await advance(commerce, clock, '2026-01-18T00:00:00.000Z')
      expect(await claims()).toMatchObject({ available: 8100, reserve: 900 })
      await report(sale, { amount: 500 })
      expect(await claims()).toMatchObject({ available: 8100, reserve: 450 })
      await report(sale, { disputeRef: 'cb-2', amount: 2000, fee: 100 })
      expect(await claims()).toMatchObject({ available: 8100 - 1350 - 100, reserve: 0 })
      await report(sale, { disputeRef: 'cb-2', amount: 2000, status: 'won', fee: 100 })
      expect(await claims()).toMatchObject({ available: 8000, reserve: 450 })
      await report(sale, { disputeRef: 'cb-3', amount: 500 })
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      // The reserve's time has come: what is won is available.
      await report(sale, { amount: 500, status: 'won' })
      expect(await claims()).toMatchObject({ available: 8450, reserve: 0 })
    })

    it('take back with the rest what cost the customer nothing', async () => {
      const free = {
        ...line(900, silk),
        discounts: [{ source: 'promo', code: null, label: '', amount: 900, funders: [{ party: 'platform', amount: 900 }] }],
      }
      const sale = await sell(line(10_000), free)
      const before = await books()
      expect(before).toMatchObject({ 'supplier:silk/pending': 810, 'platform/promotions': -900 })
      await report(sale)
      expect(await books()).toEqual({})
      await report(sale, { status: 'won' })
      expect(await books()).toEqual(before)
    })

    it('come by webhooks too, are fetched and not believed, and are booked once by two at once', async () => {
      const sale = await sellByCard(line(10_000))
      const disputeRef = card.dispute(sale.paymentId, { fee: 1500 })
      const hint = (type: string) =>
        commerce.payments.receiveWebhook({ provider: 'card', ...card.webhook(sale.paymentId, { type, amount: 1 }) })
      await Promise.all([hint('dispute.opened'), hint('dispute.updated')])
      await Promise.all([commerce.background.drain(), commerce.payments.fetchDisputes({ paymentId: sale.paymentId })])
      const { items } = await commerce.payments.listDisputes({ paymentId: sale.paymentId })
      expect(items).toMatchObject([{ disputeRef, status: 'opened', amount: 10_000, fee: 1500, reason: 'fraudulent' }])
      expect(await books()).toEqual({ 'supplier:tea/available': -1500, 'psp:card/fees': 1500 })
      expect(await commerce.payments.get({ paymentId: sale.paymentId })).toMatchObject({ captured: 10_000, disputed: 10_000 })

      card.settleDispute(disputeRef, 'won')
      await hint('dispute.closed')
      await commerce.background.drain()
      expect(await claims()).toMatchObject({ pending: 9000, available: -1500 })
      expect(await commerce.payments.get({ paymentId: sale.paymentId })).toMatchObject({ disputed: 0 })
      await commerce.orders.refund({ orderId: sale.orderId, everything: true, reason: 'after all' })
      expect(await books()).toEqual({ 'supplier:tea/available': -1500, 'psp:card/fees': 1500 })
    })

    it('that end without a word are asked about every day', async () => {
      const sale = await sellByCard(line(10_000))
      const disputeRef = card.dispute(sale.paymentId)
      await commerce.payments.fetchDisputes({ paymentId: sale.paymentId })
      card.settleDispute(disputeRef, 'lost', 700)
      await advance(commerce, clock, '2026-01-10T20:00:00.000Z')
      expect(await commerce.payments.listDisputes({ status: 'lost' })).toMatchObject({ items: [] })
      await advance(commerce, clock, '2026-01-11T09:00:00.000Z')
      expect(await commerce.payments.listDisputes({ status: 'lost' })).toMatchObject({ items: [{ disputeRef, fee: 700 }] })
      const asked = card.calls('fetchDisputes')
      await advance(commerce, clock, '2026-01-15T09:00:00.000Z')
      expect(card.calls('fetchDisputes')).toBe(asked)
    })

    it('beside a refund take together no more than was captured', async () => {
      const sale = await sellByCard(line(10_000))
      const results = await Promise.allSettled([
        commerce.orders.refund({ orderId: sale.orderId, everything: true, reason: 'late' }),
        report(sale, { fee: 1500 }),
        report(sale, { fee: 1500 }),
      ])
      const { refunded, chargedBack, payments } = await commerce.orders.get({ orderId: sale.orderId })
      expect(refunded).toBe(10_000)
      const refused = results.filter(({ status }) => status === 'rejected').length
      // Either the refund came first and both reports are refused, or the bank did.
      expect(chargedBack === 10_000 ? 1 : 2).toBe(refused)
      const { refunded: back = 0, refunding = 0, disputed = 0 } = payments[0] ?? {}
      expect(back + refunding + disputed).toBe(10_000)
      expect(await claims()).toMatchObject({ pending: 0, available: chargedBack === 10_000 ? -1500 : 0 })
    })

    it('of one payment of several leave the others to give back what is left', async () => {
      const sale = await place([line(10_000)], false)
      const { orderId } = sale
      await commerce.orders.pay({ orderId, payments: [{ provider: 'card', amount: 6000 }, { provider: 'external' }] })
      const { payments } = await commerce.orders.get({ orderId })
      const [byCard, byTransfer] = payments
      await commerce.payments.recordReceipt({ paymentId: byTransfer?.id ?? '' })
      await expect(report(sale, { amount: 6000 })).rejects.toMatchObject({ code: 'dispute.payment_ambiguous' })
      const dispute = { disputeRef: 'cb-1', status: 'opened', amount: 6000 } as const
      await commerce.payments.reportDispute({ paymentId: byCard?.id ?? '', ...dispute })
      await commerce.orders.refund({ orderId, lines: [{ lineId: sale.lineIds[0] ?? '', amount: 1000 }], reason: 'late' })
      expect(await commerce.payments.get({ paymentId: byTransfer?.id ?? '' })).toMatchObject({ refunded: 1000 })
      await commerce.orders.refund({ orderId, everything: true, reason: 'late' })
      expect(await books()).toEqual({})
    })
  })
}
