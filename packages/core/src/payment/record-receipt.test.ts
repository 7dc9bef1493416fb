import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Kernel } from '../kernel/index.js'
import { testDatabases } from '../testing/databases.js'
import { openPayments, order, type PaymentFixture } from '../testing/payment.fixture.js'

for (const database of testDatabases()) {
  describe(`external payments on ${database.name}`, () => {
    let kernel: Kernel
    let room: PaymentFixture

    beforeEach(async () => {
      room = await openPayments(database)
      ;({ kernel } = room)
    })
    afterEach(() => room.close())

    describe('money from outside', () => {
      it('waits until the operator records what came in, in parts', async () => {
        const payment = await room.start({ provider: 'external' })
        expect(payment).toMatchObject({ status: 'pending', captured: 0 })
        await room.payments.service.recordReceipt({ paymentId: payment.id, amount: 400, receivedAt: '2025-12-31T23:00:00+01:00' })
        expect(await room.payments.service.recordReceipt({ paymentId: payment.id })).toMatchObject({ status: 'captured', captured: 1000 })
        await expect(room.payments.service.recordReceipt({ paymentId: payment.id, amount: 1 })).rejects.toMatchObject({
          code: 'payment.receipt_exceeds_amount',
        })
        expect(await room.captures()).toMatchObject([{ amount: 400, capturedAt: '2025-12-31T22:00:00.000Z' }, { amount: 600 }])
      })

      it('is voided with its order, and refunded by the operator', async () => {
        const [waiting, paid] = [await room.start({ provider: 'external' }), await room.start({ provider: 'external' })]
        await room.payments.service.recordReceipt({ paymentId: paid.id })
        await room.cancel()
        await room.refund(paid, 1000)
        await kernel.background.drain()
        expect(await room.state(waiting)).toMatchObject({ status: 'voided' })
        expect(await room.state(paid)).toMatchObject({ refunded: 1000 })
      })

      it('of imported orders is captured from the start', async () => {
        const receipt = { reference: order, amount: 500, currency: 'CNY', customerId: null, receivedAt: '2025-03-01T00:00:00.000Z' }
        const received = await kernel.database.transaction(undefined, (tx) => room.payments.createReceived(tx, [receipt, receipt]))
        expect(received.map((payment) => payment.status)).toEqual(['captured', 'captured'])
        expect(await room.captures()).toMatchObject([{ amount: 500, capturedAt: receipt.receivedAt }, { amount: 500 }])
        await room.pass(5)
        expect(await room.balance(`order:${order}`)).toBe(1000)
      })
    })
  })
}
