import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'

const address = { name: 'Li Lei', country: 'CN', line1: 'Nanjing Road 1' }

for (const database of testDatabases()) {
  describe(`claiming a cart for an order on ${database.name}`, () => {
    let shop: ShopFixture
    let supplierId: string
    const carts = () => shop.carts.service
    const claim = (cartId: string) => shop.kernel.database.transaction(undefined, (tx) => shop.carts.claim(tx, cartId))
    const place = (cartId: string, orderId: string) =>
      shop.kernel.database.transaction(undefined, async (tx) => {
        const cart = await shop.carts.claim(tx, cartId)
        await shop.carts.complete(tx, cartId, orderId)
        return cart
      })
    beforeEach(async () => {
      shop = await openShop(database)
      supplierId = await shop.supplier()
    })
    afterEach(() => shop.close())

    /** Opens all connections of the pool, so that what starts together runs together. */
    const warm = (cartId: string) => Promise.all(Array.from({ length: 8 }, () => carts().get({ cartId })))

    async function filledCart(goods = {}): Promise<{ readonly cartId: string; readonly offerId: string }> {
      const [offerId = ''] = await shop.goods(supplierId, [goods])
      const { id: cartId } = await carts().create({ currency: 'CNY' })
      await carts().addLine({ cartId, offerId, quantity: 2 })
      return { cartId, offerId }
    }

    it('gives what the customer is shown', async () => {
      const { cartId } = await filledCart({ shippable: false })
      const { status: _, orderId: _o, unavailable: _u, notices: _n, createdAt: _c, expiresAt: _e, ...shown } = await carts().get({ cartId })
      expect(await claim(cartId)).toEqual(shown)
    })

    it('gives a cart to one order only, and names it to who comes later', async () => {
      const { cartId } = await filledCart({ shippable: false })
      const orders = ['ord_1', 'ord_2', 'ord_3', 'ord_4']
      await warm(cartId)
      const tries = await Promise.allSettled(orders.map((orderId) => place(cartId, orderId)))
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      const { orderId } = await carts().get({ cartId })
      for (const one of tries)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'cart.completed', details: { orderId } })
      await expect(carts().removeCode({ cartId, code: 'X' })).rejects.toMatchObject({ code: 'cart.completed' })
    })

    it('never takes a line that is added while the order is placed without pricing it', async () => {
      const { cartId, offerId } = await filledCart({ shippable: false })
      await warm(cartId)
      const [placed, added] = await Promise.allSettled([place(cartId, 'ord_1'), carts().addLine({ cartId, offerId, quantity: 1 })])
      const ordered = placed.status === 'fulfilled' ? placed.value.lines[0]?.quantity : undefined
      const kept = (await carts().get({ cartId })).lines[0]?.quantity
      expect(ordered).toBe(kept)
      expect(ordered).toBe(added.status === 'fulfilled' ? 3 : 2)
    })

    it('refuses an empty cart', async () => {
      const { id: cartId } = await carts().create({ currency: 'CNY' })
      await expect(claim(cartId)).rejects.toMatchObject({ code: 'cart.empty' })
    })

    it('refuses a price that rose unseen, and takes one that fell', async () => {
      const { cartId, offerId } = await filledCart({ price: 1000, shippable: false })
      await shop.catalog.service.updateOffer({ offerId, price: 1001 })
      await expect(claim(cartId)).rejects.toMatchObject({
        code: 'cart.changed',
        details: { changes: [{ type: 'price_changed', from: 1000, to: 1001 }] },
      })
      await carts().acceptPrices({ cartId })
      expect((await claim(cartId)).totals.total).toBe(2002)
      await shop.catalog.service.updateOffer({ offerId, price: 900 })
      expect((await claim(cartId)).totals.total).toBe(1800)
    })

    it('refuses what is not sold any more', async () => {
      const { cartId, offerId } = await filledCart()
      await shop.suppliers.service.suspend({ supplierId, reason: 'late' })
      await expect(claim(cartId)).rejects.toMatchObject({
        code: 'cart.not_sellable',
        details: { offers: { [offerId]: 'supplier_not_approved' } },
      })
    })

    it('wants an address and a way there for what is sent', async () => {
      const { cartId } = await filledCart({ price: 1000 })
      await expect(claim(cartId)).rejects.toMatchObject({ code: 'cart.address_missing' })
      await carts().setAddress({ cartId, address })
      await expect(claim(cartId)).rejects.toMatchObject({ code: 'cart.shipping_missing', details: { supplierIds: [supplierId] } })
      const { id: methodId } = await shop.shipping.service.createMethod({
        supplierId,
        name: 'Light',
        rates: [{ upToGrams: 1000, amount: 600 }],
        currency: 'CNY',
      })
      await carts().selectShipping({ cartId, selections: [{ supplierId, methodId }] })
      expect(await claim(cartId)).toMatchObject({
        totals: { shipping: 600, total: 2600 },
        parcels: [{ supplierId, shipping: { methodId, amount: 600 } }],
      })
    })

    it('refuses a method that does not fit the parcel any more', async () => {
      const { cartId, offerId } = await filledCart()
      await carts().setAddress({ cartId, address })
      const { id: methodId } = await shop.shipping.service.createMethod({
        supplierId,
        name: 'Light',
        rates: [{ upToGrams: 1000, amount: 600 }],
        currency: 'CNY',
      })
      await carts().selectShipping({ cartId, selections: [{ supplierId, methodId }] })
      await carts().addLine({ cartId, offerId, quantity: 1 })
      expect((await carts().get({ cartId })).notices).toEqual([{ type: 'shipping_missing', supplierId, reason: 'not_available' }])
      await expect(claim(cartId)).rejects.toMatchObject({ code: 'cart.shipping_missing' })
    })
  })
}
