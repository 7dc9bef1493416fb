import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Kernel } from '../kernel/index.js'
import { testDatabases } from '../testing/databases.js'
import type { MisbehavingOptions, MisbehavingProvider } from '../testing/misbehaving-provider.js'
import { openPayments, type PaymentFixture } from '../testing/payment.fixture.js'
import type { TestClock } from '../testing/test-clock.js'

for (const database of testDatabases()) {
  describe(`captures and refunds on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let psp: MisbehavingProvider
    let room: PaymentFixture
    let close: () => Promise<void>

    const open = async (options?: MisbehavingOptions): Promise<void> => {
      room = await openPayments(database, options)
      ;({ kernel, clock, psp, close } = room)
    }
    beforeEach(() => open())
    afterEach(() => close())

    describe('captures', () => {
      it('take an authorization in parts, up to what was authorized', async () => {
        const payment = await room.start({ capture: 'manual' })
        expect(payment).toMatchObject({ status: 'authorized', authorized: 1000, captured: 0 })
        expect(await room.payments.service.capture({ paymentId: payment.id, amount: 400 })).toMatchObject({
          status: 'authorized',
          captured: 400,
        })
        await expect(room.payments.service.capture({ paymentId: payment.id, amount: 601 })).rejects.toMatchObject({
          code: 'capture.exceeds_authorized',
        })
        expect(await room.payments.service.capture({ paymentId: payment.id })).toMatchObject({ status: 'captured', captured: 1000 })
        expect(await room.captures()).toMatchObject([
          { amount: 400, cumulative: 400 },
          { amount: 600, cumulative: 1000 },
        ])
      })

      it('at once never exceed what was authorized', async () => {
        const payment = await room.start({ capture: 'manual' })
        const results = await Promise.allSettled(
          Array.from({ length: 5 }, () => room.payments.service.capture({ paymentId: payment.id, amount: 400 })),
        )
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(2)
        expect(await room.state(payment)).toMatchObject({ captured: 800 })
        expect(psp.state(payment.id)).toMatchObject({ captured: 800 })
      })

      it.each(['timeout-before', 'timeout-after'] as const)('that end in %s are finished by a job, once', async (fault) => {
        const payment = await room.start({ capture: 'manual' })
        psp.next('capture', fault)
        expect(await room.payments.service.capture({ paymentId: payment.id, amount: 400 })).toMatchObject({ captured: 0 })
        await room.pass(2)
        expect(await room.state(payment)).toMatchObject({ captured: 400 })
        expect(psp.state(payment.id)).toMatchObject({ captured: 400 })
      })

      it('that a host’s transaction joins are made after its commit', async () => {
        const payment = await room.start({ capture: 'manual' })
        await kernel.database.transaction(undefined, (tx) => room.payments.service.capture({ paymentId: payment.id }, { tx }))
        expect(psp.calls('capture')).toBe(0)
        await room.pass(2)
        expect(await room.state(payment)).toMatchObject({ status: 'captured' })
      })

      it('with one idempotency key are one', async () => {
        const payment = await room.start({ capture: 'manual' })
        const capture = () => room.payments.service.capture({ paymentId: payment.id, amount: 400 }, { idempotencyKey: 'k' })
        await Promise.all([capture(), capture()])
        expect(await room.state(payment)).toMatchObject({ captured: 400 })
      })

      it('that are refused free what they claimed', async () => {
        const payment = await room.start({ capture: 'manual' })
        psp.next('capture', 'decline')
        await expect(room.payments.service.capture({ paymentId: payment.id })).rejects.toMatchObject({ code: 'payment.capture_refused' })
        expect(await room.payments.service.capture({ paymentId: payment.id })).toMatchObject({ captured: 1000 })
      })

      it('in parts are refused where the provider takes all or nothing', async () => {
        await close()
        await open({ capabilities: { partialCapture: false } })
        const payment = await room.start({ capture: 'manual' })
        await expect(room.payments.service.capture({ paymentId: payment.id, amount: 1 })).rejects.toMatchObject({
          code: 'payment.unsupported',
        })
      })
    })

    describe('refunds', () => {
      it('in parts give back no more than was captured, and stand in the books', async () => {
        const payment = await room.start()
        const first = await room.refund(payment, 300)
        expect(await room.payments.executeRefund(first.id)).toMatchObject({ status: 'succeeded', settledAt: clock.now() })
        await room.refund(payment, 600)
        await expect(room.refund(payment, 101)).rejects.toMatchObject({ code: 'refund.exceeds_captured', details: { left: 100 } })
        expect(await room.state(payment)).toMatchObject({ refunded: 300, refunding: 600 })
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ refunded: 900, refunding: 0 })
        expect(await room.balance('psp:test')).toBe(-100)
        expect(await room.balance('refunds')).toBe(-900)
        expect(room.told).toEqual(['hook.captured', 'payment.refunded', 'payment.refunded'])
      })

      it('at once never exceed what was captured', async () => {
        const payment = await room.start()
        const results = await Promise.allSettled(Array.from({ length: 10 }, () => room.refund(payment, 300)))
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3)
      })

      it('executed by many at once give the money back once', async () => {
        const payment = await room.start()
        const { id } = await room.refund(payment, 300)
        await Promise.all([kernel.background.drain(), ...Array.from({ length: 10 }, () => room.payments.executeRefund(id))])
        expect(psp.state(payment.id)).toMatchObject({ refunded: 300 })
        expect(await room.balance('refunds')).toBe(-300)
      })

      it.each(['timeout-before', 'timeout-after'] as const)('that end in %s are finished by the sweeper, once', async (fault) => {
        const payment = await room.start()
        psp.next('refund', fault)
        await room.refund(payment, 300)
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ refunded: 0, refunding: 300 })
        await room.pass(15)
        expect(await room.state(payment)).toMatchObject({ refunded: 300, refunding: 0 })
        expect(psp.state(payment.id)).toMatchObject({ refunded: 300 })
      })

      it('that take days are asked about, and a webhook is enough', async () => {
        const payment = await room.start()
        psp.next('refund', 'pending')
        const { id } = await room.refund(payment, 300)
        await kernel.background.drain()
        psp.settleRefund(id, 'succeeded')
        await room.payments.service.receiveWebhook({ provider: 'test', ...psp.webhook(payment.id, { type: 'refund.updated' }) })
        await kernel.background.drain()
        expect(await room.payments.service.listRefunds({ paymentId: payment.id })).toMatchObject({
          items: [{ id, status: 'succeeded' }],
          next: null,
        })
      })

      it('that fail give back their claim and can be tried again, once', async () => {
        const payment = await room.start()
        psp.next('refund', 'decline')
        const { id } = await room.refund(payment, 1000)
        expect(await room.payments.executeRefund(id)).toMatchObject({ status: 'failed', failure: { code: 'declined' } })
        expect(await room.state(payment)).toMatchObject({ refunded: 0, refunding: 0 })
        const again = await room.payments.service.retryRefund({ refundId: id })
        expect(again).toMatchObject({ status: 'succeeded', retryOf: id })
        expect((await room.payments.service.retryRefund({ refundId: id })).id).toBe(again.id)
        expect(room.told).toEqual(['hook.captured', 'payment.refund_failed', 'payment.refunded'])
      })
    })
  })
}
