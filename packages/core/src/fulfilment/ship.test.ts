import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Order } from '../order/index.js'
import { testDatabases } from '../testing/index.js'
import { openSales, type SaleFixture } from '../testing/sale.fixture.js'

for (const database of testDatabases()) {
  describe(`shipping on ${database.name}`, () => {
    let shop: SaleFixture
    let supplierId: string
    let offers: readonly [string, string]
    let order: Order
    const fulfilment = () => shop.fulfilment.service
    const line = (index: number): string => order.lines[index]?.id ?? ''
    const state = async (): Promise<Order> => shop.orders.service.get({ orderId: order.id })
    const stock = async (): Promise<{ onHand: number; reserved: number }> => {
      const { onHand, reserved } = await shop.inventory.service.level({ offerId: offers[0] })
      return { onHand, reserved }
    }

    beforeAll(async () => {
      shop = await openSales(database)
      supplierId = await shop.supplier()
    })
    afterAll(() => shop.close())
    beforeEach(async () => {
      const [first = '', second = ''] = await shop.goods(supplierId, [{ shippable: false }, { shippable: false }])
      offers = [first, second]
      order = await shop.order([
        { offerId: first, quantity: 5 },
        { offerId: second, quantity: 1 },
      ])
    })

    it('sends a part, then the rest, and takes both off the shelf', async () => {
      expect(await stock()).toEqual({ onHand: 100, reserved: 5 })
      await fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity: 2 }], carrier: 'sf', trackingNumber: 'SF1' })
      expect(await stock()).toEqual({ onHand: 98, reserved: 3 })
      expect((await state()).fulfilmentStatus).toBe('partially_fulfilled')
      const [part] = order.supplierOrders
      await fulfilment().ship({
        supplierOrderId: part?.id,
        lines: [
          { lineId: line(1), quantity: 1 },
          { lineId: line(0), quantity: 3 },
        ],
      })
      expect(await stock()).toEqual({ onHand: 95, reserved: 0 })
      expect((await state()).fulfilmentStatus).toBe('fulfilled')
      const { items } = await fulfilment().list({ orderId: order.id })
      expect(items.map(({ status, trackingNumber, lines }) => [status, trackingNumber, lines.length])).toEqual([
        ['in_transit', 'SF1', 1],
        ['in_transit', null, 2],
      ])
    })

    it('never sends more than was ordered, however many send at once', async () => {
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, () => fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity: 2 }] })),
      )
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(2)
      for (const one of tries)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'fulfilment.exceeds_quantity', details: { left: 1 } })
      expect(await stock()).toEqual({ onHand: 96, reserved: 1 })
    })

    it('sends nothing of an order that is not paid, nor packs it', async () => {
      order = await shop.order([{ offerId: offers[0], quantity: 1 }], { paid: false })
      for (const announced of [true, false]) {
        await expect(fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity: 1 }], announced })).rejects.toMatchObject({
          code: 'fulfilment.not_paid',
        })
      }
    })

    it("keeps suppliers' goods in parcels of their own", async () => {
      const [other = ''] = await shop.goods(await shop.supplier('Bolt'), [{ shippable: false }])
      order = await shop.order([
        { offerId: offers[0], quantity: 1 },
        { offerId: other, quantity: 1 },
      ])
      const lines = order.lines.map(({ id: lineId }) => ({ lineId, quantity: 1 }))
      await expect(fulfilment().ship({ orderId: order.id, lines })).rejects.toMatchObject({ code: 'fulfilment.several_suppliers' })
      const part = order.supplierOrders.find(({ id }) => id !== order.lines[0]?.supplierOrderId)
      await expect(fulfilment().ship({ supplierOrderId: part?.id, lines: lines.slice(0, 1) })).rejects.toMatchObject({
        code: 'fulfilment.line_not_found',
      })
    })

    it('asks for the order or its part, for each line once, and for a link that is a link', async () => {
      const lines = [{ lineId: line(0), quantity: 1 }]
      const wrong = [
        { lines },
        { lines, orderId: order.id, supplierOrderId: 'sor_1' },
        { lines: [...lines, ...lines], orderId: order.id },
        { lines, orderId: order.id, trackingUrl: 'javascript:alert(1)' },
        { lines: [], orderId: order.id },
      ]
      for (const input of wrong) await expect(fulfilment().ship(input)).rejects.toMatchObject({ code: 'input.invalid' })
    })

    describe('a parcel that is announced', () => {
      const announce = (quantity: number) =>
        fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity }], announced: true })

      it('keeps its units, and leaves stock and order as they are until it is handed over', async () => {
        const { id: shipmentId } = await announce(4)
        expect(await stock()).toEqual({ onHand: 100, reserved: 5 })
        expect((await state()).fulfilmentStatus).toBe('unfulfilled')
        await expect(announce(2)).rejects.toMatchObject({ code: 'fulfilment.exceeds_quantity', details: { left: 1 } })
        expect(await fulfilment().handOver({ shipmentId })).toMatchObject({ status: 'in_transit' })
        expect(await stock()).toEqual({ onHand: 96, reserved: 1 })
      })

      it('can be canceled, and its units sent otherwise', async () => {
        const { id: shipmentId } = await announce(5)
        expect(await fulfilment().cancelShipment({ shipmentId })).toMatchObject({ status: 'canceled' })
        expect(await stock()).toEqual({ onHand: 100, reserved: 5 })
        const { id: sent } = await fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity: 5 }] })
        expect(await stock()).toEqual({ onHand: 95, reserved: 0 })
        await expect(fulfilment().cancelShipment({ shipmentId: sent })).rejects.toMatchObject({ code: 'fulfilment.not_cancelable' })
      })

      it('is unpacked when its order is canceled', async () => {
        const { id: shipmentId } = await announce(5)
        await shop.orders.service.cancel({ orderId: order.id, reason: 'changed my mind' })
        expect(await fulfilment().get({ shipmentId })).toMatchObject({ status: 'canceled' })
        await expect(fulfilment().handOver({ shipmentId })).rejects.toMatchObject({ code: 'fulfilment.step_refused' })
      })
    })

    describe('units that are refunded before they are sent', () => {
      const refund = (quantity: number) =>
        shop.orders.service.refund({ orderId: order.id, lines: [{ lineId: line(0), quantity }], reason: 'out of stock' })
      const send = (quantity: number, announced = false) =>
        fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity }], announced })

      it('cannot be sent any more, and go back on sale', async () => {
        await refund(4)
        expect(await stock()).toEqual({ onHand: 100, reserved: 1 })
        await expect(send(2)).rejects.toMatchObject({ code: 'fulfilment.exceeds_quantity', details: { left: 1 } })
        await send(1)
        expect(await stock()).toEqual({ onHand: 99, reserved: 0 })
      })

      it('complete what was sent of the rest', async () => {
        order = await shop.order([{ offerId: offers[0], quantity: 5 }])
        const { id: shipmentId } = await send(3)
        await refund(2)
        expect((await state()).fulfilmentStatus).toBe('fulfilled')
        await fulfilment().deliver({ shipmentId })
        expect(await state()).toMatchObject({ fulfilmentStatus: 'delivered', lines: [{ canceled: 2, fulfilled: 3, delivered: 3 }] })
      })

      it('are unpacked, the newest parcel first, and no parcel that still has its units', async () => {
        const [first, second] = [await send(2, true), await send(2, true)]
        await refund(2)
        expect(await fulfilment().get({ shipmentId: first.id })).toMatchObject({ status: 'announced' })
        expect(await fulfilment().get({ shipmentId: second.id })).toMatchObject({ status: 'canceled' })
        await fulfilment().handOver({ shipmentId: first.id })
        await expect(send(2)).rejects.toMatchObject({ details: { left: 1 } })
      })
    })

    it('sends what was sold elsewhere and imported, and takes nothing off the shelf for it', async () => {
      const placedAt = shop.kernel.clock.now()
      const { orders } = await shop.orders.service.import({
        orders: [
          {
            currency: 'CNY',
            placedAt,
            paid: { provider: 'external', capturedAt: placedAt },
            lines: [{ supplierId, offerId: offers[0], quantity: 3, price: 300 }],
          },
        ],
      })
      const before = await stock()
      order = await shop.orders.service.get({ orderId: orders[0]?.id ?? '' })
      await shop.orders.service.refund({ orderId: order.id, lines: [{ lineId: line(0), quantity: 1 }], reason: 'out of stock' })
      const { id: shipmentId } = await fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(0), quantity: 2 }] })
      await fulfilment().deliver({ shipmentId })
      expect(await state()).toMatchObject({ fulfilmentStatus: 'delivered', lines: [{ canceled: 1, delivered: 2 }] })
      expect(await stock()).toEqual(before)

      const returns = shop.returns.service
      const { id: returnId } = await returns.request({ orderId: order.id, lines: [{ lineId: line(0), quantity: 2, reason: 'too small' }] })
      await returns.approve({ returnId })
      await returns.receive({ returnId, lines: [{ lineId: line(0), quantity: 2, restock: true }] })
      expect(await state()).toMatchObject({ returnStatus: 'returned', paymentStatus: 'refunded', lines: [{ canceled: 1, returned: 2 }] })
      // They lie here now, wherever they were sold.
      expect(await stock()).toEqual({ ...before, onHand: before.onHand + 2 })
    })

    it('corrects a tracking number', async () => {
      const { id: shipmentId } = await fulfilment().ship({
        orderId: order.id,
        lines: [{ lineId: line(0), quantity: 1 }],
        carrier: 'sf',
        trackingNumber: 'SFO',
      })
      await fulfilment().setTracking({ shipmentId, trackingNumber: 'SF0' })
      expect(await fulfilment().get({ shipmentId })).toMatchObject({ carrier: 'sf', trackingNumber: 'SF0' })
      expect((await fulfilment().list({ trackingNumber: 'SF0' })).items.map(({ id }) => id)).toEqual([shipmentId])
    })

    it('lists page by page', async () => {
      const orderId = order.id
      for (let sent = 0; sent < 3; sent++) await fulfilment().ship({ orderId, lines: [{ lineId: line(0), quantity: 1 }] })
      const first = await fulfilment().list({ orderId, limit: 2 })
      const rest = await fulfilment().list({ orderId, limit: 2, after: first.next ?? undefined })
      expect([first.items.length, rest.items.length, rest.next]).toEqual([2, 1, null])
    })

    it('says which shipment there is not', async () => {
      await expect(fulfilment().get({ shipmentId: 'shp_no' })).rejects.toMatchObject({ code: 'fulfilment.shipment_not_found' })
      await expect(fulfilment().deliver({ shipmentId: 'shp_no' })).rejects.toMatchObject({ code: 'fulfilment.shipment_not_found' })
    })
  })
}
