import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMillis, type Kernel } from '../kernel/index.js'
import { testDatabases } from '../testing/databases.js'
import type { MisbehavingOptions, MisbehavingProvider } from '../testing/misbehaving-provider.js'
import { openPayments, order, type PaymentFixture } from '../testing/payment.fixture.js'
import type { TestClock } from '../testing/test-clock.js'
import { type PaymentHooks, paymentTable } from './index.js'

for (const database of testDatabases()) {
  describe(`payments on ${database.name}`, () => {
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

    describe('a start', () => {
      it('takes the money and books it once', async () => {
        expect(await room.start()).toMatchObject({ status: 'captured', captured: 1000, providerRef: expect.stringContaining('test-pay_') })
        expect(await room.captures()).toMatchObject([{ amount: 1000, cumulative: 1000 }])
        expect(await room.balance(`order:${order}`)).toBe(1000)
        expect(room.told).toEqual(['hook.captured'])
      })

      it('asks for several payments of one order, each by itself', async () => {
        psp.next('start', 'decline')
        const [first, second] = [await room.create({ amount: 300 }), await room.create({ amount: 700 })]
        const started = await room.payments.start([first.id, second.id])
        expect(started.map((payment) => payment.status)).toEqual(['failed', 'captured'])
        expect(await kernel.database.read(undefined, (reader) => room.payments.ofReference(reader, order))).toHaveLength(2)
      })

      it('refuses a provider that is not there, before anything is written', async () => {
        await expect(room.create({ provider: 'nowhere' })).rejects.toMatchObject({ code: 'payment.provider_unknown' })
      })

      it('is refused inside a transaction', async () => {
        const payment = await room.create()
        const startInside = (of: typeof payment | string) => kernel.database.transaction(undefined, () => room.payments.start([of]))
        await expect(startInside(payment.id)).rejects.toMatchObject({ code: 'tx.missing' })
        await expect(startInside(payment)).rejects.toMatchObject({ code: 'tx.outside_call' })
      })

      it.each(['timeout-before', 'timeout-after', 'nonsense'] as const)(
        'that ends in %s leaves the payment in doubt, and the sweeper finishes it',
        async (fault) => {
          psp.next('start', fault)
          expect(await room.start()).toMatchObject({ status: 'pending', captured: 0 })
          expect(room.reports).toMatchObject([{ message: expect.stringContaining('is in doubt') }])
          await room.pass(1)
          expect(await room.captures()).toMatchObject([{ amount: 1000 }])
          expect(room.told).toEqual(['hook.captured'])
        },
      )

      it('that nobody came to make, since the process died before it, is made by the sweeper, once', async () => {
        const payment = await room.create({ data: { token: 'tok_1' } })
        await room.pass(1)
        expect(await room.state(payment)).toMatchObject({ status: 'captured' })
        expect(psp.started(payment.id)).toMatchObject({ data: { token: 'tok_1' } })
        await room.pass(10)
        expect(psp.calls('start')).toBe(1)
        expect(room.told).toEqual(['hook.captured'])
      })

      it('is left to its caller for as long as a provider may take to answer', async () => {
        await room.create()
        clock.set(addMillis(clock.now(), 59_000))
        await kernel.background.drain()
        expect(psp.calls('start')).toBe(0)
      })

      it('books one capture of twenty first reports at once', async () => {
        const payment = await room.create()
        const begin = [() => room.payments.start([payment]), () => room.payments.service.finalize({ paymentId: payment.id })]
        await Promise.all(Array.from({ length: 20 }, (_, index) => begin[index % 2]?.()))
        expect(await room.captures()).toMatchObject([{ amount: 1000, cumulative: 1000 }])
        expect(room.told).toEqual(['hook.captured'])
        expect(await room.balance(`order:${order}`)).toBe(1000)
      })

      it('of a payment that was canceled since it was written is voided at the provider', async () => {
        const payment = await room.create({ capture: 'manual' })
        await room.cancel()
        await room.payments.start([payment])
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'voided' })
        expect(psp.state(payment.id)).toMatchObject({ status: 'voided' })
      })

      it('that a host’s transaction joins is made by a job, as soon as the host has committed', async () => {
        const payment = await kernel.database.transaction(undefined, async (tx) => {
          const [created] = await room.payments.create(tx, [
            { reference: order, provider: 'test', amount: 5, currency: 'CNY', customerId: null, capture: 'automatic' },
          ])
          return (await room.payments.start(created ? [created] : [], { tx }))[0]
        })
        expect(payment?.status).toBe('pending')
        expect(psp.calls('start')).toBe(0)
        await kernel.background.drain()
        expect(await room.payments.service.get({ paymentId: payment?.id ?? '' })).toMatchObject({ status: 'captured' })
      })

      it('hands on what the host gave for the provider, and forgets it', async () => {
        const payment = await room.start({ data: { token: 'tok_1' } })
        expect(psp.started(payment.id)).toMatchObject({ data: { token: 'tok_1' }, metadata: { orderId: order } })
        const row = await kernel.database.read(undefined, (reader) => reader.findOne(paymentTable, { id: payment.id }))
        expect(row?.startData).toBeNull()
      })

      it('that is declined can be tried again, once', async () => {
        psp.next('start', 'decline')
        const failed = await room.start()
        expect(failed).toMatchObject({ status: 'failed', failure: { code: 'declined' } })
        const [again, twice] = [
          await room.payments.service.retry({ paymentId: failed.id }),
          await room.payments.service.retry({ paymentId: failed.id }),
        ]
        expect(again).toMatchObject({ status: 'captured', retryOf: failed.id })
        expect(twice.id).toBe(again.id)
        await expect(room.payments.service.retry({ paymentId: again.id })).rejects.toMatchObject({ code: 'payment.not_retryable' })
      })
    })

    describe('finalizing', () => {
      it('twenty at once books one capture and runs the hook once', async () => {
        psp.next('start', 'action')
        const payment = await room.start()
        expect(payment).toMatchObject({ status: 'requires_action', action: { type: 'redirect' } })
        psp.pay(payment.id)
        await Promise.all(Array.from({ length: 20 }, () => room.payments.service.finalize({ paymentId: payment.id })))
        expect(await room.captures()).toHaveLength(1)
        expect(room.told).toEqual(['hook.captured'])
        expect(await room.balance(`order:${order}`)).toBe(1000)
      })

      it('by a browser beside a webhook beside the poller books one capture', async () => {
        psp.next('start', 'action')
        const payment = await room.start()
        psp.pay(payment.id)
        await room.payments.service.receiveWebhook({ provider: 'test', ...psp.webhook(payment.id) })
        clock.set(addMillis(clock.now(), 5 * 60_000))
        await Promise.all([
          room.payments.service.finalize({ paymentId: payment.id }),
          kernel.background.drain(),
          room.payments.service.finalize({ paymentId: payment.id }),
        ])
        expect(await room.captures()).toHaveLength(1)
        expect(room.told).toEqual(['hook.captured'])
      })

      it('books nothing where a hook refuses, and all of it at the next try', async () => {
        let refuse = true
        kernel.hooks<PaymentHooks>().join('payment.captured', async () => {
          if (refuse) throw new Error('the books are closed')
        })
        const { id } = await room.create()
        await expect(room.payments.start([id])).rejects.toThrow('the books are closed')
        expect(await room.captures()).toHaveLength(0)
        expect(await room.balance(`order:${order}`)).toBe(0)
        refuse = false
        await room.pass(1)
        expect(await room.captures()).toHaveLength(1)
        expect(await room.balance(`order:${order}`)).toBe(1000)
      })

      it('does not believe a capture beyond what was asked for', async () => {
        psp.next('start', 'pending')
        const payment = await room.start()
        psp.pay(payment.id, 1500)
        expect(await room.payments.service.finalize({ paymentId: payment.id })).toMatchObject({ captured: 1000, excess: 500 })
        await room.payments.service.finalize({ paymentId: payment.id })
        expect(room.told).toEqual(['hook.captured', 'payment.exceeded'])
      })

      it('is done by the sweeper where nobody else comes', async () => {
        psp.next('start', 'pending')
        const payment = await room.start()
        psp.pay(payment.id)
        psp.next('fetch', 'timeout-before')
        await room.pass(15)
        expect(await room.state(payment)).toMatchObject({ status: 'pending' })
        await room.pass(15)
        expect(await room.state(payment)).toMatchObject({ status: 'captured', captured: 1000 })
      })
    })

    describe('voids', () => {
      it('give back an authorization', async () => {
        const payment = await room.start({ capture: 'manual' })
        expect(await room.payments.service.void({ paymentId: payment.id })).toMatchObject({ status: 'voided', canceledAt: clock.now() })
        expect(psp.state(payment.id)).toMatchObject({ status: 'voided' })
        expect(room.told).toEqual(['payment.authorized', 'payment.voided'])
      })

      it('give back the rest of what was captured in part', async () => {
        const payment = await room.start({ capture: 'manual' })
        await room.payments.service.capture({ paymentId: payment.id, amount: 400 })
        expect(await room.payments.service.void({ paymentId: payment.id })).toMatchObject({ status: 'captured', captured: 400 })
        await expect(room.payments.service.void({ paymentId: payment.id })).rejects.toMatchObject({ code: 'payment.not_voidable' })
      })

      it('of all that is open for an order are made by jobs', async () => {
        const [authorized, captured, unheardOf] = [await room.start({ capture: 'manual' }), await room.start(), await room.create()]
        expect(await room.cancel()).toEqual([authorized.id, unheardOf.id])
        await kernel.background.drain()
        expect(
          [await room.state(authorized), await room.state(captured), await room.state(unheardOf)].map((payment) => payment.status),
        ).toEqual(['voided', 'captured', 'voided'])
        expect(await room.payments.start([unheardOf.id])).toMatchObject([{ status: 'voided' }])
        expect(psp.state(unheardOf.id)).toBeUndefined()
      })

      it('that the provider refuses are tried again', async () => {
        const payment = await room.start({ capture: 'manual' })
        psp.next('void', 'refuse-now')
        expect(await room.payments.service.void({ paymentId: payment.id })).toMatchObject({ status: 'authorized' })
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'voided' })
      })

      it('do not stop money that comes in late: it is booked, and the hook is told', async () => {
        psp.next('start', 'pending')
        const payment = await room.start()
        await room.cancel()
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'voided' })
        psp.pay(payment.id)
        expect(await room.payments.service.finalize({ paymentId: payment.id })).toMatchObject({ status: 'captured', captured: 1000 })
        expect(room.told).toEqual(['payment.voided', 'hook.captured'])
      })

      it('are waited for where the provider knows none, until the payment is forgotten', async () => {
        await close()
        await open({ capabilities: { void: false } })
        psp.next('start', 'pending', 'pending')
        const [late, never] = [await room.start(), await room.start()]
        await room.cancel()
        await room.pass(0)
        expect(psp.calls('void')).toBe(0)
        expect(await room.state(late)).toMatchObject({ status: 'pending', canceledAt: clock.now() })
        psp.pay(late.id)
        await room.pass(60)
        expect(await room.state(late)).toMatchObject({ status: 'captured' })
        await room.pass(31 * 24 * 60)
        expect(await room.state(never)).toMatchObject({ status: 'voided' })
      })

      it('catch a start that was under way when the order was canceled', async () => {
        const payment = await room.create({ capture: 'manual' })
        const release = psp.hold('start')
        const starting = room.payments.start([payment.id])
        await expect.poll(() => psp.calls('start')).toBe(1)
        await room.cancel()
        await kernel.background.drain()
        expect(await room.state(payment)).toMatchObject({ status: 'voided' })
        release()
        await starting
        await kernel.background.drain()
        expect(psp.state(payment.id)).toMatchObject({ status: 'voided' })
      })
    })
  })
}
