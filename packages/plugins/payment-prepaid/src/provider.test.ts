import type { PaymentState, RefundState } from '@entrepot/core'
import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { currency, type Marketplace, openMarketplace, type Shopper } from './prepaid.fixture.js'

for (const database of testDatabases()) {
  describe(`payments from a balance on ${database.name}`, () => {
    let market: Marketplace
    /** Has a balance of 1000. */
    let shopper: Shopper
    beforeAll(async () => {
      market = await openMarketplace(database)
    })
    beforeEach(async () => {
      shopper = await market.shopper()
      await shopper.topUp(1000)
    })
    afterAll(() => market.close())

    const named = () => ({ paymentId: shopper.paymentId, providerRef: shopper.paymentId })
    const start = (...request: Parameters<Shopper['request']>): Promise<PaymentState> => market.provider.start(shopper.request(...request))
    const hold = (amount: number): Promise<PaymentState> => start(amount, { capture: 'manual' })
    const fetch = (): Promise<PaymentState | null> => market.provider.fetch(named())
    const capture = (captureId: string, amount: number): Promise<PaymentState> =>
      market.provider.capture({ ...named(), captureId, amount, currency })
    const release = (): Promise<PaymentState> => market.provider.void(named())
    const refund = (refundId: string, amount: number): Promise<RefundState> =>
      market.provider.refund({ ...named(), refundId, amount, currency })
    /** What core has to take out of the provider's clearing account. */
    const clearing = (): Promise<number> => shopper.moved('psp:prepaid', 'clearing')
    const times = <Answer>(count: number, work: (index: number) => Promise<Answer>): Promise<readonly Answer[]> =>
      Promise.all(Array.from({ length: count }, (_, index) => work(index)))

    it('takes an automatic payment off the balance at once', async () => {
      const state = { status: 'captured', providerRef: shopper.paymentId, authorized: 300, captured: 300, refunded: 0, failure: undefined }
      expect(await start(300)).toEqual(state)
      expect(await fetch()).toEqual(state)
      expect(await shopper.balance()).toEqual({ available: 700, held: 0 })
      expect(await clearing()).toBe(300)
    })

    it('takes it once, however often and however much at once a start is sent', async () => {
      for (const answer of await times(10, () => start(300))) expect(answer).toMatchObject({ status: 'captured', captured: 300 })
      expect(await shopper.balance()).toEqual({ available: 700, held: 0 })
    })

    it('refuses more than there is, takes nothing, and keeps to it', async () => {
      const refusal = { status: 'failed', authorized: 0, captured: 0, failure: { code: 'insufficient_balance', retryable: true } }
      expect(await start(1001)).toMatchObject(refusal)
      await shopper.topUp(500)
      expect(await start(1001)).toMatchObject(refusal)
      expect(await fetch()).toMatchObject(refusal)
      expect(await shopper.balance()).toEqual({ available: 1500, held: 0 })
    })

    it('refuses a customer who never topped up, and another currency', async () => {
      const stranger = await market.shopper()
      const refusal = { status: 'failed', failure: { code: 'insufficient_balance' } }
      expect(await market.provider.start(stranger.request(1))).toMatchObject(refusal)
      expect(await start(1, { currency: 'EUR' })).toMatchObject(refusal)
    })

    it('refuses a guest, whosever balance the host names', async () => {
      const refusal = { status: 'failed', failure: { code: 'customer_required', retryable: false } }
      expect(await start(1, { customerId: null, data: { customerId: shopper.customerId } })).toMatchObject(refusal)
      expect(await fetch()).toBeNull()
      expect(await shopper.balance()).toEqual({ available: 1000, held: 0 })
    })

    it('never overdraws a balance under thirty payments at once', async () => {
      const answers = await times(30, (index) =>
        start(100, { paymentId: `${shopper.paymentId}-${index}`, capture: index % 2 === 0 ? 'automatic' : 'manual' }),
      )
      expect(answers.filter(({ status }) => status !== 'failed')).toHaveLength(10)
      const { available, held } = await shopper.balance()
      expect(available).toBe(0)
      expect(held + (await clearing())).toBe(1000)
      expect(await market.commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('holds a manual payment, captures it in parts, and gives the rest back', async () => {
      expect(await hold(600)).toMatchObject({ status: 'authorized', authorized: 600, captured: 0 })
      expect(await shopper.balance()).toEqual({ available: 400, held: 600 })
      expect(await capture('cpr_1', 200)).toMatchObject({ status: 'authorized', captured: 200 })
      expect(await capture('cpr_2', 150)).toMatchObject({ status: 'authorized', captured: 350 })
      expect(await release()).toMatchObject({ status: 'captured', authorized: 600, captured: 350 })
      expect(await shopper.balance()).toEqual({ available: 650, held: 0 })
      expect(await clearing()).toBe(350)
    })

    it('captures once per capture, also when it is sent many times at once', async () => {
      await hold(600)
      for (const answer of await times(10, () => capture('cpr_1', 200))) expect(answer).toMatchObject({ captured: 200 })
      expect(await shopper.balance()).toEqual({ available: 400, held: 400 })
    })

    it('captures no more than is held, whatever runs at once', async () => {
      await hold(600)
      await times(10, (index) => capture(`cpr_${index}`, 100))
      expect(await fetch()).toMatchObject({ status: 'captured', captured: 600 })
      expect(await capture('cpr_more', 1)).toMatchObject({ captured: 600, failure: { code: 'capture_exceeds_hold' } })
      expect(await shopper.balance()).toEqual({ available: 400, held: 0 })
      expect(await clearing()).toBe(600)
    })

    it('either captures or voids a payment that is asked for both at once', async () => {
      await hold(600)
      await Promise.all([capture('cpr_1', 600), release()])
      const state = await fetch()
      expect(await shopper.balance()).toEqual({ available: state?.status === 'voided' ? 1000 : 400, held: 0 })
      expect(await clearing()).toBe(state?.captured)
    })

    it('gives a hold back once', async () => {
      await hold(600)
      for (const answer of await times(5, release)) expect(answer).toMatchObject({ status: 'voided', captured: 0 })
      expect(await shopper.balance()).toEqual({ available: 1000, held: 0 })
      expect(await capture('cpr_1', 1)).toMatchObject({ status: 'voided', captured: 0, failure: { code: 'capture_exceeds_hold' } })
    })

    it('refunds in parts, once per refund, and never more than was captured', async () => {
      await start(300)
      for (const answer of await times(5, () => refund('rfd_1', 200)))
        expect(answer).toMatchObject({ status: 'succeeded', refundRef: 'rfd_1' })
      expect(await refund('rfd_2', 101)).toMatchObject({ status: 'failed', failure: { code: 'refund_exceeds_capture' } })
      expect(await fetch()).toMatchObject({ status: 'captured', captured: 300, refunded: 200 })
      expect(await shopper.balance()).toEqual({ available: 900, held: 0 })
      const asked = { ...named(), refundRef: null }
      expect(await market.provider.fetchRefund({ ...asked, refundId: 'rfd_1' })).toEqual({ status: 'succeeded', refundRef: 'rfd_1' })
      expect(await market.provider.fetchRefund({ ...asked, refundId: 'rfd_2' })).toBeNull()
    })

    it('does not take one payment’s capture for another’s', async () => {
      await hold(100)
      await capture('cpr_1', 100)
      const other = { paymentId: `${shopper.paymentId}-2`, providerRef: `${shopper.paymentId}-2` }
      await start(100, { ...other, capture: 'manual' })
      expect(await market.provider.capture({ ...other, captureId: 'cpr_1', amount: 100, currency })).toMatchObject({ captured: 100 })
      expect(await clearing()).toBe(200)
    })

    it('throws where it is asked to change a payment that was never begun', async () => {
      const unknown = { code: 'prepaid.payment_not_found' }
      await expect(capture('cpr_1', 1)).rejects.toMatchObject(unknown)
      await expect(release()).rejects.toMatchObject(unknown)
      await expect(refund('rfd_1', 1)).rejects.toMatchObject(unknown)
    })
  })
}
