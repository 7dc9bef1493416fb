import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'
import type { Order } from './index.js'

for (const database of testDatabases()) {
  describe(`goods on their way on ${database.name}`, () => {
    let shop: OrderFixture
    let order: Order
    const [a, b] = [0, 1]
    const units = (index: number, quantity: number) => ({ orderId: order.id, lineId: order.lines[index]?.id ?? '', quantity })
    const send = (...items: ReturnType<typeof units>[]) =>
      shop.kernel.database.transaction(undefined, (tx) => shop.orders.recordFulfilment(tx, items, 'staff:1'))
    const deliver = (...items: ReturnType<typeof units>[]) =>
      shop.kernel.database.transaction(undefined, (tx) => shop.orders.recordDelivery(tx, items, 'staff:1'))
    const back = (step: 'requested' | 'received' | 'withdrawn', ...items: ReturnType<typeof units>[]) =>
      shop.kernel.database.transaction(undefined, (tx) => shop.orders.recordReturn(tx, step, items, 'staff:1'))
    const read = () => shop.orders.service.get({ orderId: order.id })
    beforeEach(async () => {
      shop = await openOrders(database)
      const [first, second] = [await shop.supplier('First'), await shop.supplier('Second')]
      const cartId = await shop.cart([
        { supplierId: first, quantity: 2 },
        { supplierId: second, quantity: 1 },
      ])
      order = await shop.orders.service.place({ cartId, payment: { provider: 'test' } })
    })
    afterEach(() => shop.close())

    it('goes from part to whole, per supplier and for the order', async () => {
      expect(await send(units(a, 1))).toMatchObject([{ fulfilled: 1, delivered: 0 }])
      expect(await read()).toMatchObject({
        fulfilmentStatus: 'partially_fulfilled',
        supplierOrders: [{ fulfilmentStatus: 'partially_fulfilled' }, { fulfilmentStatus: 'unfulfilled' }],
      })
      await send(units(a, 1), units(b, 1))
      expect(await read()).toMatchObject({ fulfilmentStatus: 'fulfilled' })
      await deliver(units(b, 1))
      expect(await read()).toMatchObject({
        fulfilmentStatus: 'partially_delivered',
        supplierOrders: [{ fulfilmentStatus: 'fulfilled' }, { fulfilmentStatus: 'delivered' }],
      })
      await deliver(units(a, 2))
      expect(await read()).toMatchObject({ fulfilmentStatus: 'delivered' })
      expect((await shop.orders.service.timeline({ orderId: order.id })).slice(3).map(({ type, by }) => [type, by])).toEqual([
        ['fulfilled', 'staff:1'],
        ['fulfilled', 'staff:1'],
        ['delivered', 'staff:1'],
        ['delivered', 'staff:1'],
      ])
    })

    it('counts no unit twice', async () => {
      await expect(send(units(a, 1), units(a, 2))).rejects.toMatchObject({
        code: 'order.exceeds_quantity',
        details: { wanted: 3, left: 2 },
      })
      await expect(deliver(units(a, 1))).rejects.toMatchObject({ code: 'order.exceeds_quantity' })
      const results = await Promise.allSettled(Array.from({ length: 5 }, () => send(units(a, 1))))
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(2)
    })

    it('sends nothing that is neither paid nor authorized', async () => {
      const unpaid = await shop.order({}, {})
      await expect(send({ orderId: unpaid.id, lineId: unpaid.lines[0]?.id ?? '', quantity: 1 })).rejects.toMatchObject({
        code: 'order.not_paid',
      })
      await expect(send({ orderId: order.id, lineId: unpaid.lines[0]?.id ?? '', quantity: 1 })).rejects.toMatchObject({
        code: 'order.line_not_found',
      })
    })

    it('follows returns on their own, announced or not, and withdrawn', async () => {
      await send(units(a, 2), units(b, 1))
      await back('requested', units(a, 2))
      expect(await read()).toMatchObject({
        returnStatus: 'requested',
        fulfilmentStatus: 'fulfilled',
        supplierOrders: [{ returnStatus: 'requested' }, { returnStatus: 'none' }],
      })
      await expect(back('requested', units(a, 1))).rejects.toMatchObject({ code: 'order.exceeds_quantity' })
      await back('withdrawn', units(a, 1))
      await back('received', units(a, 1), units(b, 1))
      expect(await read()).toMatchObject({
        returnStatus: 'partially_returned',
        lines: [{ returned: 1 }, { returned: 1 }],
        supplierOrders: [{ returnStatus: 'partially_returned' }, { returnStatus: 'returned' }],
      })
    })
  })
}
