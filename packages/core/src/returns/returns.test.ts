import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addMillis } from '../kernel/index.js'
import type { Order } from '../order/index.js'
import { testDatabases } from '../testing/index.js'
import { openSales, type SaleFixture } from '../testing/sale.fixture.js'

for (const database of testDatabases()) {
  describe(`returns on ${database.name}`, () => {
    let shop: SaleFixture
    let supplierId: string
    let offerId: string
    let order: Order
    let lineId: string
    const returns = () => shop.returns.service
    const ask = (quantity: number) => returns().request({ orderId: order.id, lines: [{ lineId, quantity, reason: 'too small' }] })
    const state = async (): Promise<Order> => shop.orders.service.get({ orderId: order.id })
    const approved = async (quantity: number): Promise<string> => {
      const { id: returnId } = await ask(quantity)
      await returns().approve({ returnId })
      return returnId
    }
    const deliver = async (quantity: number): Promise<void> => {
      const { id: shipmentId } = await shop.fulfilment.service.ship({ orderId: order.id, lines: [{ lineId, quantity }] })
      await shop.fulfilment.service.deliver({ shipmentId })
    }

    beforeAll(async () => {
      shop = await openSales(database)
      supplierId = await shop.supplier()
    })
    afterAll(() => shop.close())
    beforeEach(async () => {
      ;[offerId = ''] = await shop.goods(supplierId, [{ price: 999, shippable: false }])
      order = await shop.order([{ offerId, quantity: 5 }])
      lineId = order.lines[0]?.id ?? ''
    })

    it('gives back goods and money for what came', async () => {
      await deliver(4)
      const returnId = await approved(3)
      expect((await state()).returnStatus).toBe('requested')
      const closed = await returns().receive(
        { returnId, lines: [{ lineId, quantity: 2, restock: true }] },
        { actor: { type: 'staff', id: '42' } },
      )
      expect(closed).toMatchObject({
        status: 'closed',
        supplierId,
        lines: [{ lineId, quantity: 3, received: 2, restocked: 2, reason: 'too small' }],
      })
      const after = await state()
      expect(after).toMatchObject({ returnStatus: 'partially_returned', paymentStatus: 'partially_refunded', refunded: 1998 })
      expect(after.lines[0]).toMatchObject({ comingBack: 0, returned: 2, refundedGoods: 1998 })
      expect(await shop.orders.service.listRefunds({ orderId: order.id })).toMatchObject([
        { id: closed.refundId, amount: 1998, by: 'staff:42' },
      ])
      expect(await shop.inventory.service.level({ offerId })).toMatchObject({ onHand: 98 })
    })

    it('puts back on the shelf only what can be sold again', async () => {
      await deliver(5)
      await returns().receive({ returnId: await approved(5), lines: [{ lineId, quantity: 5, restock: false }] })
      expect(await shop.inventory.service.level({ offerId })).toMatchObject({ onHand: 95 })
      expect(await state()).toMatchObject({ returnStatus: 'returned', paymentStatus: 'refunded' })
    })

    it('are of no more than was delivered', async () => {
      await expect(ask(1)).rejects.toMatchObject({ code: 'return.exceeds_delivered', details: { left: 0 } })
      await deliver(2)
      await expect(ask(3)).rejects.toMatchObject({ code: 'return.exceeds_delivered', details: { left: 2 } })
    })

    it('are asked for once, however many ask for the same goods at once', async () => {
      await deliver(5)
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => ask(2)))
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(2)
      expect((await state()).lines[0]).toMatchObject({ comingBack: 4 })
    })

    it('are received once, however many receive at once', async () => {
      await deliver(5)
      const returnId = await approved(5)
      const tries = await Promise.allSettled(
        Array.from({ length: 6 }, () => returns().receive({ returnId, lines: [{ lineId, quantity: 1, restock: true }] })),
      )
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'return.step_refused' })
      expect(await state()).toMatchObject({ refunded: 999 })
    })

    it('that are rejected or canceled, or did not come, can be asked for again', async () => {
      await deliver(3)
      const rejected = await ask(3)
      expect(await returns().reject({ returnId: rejected.id, reason: 'worn' })).toMatchObject({ status: 'rejected', statusReason: 'worn' })
      expect((await state()).returnStatus).toBe('none')
      await returns().cancel({ returnId: await approved(3) })
      await returns().receive({ returnId: await approved(3), lines: [{ lineId, quantity: 1, restock: false }] })
      await returns().receive({ returnId: await approved(2), lines: [{ lineId, quantity: 2, restock: false }] })
      await expect(ask(1)).rejects.toMatchObject({ code: 'return.exceeds_delivered' })
      expect(await state()).toMatchObject({ refunded: 2997 })
    })

    it('need approval before their goods are received', async () => {
      await deliver(1)
      const { id: returnId } = await ask(1)
      const lines = [{ lineId, quantity: 1, restock: true }]
      await expect(returns().receive({ returnId, lines })).rejects.toMatchObject({ code: 'return.step_refused' })
      await returns().approve({ returnId })
      await expect(returns().receive({ returnId, lines: [{ lineId, quantity: 2, restock: true }] })).rejects.toMatchObject({
        code: 'return.exceeds_requested',
      })
      await expect(returns().approve({ returnId })).rejects.toMatchObject({ code: 'return.step_refused' })
    })

    it('whose units were refunded by hand meanwhile are received, and not paid for twice', async () => {
      await deliver(5)
      const returnId = await approved(2)
      await shop.orders.service.refund({ orderId: order.id, lines: [{ lineId, quantity: 2 }], reason: 'the customer would not wait' })
      expect(await returns().receive({ returnId, lines: [{ lineId, quantity: 2, restock: true }] })).toMatchObject({
        status: 'closed',
        refundId: null,
        lines: [{ received: 2, restocked: 2 }],
      })
      expect(await state()).toMatchObject({ refunded: 1998, returnStatus: 'partially_returned' })
      expect(await shop.inventory.service.level({ offerId })).toMatchObject({ onHand: 97 })
      await returns().receive({ returnId: await approved(3), lines: [{ lineId, quantity: 3, restock: false }] })
      expect(await state()).toMatchObject({ refunded: 4995, returnStatus: 'returned', paymentStatus: 'refunded' })
    })

    it('give back what is still refundable of units that were refunded in part, whichever way', async () => {
      await deliver(2)
      const returnId = await approved(2)
      // Three of these were never sent; one is of those that come back.
      await shop.orders.service.refund({ orderId: order.id, lines: [{ lineId, quantity: 4 }], reason: 'late' })
      await shop.orders.service.refund({ orderId: order.id, lines: [{ lineId, amount: 99 }], reason: 'worn' })
      await returns().receive({ returnId, lines: [{ lineId, quantity: 2, restock: true }] })
      const [, , last] = await shop.orders.service.listRefunds({ orderId: order.id })
      expect(last).toMatchObject({ amount: 900, lines: [{ lineId, amount: 900, quantity: 1 }] })
      expect(await state()).toMatchObject({ refunded: 4995, paymentStatus: 'refunded', lines: [{ returned: 2, canceled: 3 }] })
    })

    it('are refunded in full where what was refunded before is a unit that the customer keeps', async () => {
      await deliver(5)
      await shop.orders.service.refund({ orderId: order.id, lines: [{ lineId, quantity: 1 }], reason: 'came broken, kept' })
      shop.clock.set(addMillis(shop.clock.now(), 1))
      await returns().receive({ returnId: await approved(2), lines: [{ lineId, quantity: 2, restock: true }] })
      expect(await state()).toMatchObject({ refunded: 2997 })
    })

    it('are of one supplier each', async () => {
      const [other = ''] = await shop.goods(await shop.supplier('Bolt'), [{ shippable: false }])
      order = await shop.order([
        { offerId, quantity: 1 },
        { offerId: other, quantity: 1 },
      ])
      await shop.fulfilment.service.deliverLines({ lines: order.lines.map((line) => ({ orderId: order.id, lineId: line.id })) })
      const lines = order.lines.map((line) => ({ lineId: line.id, quantity: 1, reason: 'wrong' }))
      await expect(returns().request({ orderId: order.id, lines })).rejects.toMatchObject({ code: 'return.several_suppliers' })
      await expect(returns().request({ orderId: order.id, lines: [{ lineId: 'oln_no', quantity: 1, reason: 'x' }] })).rejects.toMatchObject(
        {
          code: 'return.order_line_not_found',
        },
      )
    })

    it('are listed by order, supplier and status, page by page', async () => {
      await deliver(3)
      const made = [await ask(1), await ask(1), await ask(1)].map((one) => one.id)
      await returns().reject({ returnId: made[1] ?? '', reason: 'no' })
      const requested = await returns().list({ orderId: order.id, supplierId, status: 'requested' })
      expect(requested.items.map((one) => one.id)).toEqual([made[0], made[2]])
      const first = await returns().list({ orderId: order.id, limit: 2 })
      expect((await returns().list({ orderId: order.id, limit: 2, after: first.next ?? undefined })).items.map((one) => one.id)).toEqual([
        made[2],
      ])
      await expect(returns().get({ returnId: 'ret_no' })).rejects.toMatchObject({ code: 'return.not_found' })
    })

    it('of a hundred lines take as many statements as of one', async () => {
      const goods = await shop.goods(
        supplierId,
        Array.from({ length: 60 }, () => ({ shippable: false })),
      )
      const count = async (lines: number): Promise<readonly number[]> => {
        const { id: orderId, lines: ordered } = await shop.order(goods.slice(0, lines).map((offer) => ({ offerId: offer, quantity: 1 })))
        await shop.fulfilment.service.deliverLines({ lines: ordered.map((line) => ({ orderId, lineId: line.id })) })
        let returnId = ''
        const requested = await shop.statements(async () => {
          const asked = ordered.map((line) => ({ lineId: line.id, quantity: 1, reason: 'late' }))
          ;({ id: returnId } = await returns().request({ orderId, lines: asked }))
        })
        await returns().approve({ returnId })
        const came = ordered.map((line) => ({ lineId: line.id, quantity: 1, restock: true }))
        return [requested, await shop.statements(() => returns().receive({ returnId, lines: came }))]
      }
      expect(await count(60)).toEqual(await count(1))
    })
  })
}
