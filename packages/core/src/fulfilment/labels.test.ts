import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMillis } from '../kernel/index.js'
import type { Order } from '../order/index.js'
import type { Carrier } from '../ports/index.js'
import { createMisbehavingCarrier, type MisbehavingCarrier, testDatabases } from '../testing/index.js'
import { openSales, type SaleFixture } from '../testing/sale.fixture.js'
import { advance } from '../testing/test-clock.js'
import type { Shipment } from './index.js'

const address = { name: 'Li Lei', phone: '138', country: 'CN', region: 'SH', city: 'Shanghai', line1: 'Nanjing Road 1' }

for (const database of testDatabases()) {
  describe(`labels on ${database.name}`, () => {
    let shop: SaleFixture
    let swift: MisbehavingCarrier
    let order: Order
    const typedIn: Carrier = { id: 'typed-in', rates: async (wanted) => wanted.map(() => []) }
    const fulfilment = () => shop.fulfilment.service
    const get = (shipmentId: string) => fulfilment().get({ shipmentId })
    const jobs = () => advance(shop.kernel, shop.clock, addMillis(shop.clock.now(), 60_000))
    /** One of three units, packed and waiting for their carrier. */
    const pack = (said: { readonly carrier?: string | undefined } = {}): Promise<Shipment> =>
      fulfilment().ship({ orderId: order.id, lines: [{ lineId: order.lines[0]?.id ?? '', quantity: 1 }], announced: true, ...said })

    beforeEach(async () => {
      swift = createMisbehavingCarrier({ id: 'swift', rates: [{ service: 'air', name: 'Air', amount: 900 }] })
      shop = await openSales(database, { carriers: [swift.carrier, typedIn] })
      const supplierId = await shop.supplier()
      const [offerId = ''] = await shop.goods(supplierId, [{ weightGrams: 333 }])
      const { id: methodId } = await shop.shipping.service.createMethod({
        supplierId,
        name: 'Express',
        carrier: 'swift',
        service: 'air',
        currency: 'CNY',
      })
      const { service: carts } = shop.carts
      const { id: cartId } = await carts.create({ currency: 'CNY' })
      await carts.addLine({ cartId, offerId, quantity: 3 })
      await carts.setAddress({ cartId, address })
      await carts.selectShipping({ cartId, selections: [{ supplierId, methodId }] })
      const { id: orderId, payments } = await shop.orders.service.place({ cartId, payment: { provider: 'external' } })
      for (const { id: paymentId } of payments) await shop.payments.service.recordReceipt({ paymentId })
      order = await shop.orders.service.get({ orderId })
    })
    afterEach(() => shop.close())

    it('is bought of the carrier and service that the customer chose, for the weight of what is in the parcel', async () => {
      const { id: shipmentId } = await pack()
      expect(await fulfilment().buyLabel({ shipmentId })).toMatchObject({
        status: 'announced',
        carrier: 'swift',
        trackingNumber: 'swift-1',
        trackingUrl: 'https://swift.example/swift-1',
        label: { status: 'bought', carrier: 'swift', service: 'air', ref: 'label-swift-1', url: 'https://swift.example/swift-1.pdf' },
      })
      expect(swift.asked(shipmentId)).toMatchObject({
        shipmentId,
        service: 'air',
        weightGrams: 333,
        to: { name: 'Li Lei', line1: 'Nanjing Road 1' },
      })
      expect(await fulfilment().handOver({ shipmentId })).toMatchObject({ status: 'in_transit', label: { status: 'bought' } })
    })

    it('is bought once, however many ask for it at once, and afterwards', async () => {
      const { id: shipmentId } = await pack()
      const all = await Promise.all(Array.from({ length: 8 }, () => fulfilment().buyLabel({ shipmentId })))
      expect(new Set(all.map((shipment) => shipment.label?.ref))).toEqual(new Set(['label-swift-1']))
      const asked = swift.calls('label')
      expect(await fulfilment().buyLabel({ shipmentId })).toMatchObject({ trackingNumber: 'swift-1' })
      expect(swift.calls('label')).toBe(asked)
      expect(swift.charged()).toBe(1)
    })

    it('whose answer was lost is asked for again, of the same carrier, and is one label', async () => {
      const { id: shipmentId } = await pack()
      swift.next('label', 'timeout-after')
      await expect(fulfilment().buyLabel({ shipmentId })).rejects.toMatchObject({ code: 'fulfilment.carrier_unreachable' })
      expect((await get(shipmentId)).label).toEqual({ status: 'asked', carrier: 'swift', service: 'air', ref: null, url: null })
      await expect(fulfilment().buyLabel({ shipmentId, service: 'road' })).rejects.toMatchObject({ code: 'fulfilment.no_label' })
      expect(await fulfilment().buyLabel({ shipmentId })).toMatchObject({ label: { status: 'bought', ref: 'label-swift-1' } })
      expect(swift.charged()).toBe(1)
    })

    it('that is answered with nonsense counts as asked, and nothing of it is believed', async () => {
      const { id: shipmentId } = await pack()
      swift.next('label', 'nonsense')
      await expect(fulfilment().buyLabel({ shipmentId })).rejects.toMatchObject({ code: 'fulfilment.carrier_unreachable' })
      expect(await get(shipmentId)).toMatchObject({ trackingNumber: null, label: { status: 'asked' } })
    })

    it('that the carrier does not sell is told in its words, and leaves the parcel as it was', async () => {
      const { id: shipmentId } = await pack()
      swift.next('label', 'refuse')
      await expect(fulfilment().buyLabel({ shipmentId })).rejects.toMatchObject({
        code: 'fulfilment.label_refused',
        details: { carrier: 'swift', reason: 'there is no such street' },
      })
      expect(await get(shipmentId)).toMatchObject({ status: 'announced', label: null, trackingNumber: null })
      expect(await fulfilment().buyLabel({ shipmentId })).toMatchObject({ label: { status: 'bought' } })
    })

    it('says why there is none', async () => {
      const none = { code: 'fulfilment.no_label' }
      const { id: shipmentId } = await pack({ carrier: 'typed-in' })
      await expect(fulfilment().buyLabel({ shipmentId })).rejects.toMatchObject(none)
      await expect(fulfilment().buyLabel({ shipmentId, carrier: 'pigeon' })).rejects.toMatchObject(none)
      await expect(fulfilment().buyLabel({ shipmentId: 'shp_none' })).rejects.toMatchObject({ code: 'fulfilment.shipment_not_found' })
      await shop.kernel.database.transaction(undefined, async (tx) => {
        await expect(fulfilment().buyLabel({ shipmentId, carrier: 'swift' }, { tx })).rejects.toMatchObject(none)
      })
      await fulfilment().handOver({ shipmentId })
      await expect(fulfilment().buyLabel({ shipmentId, carrier: 'swift' })).rejects.toMatchObject(none)
      expect((await get(shipmentId)).label).toBeNull()
      expect(swift.calls('label')).toBe(0)
    })

    it('is given back, and the parcel has no number any more', async () => {
      const { id: shipmentId } = await pack()
      await fulfilment().buyLabel({ shipmentId })
      expect(await fulfilment().voidLabel({ shipmentId })).toMatchObject({
        trackingNumber: null,
        label: { status: 'voided', ref: 'label-swift-1' },
      })
      expect(await fulfilment().voidLabel({ shipmentId })).toMatchObject({ label: { status: 'voided' } })
      expect([swift.charged(), swift.calls('voidLabel')]).toEqual([0, 1])
      await expect(fulfilment().buyLabel({ shipmentId })).rejects.toMatchObject({ code: 'fulfilment.no_label' })
    })

    it('is not given back where none was bought, where the parcel is under way, or where the carrier refuses', async () => {
      const { id: shipmentId } = await pack()
      const refused = { code: 'fulfilment.label_not_voidable' }
      await expect(fulfilment().voidLabel({ shipmentId })).rejects.toMatchObject(refused)
      await fulfilment().buyLabel({ shipmentId })
      swift.next('voidLabel', 'refuse')
      await expect(fulfilment().voidLabel({ shipmentId })).rejects.toMatchObject({ ...refused, details: { reason: 'it has been scanned' } })
      await fulfilment().handOver({ shipmentId })
      await expect(fulfilment().voidLabel({ shipmentId })).rejects.toMatchObject(refused)
      expect(swift.charged()).toBe(1)
    })

    it('of a parcel that is canceled is given back by itself, also where its answer was lost', async () => {
      const [bought, lost, plain] = [await pack(), await pack(), await pack()]
      await fulfilment().buyLabel({ shipmentId: bought.id })
      swift.next('label', 'timeout-after')
      await fulfilment()
        .buyLabel({ shipmentId: lost.id })
        .catch(() => {})
      expect(swift.charged()).toBe(2)
      for (const { id: shipmentId } of [bought, lost, plain]) await fulfilment().cancelShipment({ shipmentId })
      swift.next('voidLabel', 'timeout-before')
      await jobs()
      await jobs()
      expect(swift.charged()).toBe(0)
      expect([await get(bought.id), await get(lost.id), await get(plain.id)].map(({ label }) => label?.status)).toEqual([
        'voided',
        'voided',
        undefined,
      ])
    })

    it('that comes after its parcel was canceled is given back as well', async () => {
      const { id: shipmentId } = await pack()
      const release = swift.hold('label')
      const buying = fulfilment().buyLabel({ shipmentId })
      await expect.poll(() => swift.calls('label')).toBe(1)
      await fulfilment().cancelShipment({ shipmentId })
      await jobs()
      release()
      expect(await buying).toMatchObject({ status: 'canceled', trackingNumber: null, label: { status: 'bought' } })
      await jobs()
      expect(await get(shipmentId)).toMatchObject({ status: 'canceled', label: { status: 'voided' } })
      expect(swift.charged()).toBe(0)
    })

    it('that the carrier does not take back is reported once, and the parcel stays canceled', async () => {
      const { id: shipmentId } = await pack()
      await fulfilment().buyLabel({ shipmentId })
      swift.next('voidLabel', 'refuse')
      await fulfilment().cancelShipment({ shipmentId })
      await jobs()
      await jobs()
      expect(swift.calls('voidLabel')).toBe(1)
      expect(shop.reports.map(({ message }) => message)).toEqual([`the label of the canceled shipment ${shipmentId} is still charged for`])
      expect(await get(shipmentId)).toMatchObject({ status: 'canceled', label: { status: 'bought' } })
    })
  })
}
