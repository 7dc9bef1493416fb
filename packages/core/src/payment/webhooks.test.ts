import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMillis, type Kernel } from '../kernel/index.js'
import { testDatabases } from '../testing/databases.js'
import type { MisbehavingOptions, MisbehavingProvider } from '../testing/misbehaving-provider.js'
import { openPayments, type PaymentFixture } from '../testing/payment.fixture.js'
import type { TestClock } from '../testing/test-clock.js'
import { paymentWebhookTable } from './webhook.entity.js'

for (const database of testDatabases()) {
  describe(`payment webhooks on ${database.name}`, () => {
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

    describe('webhooks', () => {
      const receive = (webhook: ReturnType<MisbehavingProvider['webhook']>) =>
        room.payments.service.receiveWebhook({ provider: 'test', ...webhook })

      it('that are forged, or altered on the way, are refused', async () => {
        const payment = await room.start()
        await expect(receive(psp.webhook(payment.id, { forged: true }))).rejects.toMatchObject({ code: 'payment.webhook_forged' })
        const { headers, rawBody } = psp.webhook(payment.id)
        await expect(receive({ headers, rawBody: Buffer.concat([rawBody, Buffer.from(' ')]) })).rejects.toMatchObject({
          code: 'payment.webhook_forged',
        })
      })

      it('that come twice, at once or later, are stored once', async () => {
        psp.next('start', 'pending')
        const payment = await room.start()
        psp.pay(payment.id)
        const webhook = psp.webhook(payment.id, { eventId: 'evt-same' })
        const answers = await Promise.all(Array.from({ length: 5 }, () => receive(webhook)))
        expect(answers.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(1)
        await kernel.background.drain()
        expect(await receive(webhook)).toEqual({ accepted: 0, duplicates: 1 })
        const fetched = psp.calls('fetch')
        await kernel.background.drain()
        expect(psp.calls('fetch')).toBe(fetched)
        expect(await room.captures()).toHaveLength(1)
      })

      it('are not believed for what they claim', async () => {
        psp.next('start', 'pending')
        const payment = await room.start()
        await receive(psp.webhook(payment.id, { type: 'payment.captured', amount: 1 }))
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'pending', captured: 0 })
      })

      it('that come late and out of order end where the right order would have', async () => {
        psp.next('start', 'pending')
        const payment = await room.start({ capture: 'manual' })
        const early = psp.webhook(payment.id, { type: 'payment.authorized' })
        psp.pay(payment.id)
        await room.payments.service.finalize({ paymentId: payment.id })
        await room.payments.service.capture({ paymentId: payment.id })
        await receive(psp.webhook(payment.id, { type: 'payment.captured' }))
        await receive(early)
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'captured', captured: 1000 })
        expect(await room.captures()).toHaveLength(1)
      })

      it('that come before we know the provider’s reference are parked and taken up', async () => {
        const inbox = () => kernel.database.read(undefined, (reader) => reader.find(paymentWebhookTable, {}))
        psp.next('start', 'timeout-after')
        const payment = await room.start()
        await receive(psp.webhook(payment.id, { byReference: true }))
        await room.pass(0)
        expect(await inbox()).toMatchObject([{ status: 'parked' }])
        await room.payments.service.finalize({ paymentId: payment.id })
        await room.pass(1)
        expect(await inbox()).toMatchObject([{ status: 'done' }])
        expect(await room.captures()).toHaveLength(1)
      })

      it('that find the provider silent are worked off when it speaks again', async () => {
        psp.next('start', 'pending')
        const payment = await room.start()
        psp.pay(payment.id)
        psp.next('fetch', 'timeout-before')
        await receive(psp.webhook(payment.id))
        await kernel.background.drain()
        clock.set(addMillis(clock.now(), 10_000))
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'captured' })
      })
    })
  })
}
