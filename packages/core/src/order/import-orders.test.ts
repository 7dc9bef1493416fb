import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'
import type { OrderHooks } from './hooks.js'
import type { ImportOrder } from './index.js'

const paid = { provider: 'external', capturedAt: '2025-05-01T10:00:00.000Z' } as const

for (const database of testDatabases()) {
  describe(`importing orders on ${database.name}`, () => {
    let shop: OrderFixture
    let supplierId: string
    const orders = () => shop.orders.service
    const past = (externalId: string, lines = 1): ImportOrder => ({
      externalId,
      currency: 'BRL',
      placedAt: '2025-05-01T06:00:00-03:00',
      paid,
      lines: Array.from({ length: lines }, (_, index) => ({
        supplierId,
        productRef: `p${index % 3}`,
        title: 'Cadeira',
        quantity: 1 + index,
        price: 5890 + index,
        shipping: 1329,
        distributors: ['D13', 'D8'],
      })),
    })
    beforeEach(async () => {
      shop = await openOrders(database)
      supplierId = await shop.supplier()
    })
    afterEach(() => shop.close())

    it('keeps prices and dates as they were, and books at the time of payment', async () => {
      const placing: unknown[] = []
      const hooks = shop.kernel.hooks<OrderHooks>()
      hooks.join(
        'order.placing',
        async (input) =>
          void placing.push(...input.orders.map(({ imported, order, lines }) => [imported, order.placedAt, lines[0]?.distributors])),
      )
      const told: string[] = []
      for (const name of ['order.imported', 'order.placed', 'order.paid']) shop.kernel.events.on(name, () => told.push(name))
      const {
        orders: [imported],
      } = await orders().import({ orders: [past('x-1', 2)] })
      const order = await orders().get({ orderId: imported?.id ?? '' })
      expect(order).toMatchObject({
        externalId: 'x-1',
        placedAt: '2025-05-01T09:00:00.000Z',
        paidAt: paid.capturedAt,
        paymentStatus: 'paid',
        goods: 11_781,
        shipping: 2658,
        captured: 14_439,
        expiresAt: null,
      })
      expect(order.number).toMatch(/^250501-/)
      expect(await orders().timeline({ orderId: order.id })).toMatchObject([
        { type: 'placed', at: '2025-05-01T09:00:00.000Z', by: 'system', details: { imported: true } },
        { type: 'paid', at: paid.capturedAt },
      ])
      expect(order.lines).toMatchObject([
        { productId: 'p0', names: { und: 'Cadeira' }, unitPrice: 5890 },
        { productId: 'p1', quantity: 2, price: 5891, unitPrice: 2946 },
      ])
      expect(placing).toEqual([[true, '2025-05-01T09:00:00.000Z', ['D13', 'D8']]])
      expect(told).toEqual(['order.imported'])
      expect(await shop.books()).toEqual({ 'psp:external/clearing': -14_439, [`supplier:${supplierId}/pending`]: 14_439 })
      const clearingAt = async (at: string) => (await shop.ledger.service.balances({ purpose: 'clearing', at }))[0]?.balance ?? 0
      expect([await clearingAt('2025-05-01T09:59:59.999Z'), await clearingAt('2025-05-01T10:00:00.001Z')]).toEqual([0, -14_439])
    })

    it('leaves an order alone that it has imported before', async () => {
      const first = await orders().import({ orders: [past('x-1')] })
      const second = await orders().import({ orders: [past('x-1'), past('x-2')] })
      expect(second.orders.map(({ imported, id: orderId }) => [imported, orderId === first.orders[0]?.id])).toEqual([
        [false, true],
        [true, false],
      ])
      expect((await orders().list()).items).toHaveLength(2)
    })

    it('refuses what would not add up or belongs to nobody, and names where', async () => {
      const order = past('x-1')
      const line = { supplierId, quantity: 1 }
      await expect(orders().import({ orders: [{ ...order, lines: [line] }] })).rejects.toMatchObject({
        code: 'input.invalid',
        details: { issues: [{ path: 'orders.0.lines.0' }] },
      })
      await expect(orders().import({ orders: [{ ...order, currency: 'XXQ' }] })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(orders().import({ orders: [{ ...order, placedAt: 'yesterday' }] })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(orders().import({ orders: [order, order] })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(
        orders().import({ orders: [{ ...order, lines: [{ ...line, supplierId: 'sup_none', price: 1 }] }] }),
      ).rejects.toMatchObject({ code: 'order.unknown_supplier' })
      await expect(orders().import({ orders: [order] }, { actor: { type: 'staff', id: '1' } })).rejects.toMatchObject({
        code: 'order.import_refused',
      })
      await orders().import({ orders: [{ ...order, number: 'A-1' }] })
      await expect(orders().import({ orders: [{ ...past('x-9'), number: 'A-1' }] })).rejects.toMatchObject({ code: 'order.number_taken' })
    })

    it('makes an order of each, also where the same object is given twice', async () => {
      const { externalId: _, ...order } = past('x-1')
      const { orders: made } = await orders().import({ orders: [order, order] })
      expect(new Set(made.map(({ id }) => id)).size).toBe(2)
    })

    it('refunds by the way it was paid, at once', async () => {
      const {
        orders: [imported],
      } = await orders().import({ orders: [past('x-1')] })
      const [orderId, lineId] = [imported?.id ?? '', imported?.lineIds[0] ?? '']
      await orders().refund({ orderId, lines: [{ lineId, amount: 890 }], reason: 'late' })
      expect(await shop.books()).toEqual({ 'psp:external/clearing': -6329, [`supplier:${supplierId}/pending`]: 6329 })
    })

    it('takes as many statements for 300 orders of 3 lines as for one of one', async () => {
      const run = async (count: number, lines: number, prefix: string) =>
        (
          await shop.trace(() =>
            orders().import({ orders: Array.from({ length: count }, (_, index) => past(`${prefix}-${index}`, lines)) }),
          )
        ).length
      await run(1, 1, 'warm')
      const one = await run(1, 1, 'a')
      expect(await run(300, 3, 'b')).toBeLessThanOrEqual(one + chunks)
    })
  })
}

/** A statement carries a bounded number of parameters: SQLite takes 900 lines at once. */
const chunks = 2
