import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'

for (const database of testDatabases()) {
  describe(`refunds and cancellations on ${database.name}`, () => {
    let shop: OrderFixture
    const orders = () => shop.orders.service
    const read = (orderId: string) => orders().get({ orderId })
    const reason = 'damaged'
    beforeEach(async () => {
      shop = await openOrders(database)
    })
    afterEach(() => shop.close())

    it('refunds by amount, by units and what is left, and comes out at what was captured', async () => {
      const order = await shop.order({ price: 1000, quantity: 3 })
      const [lineId, orderId] = [order.lines[0]?.id ?? '', order.id]
      const give = (line: { amount: number } | { quantity: number } | { all: true }) =>
        orders().refund({ orderId, lines: [{ lineId, ...line }], reason })
      expect(await give({ quantity: 1 })).toMatchObject({
        amount: 1000,
        goodwill: null,
        lines: [{ lineId, amount: 1000, quantity: 1, shipping: 0 }],
      })
      expect(await give({ amount: 333 })).toMatchObject({ amount: 333, lines: [{ quantity: null }] })
      expect(await read(orderId)).toMatchObject({ paymentStatus: 'partially_refunded', refunded: 1333 })
      await expect(give({ amount: 1668 })).rejects.toMatchObject({ code: 'refund.exceeds_captured', details: { refundable: 1667 } })
      await expect(give({ quantity: 3 })).rejects.toMatchObject({ code: 'refund.exceeds_captured' })
      expect(await give({ all: true })).toMatchObject({ amount: 1667 })
      await expect(give({ all: true })).rejects.toMatchObject({ code: 'order.nothing_to_refund' })
      await orders().refund({ orderId, shipping: [{ lineId, amount: 500 }], reason })
      expect(await read(orderId)).toMatchObject({ paymentStatus: 'refunded', refunded: 3500, payments: [{ refunded: 3500, refunding: 0 }] })
      expect((await orders().listRefunds({ orderId })).map((refund) => refund.amount)).toEqual([1000, 333, 1667, 500])
      expect(await shop.books()).toEqual({})
    })

    it('cancels units that are refunded before they are sent, and frees their stock', async () => {
      const order = await shop.order({ price: 1000, quantity: 3 })
      const [line] = order.lines
      const { id: lineId = '', offerId } = line ?? {}
      const told: unknown[] = []
      shop.kernel.events.on('order.units_canceled', (event) => told.push(event))
      const { id: refundId } = await orders().refund({ orderId: order.id, lines: [{ lineId, quantity: 2 }], reason })
      expect(await read(order.id)).toMatchObject({ status: 'open', fulfilmentStatus: 'unfulfilled', lines: [{ canceled: 2 }] })
      expect(await shop.stock(offerId ?? '')).toMatchObject({ reserved: 1 })
      expect(told).toEqual([{ orderId: order.id, refundId, lines: [{ lineId, quantity: 2 }] }])

      const send = (quantity: number) =>
        shop.kernel.database.transaction(undefined, (tx) =>
          shop.orders.recordFulfilment(tx, [{ orderId: order.id, lineId, quantity }], 'staff:1'),
        )
      await expect(send(2)).rejects.toMatchObject({ code: 'order.exceeds_quantity' })
      await orders().refund({ orderId: order.id, everything: true, reason })
      expect(await read(order.id)).toMatchObject({ paymentStatus: 'refunded', fulfilmentStatus: 'canceled', lines: [{ canceled: 3 }] })
      expect(await shop.stock(offerId ?? '')).toMatchObject({ reserved: 0 })
      expect(await shop.books()).toEqual({})
    })

    it('cancels nothing by an amount, nor where the order is not paid in full', async () => {
      const order = await shop.order({ price: 1000, quantity: 3 })
      await orders().refund({ orderId: order.id, lines: [{ lineId: order.lines[0]?.id ?? '', amount: 1000 }], reason })
      expect(await read(order.id)).toMatchObject({ lines: [{ canceled: 0 }] })

      const choices = { payment: { provider: 'test', capture: 'manual' } } as const
      const held = await shop.order({ price: 1000, quantity: 3 }, choices)
      await shop.payments.service.capture({ paymentId: held.payments[0]?.id ?? '', amount: 2000 })
      await orders().refund({ orderId: held.id, lines: [{ lineId: held.lines[0]?.id ?? '', quantity: 1 }], reason })
      expect(await read(held.id)).toMatchObject({ lines: [{ canceled: 0 }] })
    })

    it('rounds up by units, so that the last unit closes the line', async () => {
      const supplierId = await shop.supplier()
      const { orders: imported } = await orders().import({
        orders: [
          {
            currency: 'CNY',
            placedAt: '2025-05-01T00:00:00Z',
            paid: { provider: 'external', capturedAt: '2025-05-01T00:00:00Z' },
            lines: [{ supplierId, quantity: 3, price: 100 }],
          },
        ],
      })
      const [orderId, lineId] = [imported[0]?.id ?? '', imported[0]?.lineIds[0] ?? '']
      const amounts: number[] = []
      for (let unit = 0; unit < 3; unit++)
        amounts.push((await orders().refund({ orderId, lines: [{ lineId, quantity: 1 }], reason })).amount)
      expect(amounts).toEqual([34, 33, 33])
    })

    it('gives back to where the money came from, each payment its part', async () => {
      const order = await shop.order({ price: 1000 }, { payments: [{ provider: 'balance', amount: 600 }, { provider: 'test' }] })
      const [lineId, orderId] = [order.lines[0]?.id ?? '', order.id]
      await orders().refund({ orderId, lines: [{ lineId, amount: 500 }], reason })
      expect((await read(orderId)).payments.map((payment) => payment.refunded)).toEqual([200, 300])
      await orders().refund({ orderId, everything: true, reason })
      expect((await read(orderId)).payments.map((payment) => payment.refunded)).toEqual([600, 900])
      expect(await shop.books()).toEqual({})
    })

    it('gives goodwill beside a refund, which the platform bears', async () => {
      const order = await shop.order({ price: 1000 })
      const [lineId, orderId] = [order.lines[0]?.id ?? '', order.id]
      await orders().refund({ orderId, lines: [{ lineId, amount: 100 }], goodwill: { amount: 50 }, reason })
      expect(await read(orderId)).toMatchObject({ refunded: 100, goodwill: 50, payments: [{ refunded: 150 }] })
      expect(await shop.books()).toMatchObject({ 'platform/goodwill': -50, 'psp:test/clearing': -1350 })
      await expect(orders().refund({ orderId, goodwill: { amount: 1351 }, reason })).rejects.toMatchObject({
        code: 'refund.exceeds_captured',
      })
    })

    it('never gives back more than came in, however many refund at once', async () => {
      const order = await shop.order({ price: 1000 })
      const [lineId, orderId] = [order.lines[0]?.id ?? '', order.id]
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, () => orders().refund({ orderId, lines: [{ lineId, amount: 300 }], reason })),
      )
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3)
      expect(await read(orderId)).toMatchObject({ refunded: 900 })
    })

    it('refunds a parcel’s shipping over its lines', async () => {
      const supplierId = await shop.supplier()
      const order = await orders().place({
        cartId: await shop.cart([
          { supplierId, price: 300 },
          { supplierId, price: 200 },
        ]),
        payment: { provider: 'test' },
      })
      await orders().refund({ orderId: order.id, shipping: [{ supplierId, amount: 250 }], reason })
      expect((await read(order.id)).lines.map((line) => line.refundedShipping)).toEqual([150, 100])
      await expect(orders().refund({ orderId: order.id, shipping: [{ supplierId, amount: 251 }], reason })).rejects.toMatchObject({
        code: 'refund.exceeds_captured',
      })
      await expect(orders().refund({ orderId: order.id, shipping: [{ supplierId: 'sup_none', amount: 1 }], reason })).rejects.toMatchObject(
        { code: 'order.supplier_order_not_found' },
      )
      await expect(orders().refund({ orderId: order.id, lines: [{ lineId: 'oln_none', all: true }], reason })).rejects.toMatchObject({
        code: 'order.line_not_found',
      })
      await expect(orders().refund({ orderId: 'ord_none', everything: true, reason })).rejects.toMatchObject({ code: 'order.not_found' })
    })

    it('cancels a paid order: stock is free, the money back, and a second time nothing happens', async () => {
      const order = await shop.order({ stock: 1 })
      const orderId = order.id
      expect(await orders().cancel({ orderId, reason })).toMatchObject({
        status: 'canceled',
        paymentStatus: 'refunded',
        fulfilmentStatus: 'canceled',
        closeReason: reason,
        refunded: 1500,
      })
      expect(await orders().cancel({ orderId, reason: 'again' })).toMatchObject({ closeReason: reason, refunded: 1500 })
      expect(await shop.stock(order.lines[0]?.offerId ?? '')).toEqual({ onHand: 1, reserved: 0 })
      expect(await shop.books()).toEqual({})
      await expect(orders().pay({ orderId, payment: { provider: 'test' } })).rejects.toMatchObject({ code: 'order.not_payable' })
    })

    it('ends an order by itself of which all is given back before anything was sent, as a cancellation would have', async () => {
      const { id: orderId, lines } = await shop.order({ price: 1000, quantity: 2 })
      const told: unknown[] = []
      shop.kernel.events.on('order.canceled', (event) => told.push(event))
      await orders().refund({ orderId, everything: true, reason })
      const over = { status: 'canceled', paymentStatus: 'refunded', fulfilmentStatus: 'canceled', closeReason: reason, refunded: 2500 }
      expect(await read(orderId)).toMatchObject(over)
      expect(told).toEqual([{ orderId, supplierId: null, reason }])
      expect(await orders().cancel({ orderId, reason: 'again' })).toMatchObject(over)
      expect(await shop.stock(lines[0]?.offerId ?? '')).toMatchObject({ reserved: 0 })
      expect(await shop.books()).toEqual({})
    })

    it('leaves an order open while money of it is kept, until the rest goes back or somebody cancels it', async () => {
      const goods = { price: 1000, quantity: 2 }
      const [first, second] = [await shop.order(goods), await shop.order(goods)]
      for (const { id: orderId, lines } of [first, second]) {
        await orders().refund({ orderId, lines: lines.map(({ id: lineId }) => ({ lineId, all: true })), reason })
        expect(await read(orderId)).toMatchObject({ status: 'open', paymentStatus: 'partially_refunded', fulfilmentStatus: 'canceled' })
      }
      await orders().refund({ orderId: first.id, shipping: [{ lineId: first.lines[0]?.id ?? '', amount: 500 }], reason })
      expect(await read(first.id)).toMatchObject({ status: 'canceled', paymentStatus: 'refunded' })
      expect(await orders().cancel({ orderId: second.id, reason })).toMatchObject({ status: 'canceled', refunded: 2500 })
      expect(await shop.books()).toEqual({})
    })

    it('voids what is authorized when an order is canceled', async () => {
      const order = await shop.order({}, { payment: { provider: 'test', capture: 'manual' } })
      await orders().cancel({ orderId: order.id, reason })
      await shop.kernel.background.drain()
      expect(await read(order.id)).toMatchObject({ status: 'canceled', paymentStatus: 'canceled', payments: [{ status: 'voided' }] })
    })

    it('cancels one supplier’s part of a paid order, and the order goes on with the rest', async () => {
      const [first, second] = [await shop.supplier('First'), await shop.supplier('Second')]
      const order = await orders().place({
        cartId: await shop.cart([
          { supplierId: first, price: 700 },
          { supplierId: second, price: 300 },
        ]),
        payment: { provider: 'test' },
      })
      const after = await orders().cancel({ orderId: order.id, supplierId: second, reason })
      expect(after).toMatchObject({ status: 'open', paymentStatus: 'partially_refunded', refunded: 800, fulfilmentStatus: 'unfulfilled' })
      expect(after.supplierOrders.map((part) => part.fulfilmentStatus)).toEqual(['unfulfilled', 'canceled'])
      expect(await shop.books()).toMatchObject({ [`supplier:${first}/pending`]: 1200, 'psp:test/clearing': -1200 })
      expect(await orders().cancel({ orderId: order.id, supplierId: first, reason })).toMatchObject({
        status: 'canceled',
        paymentStatus: 'refunded',
        refunded: 2000,
      })
    })

    it('does not cancel what has been sent, nor a part of what is unpaid', async () => {
      const sent = await shop.order({ quantity: 2 })
      await shop.kernel.database.transaction(undefined, (tx) =>
        shop.orders.recordFulfilment(tx, [{ orderId: sent.id, lineId: sent.lines[0]?.id ?? '', quantity: 1 }], 'staff:1'),
      )
      await expect(orders().cancel({ orderId: sent.id, reason })).rejects.toMatchObject({ code: 'order.not_cancelable' })
      const [first, second] = [await shop.supplier('First'), await shop.supplier('Second')]
      const unpaid = await orders().place({ cartId: await shop.cart([{ supplierId: first }, { supplierId: second }]) })
      await expect(orders().cancel({ orderId: unpaid.id, supplierId: first, reason })).rejects.toMatchObject({
        code: 'order.not_cancelable',
      })
    })

    it('takes the same number of statements for 1 line as for 200', async () => {
      const supplierId = await shop.supplier()
      const place = async (lines: number) =>
        (
          await orders().place({
            cartId: await shop.cart(Array.from({ length: lines }, () => ({ supplierId }))),
            payment: { provider: 'test' },
          })
        ).id
      const [first, one, other, many, others] = [await place(1), await place(1), await place(1), await place(200), await place(200)]
      const refund = async (orderId: string) => {
        const lines = (await read(orderId)).lines.map(({ id: lineId }) => ({ lineId, amount: 10 }))
        return (await shop.trace(() => orders().refund({ orderId, lines, reason }))).length
      }
      const callOff = async (orderId: string) => (await shop.trace(() => orders().refund({ orderId, everything: true, reason }))).length
      // The first opens accounts in the books that all others share.
      await refund(first)
      const refunding = await refund(one)
      expect(await refund(many)).toBe(refunding)
      expect(refunding).toBeLessThanOrEqual(budget.refund)
      const callingOff = await callOff(one)
      expect(await callOff(many)).toBe(callingOff)
      expect(callingOff).toBeLessThanOrEqual(budget.refundOfUnsent)
      const cancel = async (orderId: string) => (await shop.trace(() => orders().cancel({ orderId, reason }))).length
      const canceling = await cancel(other)
      expect(await cancel(others)).toBe(canceling)
      expect(canceling).toBeLessThanOrEqual(budget.cancel)
    })
  })
}

/** Statements of a whole refund or cancellation (a refund of all that is unsent is both), executed at the provider; they may only fall. */
const budget = { refund: 31, refundOfUnsent: 46, cancel: 46 }
