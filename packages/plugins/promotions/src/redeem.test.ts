import { testDatabases } from '@entrepot/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CreatePromotionInput } from './create-promotion.js'
import type { Promotion } from './promotion.js'
import { openPromotions, type PromotionsFixture } from './promotions.fixture.js'

for (const database of testDatabases()) {
  describe(`redeeming promotions on ${database.name}`, () => {
    let shop: PromotionsFixture
    beforeAll(async () => {
      shop = await openPromotions(database)
    })
    afterEach(async () => {
      expect(await shop.commerce.ledger.check()).toMatchObject({ balanced: true })
    })
    afterAll(() => shop.close())

    const offer = (code: string, change: Partial<CreatePromotionInput> = {}): Promise<Promotion> =>
      shop.commerce.promotions.create({
        name: code,
        code,
        currency: 'CNY',
        amount: 5000,
        funders: { platform: 60, supplier: 40 },
        ...change,
      })
    const used = async ({ id: promotionId }: Promotion): Promise<number> => (await shop.commerce.promotions.get({ promotionId })).used

    it('takes a code off the cart and off the order, funder by funder', async () => {
      const promotion = await offer('FIFTY', { minimum: 30_000 })
      const cartId = await shop.cart({ lines: 3 })
      expect(await shop.commerce.carts.applyCode({ cartId, code: 'fifty' })).toEqual({ code: 'fifty', discount: 5000 })
      const order = await shop.place(cartId)
      expect(order).toMatchObject({ goods: 25_000, discount: 5000, codes: ['fifty'] })
      expect(order.lines[0]?.discounts).toEqual([
        {
          source: promotion.id,
          code: 'fifty',
          label: 'FIFTY',
          amount: 1667,
          funders: [
            { party: 'platform', amount: 1000 },
            { party: `supplier:${shop.supplierId}`, amount: 667 },
          ],
        },
      ])
      const { items } = await shop.commerce.promotions.redemptions({ promotionId: promotion.id })
      expect(items).toMatchObject([{ orderId: order.id, code: 'fifty', amount: 5000, currency: 'CNY', status: 'redeemed' }])
    })

    it('says why a code is no good', async () => {
      await offer('HIGH', { minimum: 100_000 })
      const cartId = await shop.cart()
      await expect(shop.commerce.carts.applyCode({ cartId, code: 'HIGH' })).rejects.toMatchObject({
        code: 'cart.code_refused',
        details: { reason: 'below_threshold' },
      })
    })

    it('grants a threshold discount by itself', async () => {
      const { commerce } = shop
      const { id: promotionId } = await commerce.promotions.create({
        name: '20 goods',
        currency: 'CNY',
        amount: 100,
        minimum: 200_000,
        funders: { supplier: 100 },
      })
      expect(await commerce.carts.get({ cartId: await shop.cart({ lines: 19 }) })).toMatchObject({ totals: { discount: 0 } })
      expect(await commerce.carts.get({ cartId: await shop.cart({ lines: 20 }) })).toMatchObject({ totals: { discount: 100 } })
      await commerce.promotions.archive({ promotionId })
    })

    it('that asks for no code and ends between looking and ordering is told, where the order says what the customer saw', async () => {
      const { commerce, clock } = shop
      await commerce.promotions.create({
        name: 'Today',
        amount: 500,
        currency: 'CNY',
        funders: { platform: 100 },
        validTo: '2026-01-02T00:00:00.000Z',
      })
      const cartId = await shop.cart()
      const expectedTotal = (await commerce.carts.get({ cartId })).totals.total
      expect(expectedTotal).toBe(9500)
      clock.set('2026-01-02T00:00:00.000Z')
      await expect(commerce.orders.place({ cartId, expectedTotal })).rejects.toMatchObject({
        code: 'order.total_changed',
        details: { expected: 9500, total: 10_000 },
      })
      expect((await commerce.orders.place({ cartId, expectedTotal: 10_000 })).total).toBe(10_000)
    })

    it('is paid by the distributor who brought the customer, out of what it earns', async () => {
      const { distribution } = shop.commerce
      const { id: distributorId, code: referral } = await distribution.apply({ name: 'Anna' })
      await distribution.approve({ distributorId })
      await offer('ANNAS', { amount: 300, funders: { distributor: 100 } })
      await shop.pay(await shop.place(await shop.cart({ codes: ['ANNAS'], referral })))
      expect(await distribution.earnings({ distributorId })).toMatchObject([{ pending: 1000 - 300 }])
      await expect(shop.cart({ codes: ['ANNAS'] })).rejects.toMatchObject({ details: { reason: 'other_distributor' } })

      await offer('TOOMUCH', { amount: 1001, funders: { distributor: 100 } })
      const cartId = await shop.cart({ codes: ['TOOMUCH'], referral })
      await expect(shop.place(cartId)).rejects.toMatchObject({ code: 'discount.exceeds_share' })
    })

    it('spends a limit exactly, however many orders are placed at once', async () => {
      const promotion = await offer('FIRST5', { limits: { total: 5 } })
      const carts = await Promise.all(Array.from({ length: 12 }, () => shop.cart({ codes: ['FIRST5'] })))
      const orders = await Promise.allSettled(carts.map((cartId) => shop.place(cartId)))
      const refusals = orders.flatMap((order) => (order.status === 'rejected' ? order.reason.code : []))
      expect(orders.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
      expect(new Set(refusals)).toEqual(new Set(['promotions.used_up']))
      expect(await used(promotion)).toBe(5)
    })

    it('spends a customer’s limit once, though two carts have the code', async () => {
      const promotion = await offer('MINE', { limits: { perCustomer: 1 } })
      const customerId = await shop.customer()
      const carts = [await shop.cart({ customerId, codes: ['MINE'] }), await shop.cart({ customerId, codes: ['MINE'] })]
      await Promise.allSettled(carts.map((cartId) => shop.place(cartId)))
      expect(await used(promotion)).toBe(1)
      const other = await shop.place(await shop.cart({ customerId: await shop.customer(), codes: ['MINE'] }))
      expect(other.discount).toBe(5000)
      await expect(shop.cart({ codes: ['MINE'] })).rejects.toMatchObject({ details: { reason: 'customer_unknown' } })
    })

    it('gives back what a canceled order had used', async () => {
      const promotion = await offer('AGAIN', { limits: { total: 1, perCustomer: 1 } })
      const customerId = await shop.customer()
      const { id: orderId } = await shop.place(await shop.cart({ customerId, codes: ['AGAIN'] }))
      await expect(shop.cart({ customerId, codes: ['AGAIN'] })).rejects.toMatchObject({ details: { reason: 'used_up' } })
      await shop.commerce.orders.cancel({ orderId, reason: 'changed my mind' })
      await shop.commerce.orders.cancel({ orderId, reason: 'changed my mind' })
      expect(await used(promotion)).toBe(0)
      expect((await shop.commerce.promotions.redemptions({ orderId })).items).toMatchObject([{ status: 'returned' }])
      await shop.place(await shop.cart({ customerId, codes: ['AGAIN'] }))
      expect(await used(promotion)).toBe(1)
    })

    it('uses it again when an expired order is paid after all, if nobody else has', async () => {
      const promotion = await offer('LATE', { limits: { total: 1 } })
      const [mine, other] = [await shop.cart({ codes: ['LATE'] }), await shop.cart({ codes: ['LATE'] })]
      const order = await shop.place(mine)
      shop.clock.set(new Date(Date.parse(shop.clock.now()) + 86_400_000).toISOString())
      await shop.commerce.background.drain()
      expect(await shop.commerce.orders.get({ orderId: order.id })).toMatchObject({ status: 'expired' })
      expect(await used(promotion)).toBe(0)

      await shop.commerce.orders.pay({ orderId: order.id, payment: { provider: 'external' } })
      expect(await used(promotion)).toBe(1)
      await expect(shop.place(other)).rejects.toMatchObject({ code: 'promotions.used_up' })
    })

    it('stays expired where somebody else has used it meanwhile, and the money is not taken', async () => {
      const { commerce } = shop
      await offer('GONE', { limits: { total: 1 } })
      const [mine, other] = [await shop.cart({ codes: ['GONE'] }), await shop.cart({ codes: ['GONE'] })]
      const { id: orderId } = await shop.place(mine)
      shop.clock.set(new Date(Date.parse(shop.clock.now()) + 86_400_000).toISOString())
      await commerce.background.drain()
      await shop.place(other)
      await expect(commerce.orders.pay({ orderId, payment: { provider: 'external' } })).rejects.toThrow()
      expect(await commerce.orders.get({ orderId })).toMatchObject({ status: 'expired' })
    })

    it('never makes a customer pay more than the code promised: the order is refused until the code is out', async () => {
      const { commerce } = shop
      const promotion = await offer('SHORT')
      const cartId = await shop.cart({ codes: ['SHORT'] })
      await commerce.promotions.archive({ promotionId: promotion.id })
      await expect(shop.place(cartId)).rejects.toMatchObject({ code: 'promotions.ended', details: { promotionIds: [promotion.id] } })
      await commerce.carts.removeCode({ cartId, code: 'SHORT' })
      expect(await shop.place(cartId)).toMatchObject({ discount: 0 })
    })

    it('lets a cart be ordered with a code that gave way to a better one', async () => {
      await offer('SMALL', { amount: 100 })
      await offer('LARGE', { amount: 200 })
      expect(await shop.place(await shop.cart({ codes: ['SMALL', 'LARGE'] }))).toMatchObject({ discount: 200 })
    })

    it('takes as many statements for one line as for twenty', async () => {
      await offer('SAME', { limits: { total: 100 } })
      const [one, twenty] = [await shop.cart({ codes: ['SAME'] }), await shop.cart({ codes: ['SAME'], lines: 20 })]
      // Once beforehand: the first use of a limit makes its row.
      await shop.place(await shop.cart({ codes: ['SAME'] }))
      const few = await shop.statements(() => shop.place(one))
      const many = await shop.statements(() => shop.place(twenty))
      expect(many.length).toBe(few.length)
    })

    it('leaves imported orders’ discounts as they were', async () => {
      const promotion = await offer('PAST', { limits: { total: 1 } })
      await shop.commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            placedAt: '2025-06-01T00:00:00.000Z',
            lines: [
              {
                supplierId: shop.supplierId,
                quantity: 1,
                unitPrice: 10_000,
                discounts: [
                  { source: promotion.id, code: 'PAST', label: 'Past', amount: 100, funders: [{ party: 'platform', amount: 100 }] },
                ],
              },
            ],
          },
        ],
      })
      expect(await used(promotion)).toBe(0)
    })
  })
}
