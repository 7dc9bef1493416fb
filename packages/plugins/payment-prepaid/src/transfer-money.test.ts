import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { currency, type Marketplace, openMarketplace, type Shopper } from './prepaid.fixture.js'

for (const database of testDatabases()) {
  describe(`balances on ${database.name}`, () => {
    let market: Marketplace
    let shopper: Shopper
    beforeAll(async () => {
      market = await openMarketplace(database, { currencies: ['CNY', 'EUR'] })
    })
    beforeEach(async () => {
      shopper = await market.shopper()
    })
    afterAll(() => market.close())

    const deposit = (more: object = {}) =>
      market.commerce.prepaid.topUp({ customerId: shopper.customerId, amount: 1000, currency, source: 'stripe', ...more })

    it('books what a customer pays in, from the account by which it came', async () => {
      const booked = { type: 'top_up', amount: 1000, currency, counterparty: 'stripe', reference: null, by: 'staff:42' }
      const input = { customerId: shopper.customerId, amount: 1000, currency, source: 'stripe' }
      expect(await market.commerce.prepaid.topUp(input, { actor: { type: 'staff', id: '42' } })).toMatchObject(booked)
      expect(await shopper.balance()).toEqual({ available: 1000, held: 0 })
      expect(await shopper.moved('psp:stripe', 'clearing')).toBe(-1000)
    })

    it('answers a question that is none with an error of ours', async () => {
      for (const input of [undefined, null, {}, { customerId: 5 }]) {
        await expect(market.commerce.prepaid.balance(input as never)).rejects.toMatchObject({ code: 'input.invalid' })
        await expect(market.commerce.prepaid.history(input as never)).rejects.toMatchObject({ code: 'input.invalid' })
      }
      const limit = Symbol('none') as never
      expect(await market.commerce.prepaid.history({ customerId: shopper.customerId, limit })).toEqual([])
    })

    it('books a reference once, also when it is reported many times at once', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => deposit({ reference: 'once' })))
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
      expect(await shopper.balance()).toEqual({ available: 1000, held: 0 })
    })

    it('refuses a reference that was used for another amount; another source has references of its own', async () => {
      await deposit({ reference: 'taken' })
      await expect(deposit({ reference: 'taken', amount: 999 })).rejects.toMatchObject({ code: 'prepaid.reference_taken' })
      await deposit({ reference: 'taken', source: 'bank' })
      expect(await shopper.balance()).toEqual({ available: 2000, held: 0 })
    })

    it('books an idempotency key once', async () => {
      const input = { customerId: shopper.customerId, amount: 1000, currency, source: 'bank' }
      const first = await market.commerce.prepaid.topUp(input, { idempotencyKey: 'key' })
      expect(await market.commerce.prepaid.topUp(input, { idempotencyKey: 'key' })).toEqual(first)
      expect(await shopper.balance()).toEqual({ available: 1000, held: 0 })
    })

    it('tells of a top-up once', async () => {
      const told: unknown[] = []
      const stop = market.commerce.on('prepaid.topped_up', (event) => told.push(event))
      const { id: transferId } = await deposit({ reference: 'told' })
      await deposit({ reference: 'told' })
      stop()
      expect(told).toEqual([{ transferId, customerId: shopper.customerId, amount: 1000, currency, reference: 'told', source: 'stripe' }])
    })

    it('joins a transaction of the host, and leaves nothing when that is undone', async () => {
      const { customerId } = shopper
      const undone = market.commerce.transaction(async (tx) => {
        await market.commerce.prepaid.topUp({ customerId, amount: 1000, currency, source: 'bank' }, { tx })
        expect(await market.commerce.prepaid.balance({ customerId }, { tx })).toEqual([{ currency, available: 1000, held: 0 }])
        throw new Error('the host changed its mind')
      })
      await expect(undone).rejects.toThrow('the host changed its mind')
      expect(await market.commerce.prepaid.balance({ customerId })).toEqual([])
    })

    it('refuses an unknown customer, a currency that is not accepted, and the balance as its own source', async () => {
      const { prepaid } = market.commerce
      await expect(deposit({ customerId: 'cus_nobody' })).rejects.toMatchObject({ code: 'customer.not_found' })
      await expect(prepaid.balance({ customerId: 'cus_nobody' })).rejects.toMatchObject({ code: 'customer.not_found' })
      for (const wrong of [{ currency: 'USD' }, { source: 'prepaid' }, { amount: 0 }, { amount: 0.5 }, { customerId: undefined }]) {
        await expect(deposit(wrong)).rejects.toMatchObject({ code: 'input.invalid' })
      }
    })

    it('pays out no more than can be spent, once per reference', async () => {
      await deposit()
      await market.provider.start(shopper.request(400, { capture: 'manual' }))
      const { customerId } = shopper
      const payOut = (amount: number) =>
        market.commerce.prepaid.withdraw({ customerId, amount, currency, destination: 'bank', reference: 'payout 1' })
      await expect(payOut(601)).rejects.toMatchObject({ code: 'balance.insufficient' })
      expect(await payOut(600)).toMatchObject({ type: 'withdrawal', counterparty: 'bank' })
      await payOut(600)
      expect(await shopper.balance()).toEqual({ available: 0, held: 400 })
      expect(await shopper.moved('psp:bank', 'clearing')).toBe(600)
    })

    it('tells the history of a balance, oldest first', async () => {
      const { customerId, paymentId } = shopper
      const { clock, provider, commerce } = market
      const payment = { paymentId, providerRef: paymentId }
      const { id: topUp } = await deposit()
      clock.set('2026-01-02T00:00:00.000Z')
      await provider.start(shopper.request(500, { capture: 'manual' }))
      clock.set('2026-01-03T00:00:00.000Z')
      await provider.capture({ ...payment, captureId: 'cpr_1', amount: 200, currency })
      await provider.void(payment)
      clock.set('2026-01-04T00:00:00.000Z')
      await provider.refund({ ...payment, refundId: 'rfd_1', amount: 100, currency })
      clock.set('2026-01-05T00:00:00.000Z')
      await deposit({ currency: 'EUR' })

      const history = async (part: object = {}) =>
        (await commerce.prepaid.history({ customerId, ...part })).map(({ kind, amount, currency: of, ref }) => [kind, amount, of, ref])
      const entries = [
        ['top_up', 1000, 'CNY', topUp],
        ['hold', -500, 'CNY', paymentId],
        ['release', 300, 'CNY', paymentId],
        ['refund', 100, 'CNY', paymentId],
        ['top_up', 1000, 'EUR', expect.stringMatching(/^ptr_/)],
      ]
      expect(await history()).toEqual(entries)
      expect(await history({ currency: 'EUR' })).toEqual(entries.slice(4))
      expect(await history({ from: '2026-01-02T00:00:00.000Z', to: '2026-01-04T00:00:00.000Z' })).toEqual(entries.slice(1, 3))
      expect(await history({ limit: 2 })).toEqual(entries.slice(0, 2))
    })

    it('keeps the balance of a customer who is erased', async () => {
      await deposit()
      await market.commerce.customers.erase({ customerId: shopper.customerId })
      expect(await shopper.balance()).toEqual({ available: 1000, held: 0 })
    })
  })
}
