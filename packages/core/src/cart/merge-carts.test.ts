import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'

const address = { name: 'Li Lei', country: 'CN', line1: 'Nanjing Road 1' }

for (const database of testDatabases()) {
  describe(`merging carts at login on ${database.name}`, () => {
    let shop: ShopFixture
    let offers: readonly string[]
    let customerId: string
    const carts = () => shop.carts.service
    const offer = (index: number) => offers[index] ?? ''
    /** Opens all connections of the pool, so that what starts together runs together. */
    const warm = (cartId: string) => Promise.all(Array.from({ length: 8 }, () => carts().get({ cartId })))
    const contentOf = async (cartId: string) =>
      (await carts().get({ cartId })).lines.map((line) => [line.offerId, line.attribution.referral, line.quantity])
    beforeEach(async () => {
      shop = await openShop(database)
      offers = await shop.goods(await shop.supplier(), [{}, {}, {}])
      customerId = (await shop.customers.service.create({ externalUserId: 'u1' })).id
    })
    afterEach(() => shop.close())

    async function guestAndCustomer(): Promise<{ readonly from: string; readonly into: string }> {
      const { id: from } = await carts().create({ currency: 'CNY', attribution: { referral: 'D1' } })
      const { id: into } = await carts().create({ currency: 'CNY', customerId })
      await carts().addLines({
        cartId: from,
        lines: [
          { offerId: offer(0), quantity: 2 },
          { offerId: offer(1), quantity: 1, attribution: {} },
        ],
      })
      await carts().addLines({
        cartId: into,
        lines: [
          { offerId: offer(1), quantity: 4 },
          { offerId: offer(2), quantity: 1 },
        ],
      })
      return { from, into }
    }

    it('loses no line, no unit and no attribution', async () => {
      const { from, into } = await guestAndCustomer()
      expect(await carts().merge({ from, into })).toEqual({ id: into })
      expect(await contentOf(into)).toEqual([
        [offer(0), 'D1', 2],
        [offer(1), null, 5],
        [offer(2), null, 1],
      ])
      expect(await contentOf(from)).toEqual([])
      expect(await carts().get({ cartId: from })).toMatchObject({ status: 'merged' })
      expect(await carts().get({ cartId: into })).toMatchObject({ attribution: { referral: 'D1' }, customerId })
      await expect(carts().addLine({ cartId: from, offerId: offer(0), quantity: 1 })).rejects.toMatchObject({ code: 'cart.closed' })
    })

    it('happens once, however often the login is repeated', async () => {
      const { from, into } = await guestAndCustomer()
      await warm(into)
      await Promise.all(Array.from({ length: 5 }, () => carts().merge({ from, into })))
      expect((await contentOf(into)).map((line) => line[2])).toEqual([2, 5, 1])
    })

    it('loses nothing that is added to either cart meanwhile, or says that it is closed', async () => {
      const { from, into } = await guestAndCustomer()
      await warm(into)
      const added = await Promise.allSettled([
        carts().addLine({ cartId: into, offerId: offer(0), quantity: 1 }),
        carts().merge({ from, into }),
        carts().addLine({ cartId: from, offerId: offer(2), quantity: 7 }),
        carts().addLine({ cartId: into, offerId: offer(2), quantity: 1 }),
      ])
      const late = added[2]?.status === 'fulfilled' ? 7 : 0
      const units = (await contentOf(into)).reduce((sum, line) => sum + Number(line[2]), 0)
      expect(units).toBe(8 + 2 + late)
    })

    it("takes over the address where the customer's cart has none, and gives it to the customer", async () => {
      const { from, into } = await guestAndCustomer()
      const { contactId } = await carts().setAddress({ cartId: from, address })
      await carts().merge({ from, into })
      expect(await carts().address({ cartId: into })).toMatchObject({ id: contactId, customerId, line1: 'Nanjing Road 1' })
      await shop.customers.service.erase({ customerId })
      expect(await carts().address({ cartId: into })).toMatchObject({ erased: true, line1: null })
    })

    it('keeps a price that was seen apart from one that is new', async () => {
      const { from, into } = await guestAndCustomer()
      await shop.catalog.service.updateOffer({ offerId: offer(0), price: 1100 })
      await carts().merge({ from, into })
      expect((await carts().get({ cartId: into })).notices).toMatchObject([
        { type: 'price_changed', offerId: offer(0), from: 1000, to: 1100 },
      ])
    })

    it("refuses another customer's cart, another currency, itself, and a cart that is closed", async () => {
      const { from, into } = await guestAndCustomer()
      const other = (await shop.customers.service.create({ externalUserId: 'u2' })).id
      const { id: others } = await carts().create({ currency: 'CNY', customerId: other })
      const { id: dollars } = await carts().create({ currency: 'USD' })
      await expect(carts().merge({ from: others, into })).rejects.toMatchObject({ code: 'cart.customer_differs' })
      await expect(carts().merge({ from: dollars, into })).rejects.toMatchObject({ code: 'cart.currency_differs' })
      await expect(carts().merge({ from: into, into })).rejects.toMatchObject({ code: 'cart.merge_into_itself' })
      await carts().merge({ from, into })
      await expect(carts().merge({ from, into: others })).rejects.toMatchObject({ code: 'cart.closed' })
      await expect(carts().setCustomer({ cartId: into, customerId: other })).rejects.toMatchObject({ code: 'cart.customer_differs' })
    })
  })
}
