import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Carrier, CarrierRate } from '../ports/index.js'
import { type TestClock, testDatabases } from '../testing/index.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'

const address = { name: 'Li Lei', country: 'CN', line1: 'Nanjing Road 1' }

for (const database of testDatabases()) {
  describe(`shipping of a cart on ${database.name}`, () => {
    let shop: ShopFixture
    let supplierId: string
    let cartId: string
    let offerId: string
    let table: string
    let express: string
    let rates: readonly CarrierRate[]
    const carts = () => shop.carts.service
    const carrier: Carrier = { id: 'sf', rates: async (parcels) => parcels.map(() => rates) }
    const select = (methodId: string) => carts().selectShipping({ cartId, selections: [{ supplierId, methodId }] })
    const shippingNow = async () => (await carts().get({ cartId })).totals.shipping
    beforeEach(async () => {
      rates = [{ service: 'air', name: 'Air', amount: 2200 }]
      shop = await openShop(database, { carriers: [carrier] })
      supplierId = await shop.supplier()
      ;[offerId = ''] = await shop.goods(supplierId, [{}])
      table = await shop.flatShipping(supplierId, 800)
      express = (await shop.shipping.service.createMethod({ supplierId, name: 'Express', carrier: 'sf', currency: 'CNY' })).id
      cartId = (await carts().create({ currency: 'CNY' })).id
      await carts().addLine({ cartId, offerId, quantity: 1 })
      await carts().setAddress({ cartId, address })
    })
    afterEach(() => shop.close())

    it('offers what tables and carriers say', async () => {
      expect(await carts().shippingOptions({ cartId })).toMatchObject([
        {
          supplierId,
          weightGrams: 500,
          value: 1000,
          options: [
            { methodId: table, amount: 800 },
            { methodId: express, amount: 2200 },
          ],
        },
      ])
    })

    it("keeps a carrier's price for the parcel that it was asked for, for a day", async () => {
      await select(express)
      rates = [{ service: 'air', name: 'Air', amount: 9900 }]
      expect(await shippingNow()).toBe(2200)
      await carts().addLine({ cartId, offerId, quantity: 1 })
      expect((await carts().get({ cartId })).notices).toEqual([{ type: 'shipping_missing', supplierId, reason: 'not_available' }])
      await select(express)
      expect(await shippingNow()).toBe(9900)
      const clock = shop.kernel.clock as TestClock
      clock.set('2026-01-02T00:00:00.000Z')
      expect((await carts().get({ cartId })).notices).toMatchObject([{ type: 'shipping_missing', reason: 'not_available' }])
    })

    it('refuses a method that the supplier does not offer, and a carrier that does not go there', async () => {
      const foreign = await shop.flatShipping(await shop.supplier('Other'), 1)
      await expect(select(foreign)).rejects.toMatchObject({ code: 'cart.shipping_unavailable' })
      await expect(select('shm_none')).rejects.toMatchObject({ code: 'cart.shipping_unavailable' })
      rates = []
      await expect(select(express)).rejects.toMatchObject({ code: 'cart.shipping_unavailable', details: { supplierId, methodId: express } })
      expect(await shippingNow()).toBe(0)
    })

    it('is not asked of carriers inside a transaction', async () => {
      const inside = shop.kernel.database.transaction(undefined, (tx) =>
        carts().selectShipping({ cartId, selections: [{ supplierId, methodId: express }] }, { tx }),
      )
      await expect(inside).rejects.toMatchObject({ code: 'tx.outside_call' })
    })

    it("keeps the choice for one supplier while another's is made", async () => {
      const other = await shop.supplier('Other')
      const [otherOffer = ''] = await shop.goods(other, [{}])
      await carts().addLine({ cartId, offerId: otherOffer, quantity: 1 })
      const otherMethod = await shop.flatShipping(other, 300)
      await Promise.all(Array.from({ length: 8 }, shippingNow))
      await Promise.all([select(table), carts().selectShipping({ cartId, selections: [{ supplierId: other, methodId: otherMethod }] })])
      expect(await shippingNow()).toBe(1100)
    })
  })
}
