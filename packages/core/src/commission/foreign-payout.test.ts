import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

const start = '2026-01-10T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`payouts in a foreign currency on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let rate: string | undefined
    beforeEach(async () => {
      rate = '1.0825'
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        settlement: { holdDays: 7, cycle: 'manual', payoutCurrency: 'USD', exchangeRate: () => rate },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      await commerce.commission.addRule({ percent: 10 })
    })
    afterEach(() => close())

    interface Sale {
      readonly orderId: string
      readonly lineId: string
    }
    const sell = async (price: number, { currency = 'EUR', shipping = 0 } = {}): Promise<Sale> => {
      const paid = { provider: 'external', capturedAt: clock.now() } as const
      const { orders } = await commerce.orders.import({
        orders: [{ currency, placedAt: clock.now(), paid, lines: [{ supplierId, quantity: 1, price, shipping }] }],
      })
      return { orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }
    }
    const refund = ({ orderId, lineId }: Sale, amount: number, shipping = 0): Promise<unknown> =>
      commerce.orders.refund({
        orderId,
        lines: amount === 0 ? [] : [{ lineId, amount }],
        shipping: shipping === 0 ? [] : [{ lineId, amount: shipping }],
        reason: 'damaged',
      })
    const claims = () => commerce.settlement.balances({ party: `supplier:${supplierId}` })
    const books = async (): Promise<Record<string, number>> => {
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
      const accounts = (await commerce.ledger.balances({})).filter(({ balance }) => balance !== 0)
      return Object.fromEntries(
        accounts.map(({ party, purpose, commodity, balance }) => [`${party.replace(supplierId, 'tea')}/${purpose} ${commodity}`, balance]),
      )
    }

    it('convert a claim at capture by the rate of its sale; the exchange holds both sides', async () => {
      await sell(10_000)
      expect(await books()).toEqual({
        'psp:external/clearing EUR': -10_000,
        'platform/commission EUR': 1000,
        'fx/position EUR': 9000,
        'fx/position USD': -9743,
        'supplier:tea/pending USD': 9743,
      })
      rate = '2'
      await sell(1000, { currency: 'USD' })
      expect(await claims()).toMatchObject([{ currency: 'USD', pending: 9743 + 900 }])
    })

    it('take back a part of what was converted, the floor of it, and all of it with the last refund', async () => {
      const sale = await sell(10_000)
      rate = '9'
      await refund(sale, 3333)
      // 9743 · 0.3333 = 3247.34
      expect(await claims()).toMatchObject([{ pending: 9743 - 3247 }])
      await refund(sale, 3333)
      // 9743 · 0.6666 - 3247 = 3247.68
      expect(await claims()).toMatchObject([{ pending: 9743 - 3247 - 3247 }])
      await refund(sale, 3334)
      expect(await books()).toEqual({})
    })

    it('keep goods and shipping apart, and come to the claim that was converted as a whole', async () => {
      const sale = await sell(999, { shipping: 333 })
      // 899 + 333 = 1232, at 1.0825: 1333.64; the shipping alone is 360.47.
      expect(await claims()).toMatchObject([{ pending: 1334 }])
      await refund(sale, 0, 333)
      expect(await claims()).toMatchObject([{ pending: 1334 - 360 }])
      await refund(sale, 999)
      expect(await books()).toEqual({})
    })

    it('earn by several captures what one would have', async () => {
      const { orders } = await commerce.orders.import({
        orders: [{ currency: 'EUR', placedAt: clock.now(), lines: [{ supplierId, quantity: 1, price: 10_000 }] }],
      })
      const order = await commerce.orders.pay({ orderId: orders[0]?.id ?? '', payment: { provider: 'external' } })
      const paymentId = order.payments[0]?.id ?? ''
      rate = '3'
      await commerce.payments.recordReceipt({ paymentId, amount: 3333 })
      expect(await claims()).toMatchObject([{ pending: 3247 }])
      await commerce.payments.recordReceipt({ paymentId, amount: 1 })
      await commerce.payments.recordReceipt({ paymentId })
      expect(await claims()).toMatchObject([{ pending: 9743 }])
    })

    it('are stated, charged and paid in that currency, refunds and chargebacks too', async () => {
      const sale = await sell(10_000)
      await commerce.fulfilment.deliverLines({ lines: [sale] })
      await advance(commerce, clock, '2026-01-18T00:00:00.000Z')
      const party = `supplier:${supplierId}`
      const first = await commerce.settlement.settle({ party, currency: 'USD' })
      expect(first).toMatchObject({
        payable: 9743,
        lines: [
          { kind: 'sales', amount: 10_826 },
          { kind: 'commission', amount: -1083 },
          { kind: 'payout', amount: -9743 },
        ],
      })
      expect(await commerce.settlement.payouts({ party })).toMatchObject([{ currency: 'USD', amount: 9743 }])
      clock.set('2026-01-19T00:00:00.000Z')
      const dispute = { reference: sale.orderId, disputeRef: 'cb-1', amount: 5000, fee: 1500 }
      await commerce.payments.reportDispute({ ...dispute, status: 'opened' })
      // 9743 / 2 = 4871.5, and the fee is 1623.75.
      expect(await claims()).toMatchObject([{ currency: 'USD', available: -4871 - 1624 }])
      await commerce.payments.reportDispute({ ...dispute, status: 'won' })
      expect(await claims()).toMatchObject([{ available: -1624 }])
      await commerce.orders.refund({
        orderId: sale.orderId,
        everything: true,
        goodwill: { amount: 100, fundedBy: party },
        reason: 'damaged',
      })
      expect(await claims()).toMatchObject([{ available: -1624 - 9743 - 108 }])
    })

    it('follow each supplier\u2019s contract, and know currencies without minor units', async () => {
      await commerce.suppliers.setContract({
        supplierId,
        settlement: { cycle: 'manual', holdDays: 7, payoutCurrency: 'JPY' },
      })
      rate = '157.345'
      const sale = await sell(10_000, { currency: 'USD' })
      expect(await claims()).toMatchObject([{ currency: 'JPY', pending: 14_161 }])
      await refund(sale, 10_000)
      expect(await books()).toEqual({})
      // In the currency that it is paid in, nothing is converted.
      await sell(10_000, { currency: 'JPY' })
      expect(await books()).toMatchObject({ 'platform/commission JPY': 1000 })
    })

    it('refuse an order whose rate nobody knows, or that is no rate', async () => {
      rate = undefined
      await expect(sell(10_000)).rejects.toMatchObject({ code: 'exchange.rate_missing' })
      rate = '1,08'
      await expect(sell(10_000)).rejects.toMatchObject({ code: 'money.invalid_rate' })
      expect(await books()).toEqual({})
    })
  })
}

describe('a marketplace that knows no rates', () => {
  it('refuses to promise payouts in another currency', async () => {
    const [database] = testDatabases()
    if (!database) throw new Error('SQLite is always there')
    await expect(openTestCommerce(database, { settlement: { payoutCurrency: 'USD' } })).rejects.toThrow(/payoutCurrency needs exchangeRate/)
    const { commerce, close } = await openTestCommerce(database)
    const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
    const settlement = { cycle: 'manual', holdDays: 7, payoutCurrency: 'USD' } as const
    await expect(commerce.suppliers.setContract({ supplierId, settlement })).rejects.toMatchObject({ code: 'exchange.rates_missing' })
    expect(await commerce.suppliers.contract({ supplierId })).toBeNull()
    await close()
  })
})
