import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommerceApi } from '../api.js'
import { advance, createMisbehavingProvider, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { consumed, newReserve, reservedOf } from './reserve.js'

describe('a reserve', () => {
  const held = (id: string, withheld: number) =>
    newReserve(id, { lineId: 'l1', party: 'supplier:s', currency: 'CNY', withheld }, '2026-01-01T00:00:00.000Z', { percent: 10, days: 90 })

  it('is a rounded part of a claim, and nothing of a claim that is not positive', () => {
    const terms = { percent: 10, days: 90 }
    expect([9000, 5, 15, 4, 0, -50].map((net) => reservedOf(net, terms, 'half-up'))).toEqual([900, 1, 2, 0, 0, 0])
    expect([5, 15].map((net) => reservedOf(net, terms, 'half-even'))).toEqual([0, 2])
    expect(reservedOf(9000, null, 'half-up')).toBe(0)
  })

  it('is taken by refunds oldest first, and never beyond what is left', () => {
    const [old, young] = [held('rsv_1', 100), { ...held('rsv_2', 50), consumed: 20 }]
    expect(consumed([young, old], 110).map(({ reserve, amount }) => [reserve.id, amount])).toEqual([
      ['rsv_1', 100],
      ['rsv_2', 10],
    ])
    expect(consumed([young, old], 500).map(({ amount }) => amount)).toEqual([100, 30])
  })
})

const start = '2026-01-10T08:00:00.000Z'
const available = '2026-01-17T08:00:00.000Z'
const over = '2026-04-17T08:00:00.000Z'

for (const database of testDatabases()) {
  describe(`the reserve of a claim on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let party: string
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        adapters: { payments: [createMisbehavingProvider({ id: 'card' }).provider] },
        settlement: { holdDays: 7, cycle: 'manual', reserve: { percent: 10, days: 90 } },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      party = `supplier:${supplierId}`
      await commerce.commission.addRule({ percent: 10 })
    })
    afterEach(() => close())

    const sell = async (price = 10_000, paid = true): Promise<{ orderId: string; lineId: string }> => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            ...(paid ? { paid: { provider: 'external', capturedAt: clock.now() } as const } : {}),
            lines: [{ supplierId, quantity: 1, price }],
          },
        ],
      })
      return { orderId: orders[0]?.id ?? '', lineId: orders[0]?.lineIds[0] ?? '' }
    }
    const deliver = (line: { orderId: string; lineId: string }): Promise<unknown> => commerce.fulfilment.deliverLines({ lines: [line] })
    const sellAndDeliver = async (price?: number) => {
      const line = await sell(price)
      await deliver(line)
      return line
    }
    const refund = ({ orderId, lineId }: { orderId: string; lineId: string }, amount: number): Promise<unknown> =>
      commerce.orders.refund({ orderId, lines: [{ lineId, amount }], reason: 'broken' })
    const claims = async () => (await commerce.settlement.balances({ party }))[0]
    const balanced = async (): Promise<boolean> => (await commerce.ledger.check()).balanced

    it('is withheld when the claim becomes available and released its days later, to the millisecond', async () => {
      await sellAndDeliver()
      await advance(commerce, clock, '2026-01-17T07:59:59.999Z')
      expect(await claims()).toMatchObject({ pending: 9000, available: 0, reserve: 0 })
      await advance(commerce, clock, available)
      expect(await claims()).toMatchObject({ pending: 0, available: 8100, reserve: 900 })
      await advance(commerce, clock, '2026-04-17T07:59:59.999Z')
      expect(await claims()).toMatchObject({ available: 8100, reserve: 900 })
      await advance(commerce, clock, over)
      expect(await claims()).toMatchObject({ available: 9000, reserve: 0 })
      expect(await balanced()).toBe(true)
    })

    it('is told the same before the jobs that book it have run', async () => {
      await sellAndDeliver()
      clock.set(available)
      expect(await claims()).toMatchObject({ pending: 0, available: 8100, reserve: 900 })
      clock.set(over)
      expect(await claims(), 'both times are over and nothing is booked').toMatchObject({ pending: 0, available: 9000, reserve: 0 })
      await commerce.background.drain()
      expect(await claims()).toMatchObject({ pending: 0, available: 9000, reserve: 0 })
    })

    it('bears refunds of its claim first, and of no other claim', async () => {
      const [line] = [await sellAndDeliver(), await sellAndDeliver(20_000)]
      await advance(commerce, clock, available)
      expect(await claims()).toMatchObject({ available: 24_300, reserve: 2700 })
      await refund(line, 500)
      expect(await claims()).toMatchObject({ available: 24_300, reserve: 2250 })
      await refund(line, 5000)
      expect(await claims(), '450 were left').toMatchObject({ available: 24_300 - 4050, reserve: 1800 })
      await refund(line, 4500)
      expect(await claims()).toMatchObject({ available: 16_200, reserve: 1800 })
      await advance(commerce, clock, over)
      expect(await claims(), 'what refunds have taken is not released once more').toMatchObject({ available: 18_000, reserve: 0 })
      expect(await balanced()).toBe(true)
    })

    it('bears a refund that comes before any job has run, as it would one that comes after', async () => {
      const line = await sellAndDeliver()
      clock.set(available)
      await refund(line, 500)
      expect(await claims()).toMatchObject({ pending: 0, available: 8100, reserve: 450 })
      clock.set(over)
      await refund(line, 500)
      expect(await claims(), 'by now the rest is released').toMatchObject({ available: 8100, reserve: 0 })
      expect(await balanced()).toBe(true)
    })

    it('is untouched by a refund inside the hold, and then a part of what is left', async () => {
      const line = await sellAndDeliver()
      await refund(line, 4000)
      expect(await claims()).toMatchObject({ pending: 5400, reserve: 0 })
      await advance(commerce, clock, available)
      expect(await claims()).toMatchObject({ available: 4860, reserve: 540 })
    })

    it('is withheld of a late capture as well, for days of its own', async () => {
      const line = await sell(10_000, false)
      const { payments } = await commerce.orders.pay({ orderId: line.orderId, payment: { provider: 'card', capture: 'manual' } })
      await deliver(line)
      await commerce.payments.capture({ paymentId: payments[0]?.id ?? '', amount: 6000 })
      await advance(commerce, clock, '2026-01-20T08:00:00.000Z')
      await commerce.payments.capture({ paymentId: payments[0]?.id ?? '' })
      expect(await claims()).toMatchObject({ pending: 0, available: 8100, reserve: 900 })
      await advance(commerce, clock, over)
      expect(await claims()).toMatchObject({ available: 8640, reserve: 360 })
      await refund(line, 1000)
      expect(await claims()).toMatchObject({ available: 8100, reserve: 0 })
      expect(await balanced()).toBe(true)
    })

    it('stands in statements as held and as released, and is not paid before', async () => {
      await sellAndDeliver()
      clock.set(available)
      const lines = async (): Promise<Record<string, number>> =>
        Object.fromEntries(
          ((await commerce.settlement.settle({ party, currency: 'CNY' }))?.lines ?? []).map((line) => [line.kind, line.amount]),
        )
      expect(await lines()).toEqual({ sales: 10_000, commission: -1000, reserve_held: -900, payout: -8100 })
      clock.set(over)
      expect(await lines()).toEqual({ reserve_released: 900, payout: -900 })
      expect(await claims()).toMatchObject({ available: 0, reserve: 0, inPayout: 9000 })
    })

    it('is another where the supplier\u2019s contract says so, or none', async () => {
      const contract = (reserve?: { percent: number; days: number }): Promise<unknown> =>
        commerce.suppliers.setContract({ supplierId, settlement: { cycle: 'manual', holdDays: 7, reserve } })
      const reservedUnder = async (reserve?: Parameters<typeof contract>[0]): Promise<number | undefined> => {
        const before = (await claims())?.reserve ?? 0
        await contract(reserve)
        await sellAndDeliver()
        clock.set(new Date(Date.parse(clock.now()) + 7 * 86_400_000).toISOString())
        await commerce.background.drain()
        return ((await claims())?.reserve ?? 0) - before
      }
      expect(await reservedUnder()).toBe(900)
      expect(await reservedUnder({ percent: 2.5, days: 365 })).toBe(225)
      expect(await reservedUnder({ percent: 0, days: 1 })).toBe(0)
      for (const wrong of [
        { percent: 101, days: 1 },
        { percent: 10, days: 0 },
        { percent: 0.00001, days: 1 },
      ])
        await expect(contract(wrong)).rejects.toMatchObject({ code: 'input.invalid' })
      const { settlement } = (await commerce.suppliers.contract({ supplierId })) ?? {}
      expect(settlement).toMatchObject({ reserve: { percent: 0, days: 1 } })
    })

    it('gives each unit away once, however many refunds run beside its release', async () => {
      const line = await sellAndDeliver()
      await advance(commerce, clock, available)
      clock.set(over)
      const api: CommerceApi = commerce
      await Promise.all([
        ...Array.from({ length: 6 }, () => refund(line, 1000)),
        api.settlement.settle({ party, currency: 'CNY' }),
        commerce.background.drain(),
      ])
      const after = await claims()
      expect(after).toMatchObject({ reserve: 0 })
      expect((after?.available ?? 0) + (after?.inPayout ?? 0)).toBe(9000 - 5400)
      expect(await balanced()).toBe(true)
    })
  })
}
