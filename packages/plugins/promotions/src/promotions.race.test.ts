import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatePromotionInput } from './create-promotion.js'
import type { Promotion } from './promotion.js'
import { openPromotions, type PromotionsFixture } from './promotions.fixture.js'

const day = 86_400_000

for (const database of testDatabases()) {
  describe(`promotions that are used at once on ${database.name}`, () => {
    let shop: PromotionsFixture
    beforeAll(async () => {
      shop = await openPromotions(database)
    })
    afterAll(async () => {
      expect(await shop.commerce.ledger.check()).toMatchObject({ balanced: true })
      await shop.close()
    })

    const offer = (code: string | undefined, change: Partial<CreatePromotionInput> = {}): Promise<Promotion> =>
      shop.commerce.promotions.create({ name: code ?? 'auto', code, currency: 'CNY', amount: 5000, funders: { platform: 100 }, ...change })
    const used = async ({ id: promotionId }: Promotion): Promise<number> => (await shop.commerce.promotions.get({ promotionId })).used
    const redeemed = async ({ id: promotionId }: Promotion): Promise<number> =>
      (await shop.commerce.promotions.redemptions({ promotionId, limit: 100 })).items.filter(({ status }) => status === 'redeemed').length
    const later = (millis: number): void => shop.clock.set(new Date(Date.parse(shop.clock.now()) + millis).toISOString())

    it('one cart placed many times at once uses its code once', async () => {
      const promotion = await offer('TWICE', { limits: { total: 5, perCustomer: 5 } })
      const cartId = await shop.cart({ customerId: await shop.customer(), codes: ['TWICE'] })
      const orders = await Promise.all(Array.from({ length: 6 }, () => shop.place(cartId)))
      expect(new Set(orders.map(({ id }) => id)).size).toBe(1)
      expect([await used(promotion), await redeemed(promotion)]).toEqual([1, 1])
    })

    it('two limits in carts of opposite order are spent without a ring, and only where both have room', async () => {
      const [one, two] = [
        await offer('ONE', { limits: { total: 4 }, combinable: true }),
        await offer('TWO', { limits: { total: 6 }, combinable: true }),
      ]
      const carts: string[] = []
      for (let index = 0; index < 10; index += 1)
        carts.push(await shop.cart({ lines: 2, codes: index % 2 ? ['ONE', 'TWO'] : ['TWO', 'ONE'] }))
      const orders = await Promise.allSettled(carts.map((cartId) => shop.place(cartId)))
      expect(orders.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
      expect(new Set(orders.flatMap((order) => (order.status === 'rejected' ? order.reason.code : [])))).toEqual(
        new Set(['promotions.used_up']),
      )
      expect([await used(one), await used(two), await redeemed(one), await redeemed(two)]).toEqual([4, 4, 4, 4])
    })

    it('cancellation, refund and expiry at once give a use back once', async () => {
      const promotion = await offer('BACK', { limits: { total: 3, perCustomer: 1 } })
      for (let round = 0; round < 6; round += 1) {
        const customerId = await shop.customer()
        const order = await shop.place(await shop.cart({ customerId, codes: ['BACK'] }))
        const orderId = order.id
        const paid = round % 2 === 0
        if (paid) await shop.pay(order)
        else later(day)
        const lines = order.lines.map(({ id: lineId }) => ({ lineId, all: true as const }))
        await Promise.allSettled([
          shop.commerce.orders.cancel({ orderId, reason: 'a' }),
          shop.commerce.background.drain(),
          shop.commerce.orders.cancel({ orderId, reason: 'b' }),
          ...(paid ? [shop.commerce.orders.refund({ orderId, lines, reason: 'c' })] : [shop.pay(order)]),
        ])
        await shop.commerce.background.drain()
        const { status, captured, refunded } = await shop.commerce.orders.get({ orderId })
        const items = (await shop.commerce.promotions.redemptions({ orderId })).items
        expect(items.map((item) => item.status)).toEqual([status === 'open' ? 'redeemed' : 'returned'])
        if (status !== 'open') expect(refunded).toBe(captured)
        expect(await used(promotion)).toBe(await redeemed(promotion))
        if (status === 'open') await shop.commerce.orders.cancel({ orderId, reason: 'end' })
      }
      expect([await used(promotion), await redeemed(promotion)]).toEqual([0, 0])
    })

    it('a last use that is given back is had by one of those who wait for it', async () => {
      const promotion = await offer('LAST', { limits: { total: 1 } })
      const carts: string[] = []
      for (let index = 0; index < 7; index += 1) carts.push(await shop.cart({ codes: ['LAST'] }))
      let holder = (await shop.place(carts.pop() ?? '')).id
      for (let round = 0; round < 3; round += 1) {
        const [, ...orders] = await Promise.allSettled([
          shop.commerce.orders.cancel({ orderId: holder, reason: 'back' }),
          ...carts.map((cartId) => shop.place(cartId)),
        ])
        const placed = orders.flatMap((order) => (order.status === 'fulfilled' ? order.value.id : []))
        expect(placed.length).toBeLessThanOrEqual(1)
        expect(await used(promotion)).toBe(placed.length)
        if (!placed[0]) {
          const [cartId = ''] = carts
          placed.push((await shop.place(cartId)).id)
        }
        holder = placed[0] ?? ''
        const done = (await shop.commerce.orders.get({ orderId: holder })).cartId
        carts.splice(carts.indexOf(done ?? ''), 1)
      }
    })

    it('an expired order that is paid late and a new order do not both have the last use', async () => {
      for (let round = 0; round < 4; round += 1) {
        const promotion = await offer(`LATE${round}`, { limits: { total: 1 } })
        const [mine, other] = [await shop.cart({ codes: [`LATE${round}`] }), await shop.cart({ codes: [`LATE${round}`] })]
        const order = await shop.place(mine)
        later(day)
        await shop.commerce.background.drain()
        await Promise.allSettled([shop.pay(order), shop.place(other)])
        await shop.commerce.background.drain()
        expect([await used(promotion), await redeemed(promotion)]).toEqual([1, 1])
        const { status, captured, refunded } = await shop.commerce.orders.get({ orderId: order.id })
        if (status !== 'open') expect(captured - refunded).toBe(0)
      }
    })

    it('a code typed in any case, and with blanks around it, is the same code', async () => {
      const promotion = await offer(' Größe-é ', { limits: { perCustomer: 1 } })
      const customerId = await shop.customer()
      const first = await shop.cart({ customerId, codes: ['grösse-É'] })
      await expect(shop.commerce.carts.applyCode({ cartId: first, code: '  GRÖSSE-É ' })).rejects.toMatchObject({
        code: expect.any(String),
      })
      expect((await shop.place(first)).discount).toBe(5000)
      await expect(shop.cart({ customerId, codes: ['gröſse-é'] })).rejects.toMatchObject({ details: { reason: 'used_up' } })
      // Decomposed, as some keyboards type it.
      await expect(shop.cart({ customerId, codes: ['größe-e\u0301'] })).rejects.toMatchObject({ details: { reason: 'used_up' } })
      const wide = await offer('FIFTY', { limits: { total: 1 } })
      await shop.place(await shop.cart({ codes: ['ｆｉｆｔｙ'] }))
      expect([await used(promotion), await used(wide)]).toEqual([1, 1])
    })

    it('a second promotion that has nothing left to take off refuses no order', async () => {
      const [whole, rest] = [
        await offer('WHOLE', { percent: 100, amount: undefined, combinable: true, limits: { total: 1 } }),
        await offer('REST', { amount: 100, combinable: true, limits: { total: 1 } }),
      ]
      const order = await shop.place(await shop.cart({ codes: ['REST', 'WHOLE'] }))
      expect(order).toMatchObject({ total: 0 })
      expect([await used(whole), await used(rest)]).toEqual([1, await redeemed(rest)])
    })

    it.each([
      { code: 'ß'.repeat(64) },
      { code: 'ŉ'.repeat(33) },
      { code: 'A\u0000B' },
      { code: 'x'.repeat(65) },
      { code: '   ' },
      { code: { like: '%' } as never },
      { code: ['A'] as never },
      { amount: Number.NaN },
      { amount: 0 },
      { amount: -1 },
      { amount: 1e300 },
      { amount: '5' as never },
      { amount: undefined, percent: 0.00001 },
      { amount: undefined, percent: 100.1 },
      { funders: {} },
      { funders: { platform: 50 } },
      { funders: { platform: 50, 'distributor:a b': 50 } },
      { limits: { total: 0 } },
      { limits: { total: 1.5 } },
      { name: '\ud800' },
      { validFrom: '2026-13-01T00:00:00Z' },
      { metadata: { a: '\u0000' } },
      { metadata: { a: 'x'.repeat(100_000) } },
      { scope: { categories: ['%'] } },
    ])('creating with $code $amount $percent is refused by a code, or done', async (change) => {
      const [outcome] = await Promise.allSettled([offer(undefined, { validTo: '2030-01-01T00:00:00Z', ...change })])
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'input.invalid' })
    })

    it.each([
      'ß'.repeat(64),
      'A\u0000B',
      '\ud800',
      'x'.repeat(5000),
      '',
      '   ',
      "'; DROP TABLE x",
      '%',
      { a: 1 },
      ['A'],
      null,
      5,
      Number.NaN,
    ])('a code like %j in a cart is refused by a code', async (code) => {
      const cartId = await shop.cart()
      await expect(shop.commerce.carts.applyCode({ cartId, code: code as string })).rejects.toMatchObject({
        code: expect.stringMatching(/^(input\.invalid|cart\.code_refused|cart\.code_unknown)$/),
      })
    })
  })
}
