import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'
import type { RefundOfMany } from './index.js'
import type { Order } from './read-orders.js'

const reason = 'recalled'

for (const database of testDatabases()) {
  describe(`many refunds on ${database.name}`, () => {
    let shop: OrderFixture
    const orders = () => shop.orders.service
    const read = (orderId: string) => orders().get({ orderId })
    const lineOf = ({ lines }: Pick<Order, 'lines'>): string => lines[0]?.id ?? ''
    beforeEach(async () => {
      shop = await openOrders(database)
    })
    afterEach(() => shop.close())

    it('give every order what it was to get, as single refunds would have, and to where it came from', async () => {
      const [first, second, third] = [await shop.order(), await shop.order({ price: 999, quantity: 3 }), await shop.order()]
      const made = await orders().refundMany({
        refunds: [
          { orderId: second.id, lines: [{ lineId: lineOf(second), quantity: 1 }], reason },
          { orderId: first.id, everything: true, reason },
          { orderId: second.id, lines: [{ lineId: lineOf(second), quantity: 1 }], goodwill: { amount: 50 }, reason: 'and sorry' },
          { orderId: third.id, lines: [{ lineId: lineOf(third), amount: 1 }], reason },
        ],
      })
      expect(made.map(({ orderId, amount, goodwill }) => [orderId, amount, goodwill?.amount])).toEqual([
        [second.id, 999, undefined],
        [first.id, 1500, undefined],
        [second.id, 999, 50],
        [third.id, 1, undefined],
      ])
      expect(await read(first.id)).toMatchObject({ status: 'canceled', paymentStatus: 'refunded' })
      expect(await read(second.id)).toMatchObject({ status: 'open', refunded: 1998, goodwill: 50, lines: [{ canceled: 2 }] })
      expect((await orders().listRefunds({ orderId: second.id })).map((refund) => refund.reason)).toEqual([reason, 'and sorry'])
      await shop.kernel.background.drain()
      for (const { id } of [first, second, third]) {
        const { payments, refunded, goodwill } = await read(id)
        expect(payments[0]?.refunded).toBe(refunded + goodwill)
      }
      expect((await shop.books())['refunds/payable']).toBeUndefined()
    })

    it('are all or none', async () => {
      const [first, second] = [await shop.order(), await shop.order()]
      const refund = { reason, everything: true } as const
      const refused = (refunds: readonly RefundOfMany[]) => expect(orders().refundMany({ refunds })).rejects
      await refused([
        { ...refund, orderId: first.id },
        { orderId: second.id, lines: [{ lineId: lineOf(second), amount: 1001 }], reason },
      ]).toMatchObject({ code: 'refund.exceeds_captured' })
      await refused([
        { ...refund, orderId: first.id },
        { ...refund, orderId: first.id },
      ]).toMatchObject({ code: 'order.nothing_to_refund' })
      await refused([
        { ...refund, orderId: first.id },
        { ...refund, orderId: 'ord_none' },
      ]).toMatchObject({ code: 'order.not_found' })
      await refused([]).toMatchObject({ code: 'input.invalid' })
      for (const { id } of [first, second]) expect(await read(id)).toMatchObject({ refunded: 0, status: 'open' })
    })

    it('never give back more than came in, however many of them and single ones run at once', async () => {
      const [first, second] = [await shop.order(), await shop.order()]
      const part = (order: Order) => ({ orderId: order.id, lines: [{ lineId: lineOf(order), amount: 300 }], reason })
      const tries = await Promise.allSettled(
        Array.from({ length: 4 }, (_, index) => [
          orders().refundMany({ refunds: index % 2 ? [part(first), part(second)] : [part(second), part(first)] }),
          orders().refund(part(first)),
        ]).flat(),
      )
      for (const tried of tries) if (tried.status === 'rejected') expect(tried.reason).toMatchObject({ code: 'refund.exceeds_captured' })
      expect(await read(first.id)).toMatchObject({ refunded: 900 })
      expect((await read(second.id)).refunded).toBeLessThanOrEqual(900)
    })

    it('say when they were given, if the host’s own code does: not in the future, and not before the order', async () => {
      const { id: orderId, placedAt } = await shop.order()
      shop.clock.set('2026-01-10T00:00:00.000Z')
      const at = '2026-01-05T12:00:00.000Z'
      const give = (when: string, actor?: { readonly type: 'staff'; readonly id: string }) =>
        orders().refundMany({ refunds: [{ orderId, shipping: [], goodwill: { amount: 1 }, reason, at: when }] }, { actor })
      const refused = { code: 'order.refund_time' }
      await expect(give('2026-01-11T00:00:00.000Z')).rejects.toMatchObject(refused)
      await expect(give('2025-12-31T00:00:00.000Z')).rejects.toMatchObject({ ...refused, message: expect.stringContaining(placedAt) })
      await expect(give(at, { type: 'staff', id: '1' })).rejects.toMatchObject(refused)
      expect(await give(at)).toMatchObject([{ at }])
      expect((await orders().timeline({ orderId })).at(-1)).toMatchObject({ type: 'refunded', at })
    })

    it('take the same number of statements for one as for fifty', async () => {
      const supplierId = await shop.supplier()
      const place = async (count: number): Promise<readonly RefundOfMany[]> => {
        const refunds: RefundOfMany[] = []
        for (let index = 0; index < count; index++) {
          const order = await orders().place({ cartId: await shop.cart([{ supplierId }]), payment: { provider: 'test' } })
          refunds.push({ orderId: order.id, lines: [{ lineId: lineOf(order), amount: 10 }], reason })
        }
        return refunds
      }
      const count = async (refunds: readonly RefundOfMany[]) => (await shop.trace(() => orders().refundMany({ refunds }))).length
      const [warm, few, many] = [await place(2), await place(2), await place(50)]
      await count(warm)
      expect(await count(many)).toBe(await count(few))
    })
  })
}
