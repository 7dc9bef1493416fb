import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, createMisbehavingProvider, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`the hold of a claim on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    let supplierId: string
    let party: string
    beforeEach(async () => {
      const payments = [createMisbehavingProvider({ id: 'card' }).provider]
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start: '2026-01-10T08:00:00.000Z',
        adapters: { payments },
        settlement: { holdDays: 7, cycle: 'manual' },
      }))
      supplierId = (await commerce.suppliers.apply({ name: 'Tea House' })).id
      party = `supplier:${supplierId}`
    })
    afterEach(() => close())

    const sell = async (price: number, paid: boolean): Promise<{ orderId: string; lineId: string }> => {
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
    const claims = async () => (await commerce.settlement.balances({ party }))[0]

    it('counts from delivery also where the money is captured after it', async () => {
      await commerce.commission.addRule({ percent: 10 })
      const line = await sell(10_000, false)
      const { payments } = await commerce.orders.pay({ orderId: line.orderId, payment: { provider: 'card', capture: 'manual' } })
      await deliver(line)
      await advance(commerce, clock, '2026-01-12T08:00:00.000Z')
      await commerce.payments.capture({ paymentId: payments[0]?.id ?? '', amount: 6000 })
      expect(await claims()).toMatchObject({ pending: 5400, available: 0 })
      await advance(commerce, clock, '2026-01-17T08:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 5400 })
      await commerce.payments.capture({ paymentId: payments[0]?.id ?? '' })
      expect(await claims()).toMatchObject({ pending: 0, available: 9000 })
    })

    it('begins with the refund of what will never be delivered, so that a charge on it is settled', async () => {
      await commerce.commission.addRule({ percent: 10, fixed: 30 })
      const [refunded, canceled] = [await sell(10_000, true), await sell(5000, true)]
      await commerce.orders.refund({ orderId: refunded.orderId, everything: true, reason: 'out of stock' })
      await commerce.orders.cancel({ orderId: canceled.orderId, reason: 'changed mind' })
      expect(await claims()).toMatchObject({ pending: -60, available: 0 })
      await advance(commerce, clock, '2026-01-17T08:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: -60 })
    })

    it('begins when the rest of what has arrived is refunded before it is sent', async () => {
      const { orders } = await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: clock.now(),
            paid: { provider: 'external', capturedAt: clock.now() },
            lines: [{ supplierId, quantity: 2, price: 10_000 }],
          },
        ],
      })
      const { id: orderId = '', lineIds: [lineId = ''] = [] } = orders[0] ?? {}
      const { id: shipmentId } = await commerce.fulfilment.ship({ orderId, lines: [{ lineId, quantity: 1 }] })
      await commerce.fulfilment.deliver({ shipmentId })
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 10_000, available: 0 })
      await commerce.orders.refund({ orderId, lines: [{ lineId, quantity: 1 }], reason: 'out of stock' })
      await advance(commerce, clock, '2026-02-08T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 5000 })
    })

    it('does not begin with the refund of a part', async () => {
      const line = await sell(10_000, true)
      await commerce.orders.refund({ orderId: line.orderId, lines: [{ lineId: line.lineId, amount: 4000 }], reason: 'scratched' })
      await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 6000, available: 0 })
      await deliver(line)
      await advance(commerce, clock, '2026-03-08T00:00:00.000Z')
      expect(await claims()).toMatchObject({ pending: 0, available: 6000 })
    })
  })
}
