import { afterEach, describe, expect, it } from 'vitest'
import { openTestCommerce, type TestCommerce, testDatabases } from '../testing/index.js'

const bands = {
  mode: 'slab',
  steps: [
    { from: 0, percent: 10 },
    { from: 100_000, percent: 8 },
  ],
} as const

for (const database of testDatabases()) {
  describe(`the cap of a payment rail on ${database.name}`, () => {
    let opened: TestCommerce<readonly []> | undefined
    afterEach(async () => {
      await opened?.close()
    })

    /** What the platform earned of two lines of 100.00, placed at 8 % in January and paid in February, each as much as is said at a time. */
    async function earnedInFebruary(
      maxSplitPercent: number,
      receipts: readonly (number | undefined)[],
    ): Promise<readonly (number | undefined)[]> {
      opened = await openTestCommerce(database, { start: '2026-01-10T08:00:00.000Z', commission: { maxSplitPercent } })
      const { commerce, clock } = opened
      const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
      await commerce.commission.addRule({ bands, priorVolume: 100_000 })
      const line = { supplierId, quantity: 1, price: 10_000 }
      const [placed] = (await commerce.orders.import({ orders: [{ currency: 'CNY', placedAt: clock.now(), lines: [line, line] }] })).orders
      const { payments } = await commerce.orders.pay({ orderId: placed?.id ?? '', payment: { provider: 'external' } })
      clock.set('2026-02-10T08:00:00.000Z')
      for (const amount of receipts) await commerce.payments.recordReceipt({ paymentId: payments[0]?.id ?? '', amount })
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
      const [earned] = await commerce.ledger.balances({ party: 'platform', purpose: 'commission' })
      const shares = []
      for (const orderLineId of placed?.lineIds ?? []) shares.push((await commerce.commission.explain({ orderLineId })).shares[0]?.amount)
      return [earned?.balance, ...shares]
    }

    it('lets a line be split at the rate of the month in which it is paid', async () => {
      expect(await earnedInFebruary(10, [undefined])).toEqual([2000, 1000, 1000])
    })

    it('keeps the split that an order was placed with, where that of the month in which it is paid would pass the cap', async () => {
      expect(await earnedInFebruary(9, [undefined])).toEqual([1600, 800, 800])
      await opened?.close()
      // In parts, no line of the order enters at the dearer rate either.
      expect(await earnedInFebruary(9, [5000, 5000, undefined])).toEqual([1600, 800, 800])
    })
  })
}
