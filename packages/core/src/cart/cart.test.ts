import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestClock, testDatabases } from '../testing/index.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'
import type { CartHooks } from './index.js'

const address = { name: 'Li Lei', country: 'CN', region: 'SH', line1: 'Nanjing Road 1' }

for (const database of testDatabases()) {
  describe(`carts on ${database.name}`, () => {
    let shop: ShopFixture
    let supplierId: string
    const carts = () => shop.carts.service
    const guestCart = async () => (await carts().create({ currency: 'CNY' })).id
    const offer = async (goods = {}) => (await shop.goods(supplierId, [goods]))[0] ?? ''
    beforeEach(async () => {
      shop = await openShop(database)
      supplierId = await shop.supplier()
    })
    afterEach(() => shop.close())

    it('adds up what it holds', async () => {
      const [shoe, sock] = await shop.goods(supplierId, [{ price: 19_900 }, { price: 995 }])
      const cartId = await guestCart()
      await carts().addLines({
        cartId,
        lines: [
          { offerId: shoe ?? '', quantity: 1 },
          { offerId: sock ?? '', quantity: 3 },
        ],
      })
      const cart = await carts().get({ cartId })
      expect(cart.lines.map(({ quantity, unitPrice, price }) => ({ quantity, unitPrice, price }))).toEqual([
        { quantity: 1, unitPrice: 19_900, price: 19_900 },
        { quantity: 3, unitPrice: 995, price: 2985 },
      ])
      expect(cart.totals).toEqual({ goods: 22_885, discount: 0, shipping: 0, tax: 0, taxOnTop: 0, total: 22_885 })
      expect(cart).toMatchObject({ status: 'open', notices: [], unavailable: [], customerId: null })
    })

    it('keeps the same offer apart by what led to it, and together where nothing differs', async () => {
      const offerId = await offer()
      const { id: cartId } = await carts().create({ currency: 'CNY', attribution: { referral: 'D1' } })
      await carts().addLine({ cartId, offerId, quantity: 1 })
      await carts().addLine({ cartId, offerId, quantity: 2, attribution: { referral: 'D1' } })
      await carts().addLine({ cartId, offerId, quantity: 4, attribution: { content: 'live-42' } })
      const { lines } = await carts().get({ cartId })
      expect(lines.map(({ attribution, quantity }) => ({ ...attribution, quantity }))).toEqual([
        { referral: 'D1', content: null, quantity: 3 },
        { referral: null, content: 'live-42', quantity: 4 },
      ])
    })

    it('changes and removes lines', async () => {
      const cartId = await guestCart()
      const { id: lineId } = await carts().addLine({ cartId, offerId: await offer(), quantity: 1 })
      const { id: other } = await carts().addLine({ cartId, offerId: await offer(), quantity: 1 })
      expect(await carts().updateLine({ cartId, lineId, quantity: 5 })).toMatchObject({ id: lineId, quantity: 5 })
      await carts().removeLine({ cartId, lineId: other })
      expect((await carts().get({ cartId })).lines.map((line) => [line.id, line.quantity])).toEqual([[lineId, 5]])
      await expect(carts().removeLine({ cartId, lineId: other })).rejects.toMatchObject({ code: 'cart.line_not_found' })
      await expect(carts().updateLine({ cartId, lineId: other, quantity: 1 })).rejects.toMatchObject({ code: 'cart.line_not_found' })
    })

    it('refuses what cannot be sold in it', async () => {
      const cartId = await guestCart()
      const [unlisted, dollars] = [await offer(), await offer({ currency: 'USD' })]
      await shop.catalog.service.unlistOffer({ offerId: unlisted })
      const add = (offerId: string, quantity = 1) => carts().addLine({ cartId, offerId, quantity })
      await expect(add(unlisted)).rejects.toMatchObject({ code: 'cart.not_sellable', details: { offers: { [unlisted]: 'unlisted' } } })
      await expect(add(dollars)).rejects.toMatchObject({
        code: 'cart.not_sellable',
        details: { offers: { [dollars]: 'currency_differs' } },
      })
      await expect(add('ofr_none')).rejects.toMatchObject({ code: 'cart.offer_not_found' })
      await expect(add(await offer(), 0)).rejects.toMatchObject({ code: 'input.invalid' })
      const plenty = await offer()
      await add(plenty, 1_000_000)
      await expect(add(plenty)).rejects.toMatchObject({ code: 'cart.quantity_limit' })
      await expect(carts().get({ cartId: 'crt_none' })).rejects.toMatchObject({ code: 'cart.not_found' })
    })

    it('tells a price that changed since the customer saw it, until it is accepted', async () => {
      const offerId = await offer({ price: 1000 })
      const cartId = await guestCart()
      const { id: lineId } = await carts().addLine({ cartId, offerId, quantity: 2 })
      await shop.catalog.service.updateOffer({ offerId, price: 1200 })
      const cart = await carts().get({ cartId })
      expect(cart.totals.total).toBe(2400)
      expect(cart.notices).toEqual([{ type: 'price_changed', lineId, offerId, from: 1000, to: 1200 }])
      await carts().acceptPrices({ cartId })
      expect((await carts().get({ cartId })).notices).toEqual([])
    })

    it('tells when stock is short of what its lines want together', async () => {
      const offerId = await offer({ stock: 5 })
      const cartId = await guestCart()
      await carts().addLine({ cartId, offerId, quantity: 3 })
      await carts().addLine({ cartId, offerId, quantity: 3, attribution: { referral: 'D1' } })
      expect((await carts().get({ cartId })).notices).toEqual([{ type: 'stock_short', offerId, wanted: 6, available: 5 }])
    })

    it('keeps a line that cannot be sold any more, but in no total', async () => {
      const [gone, stays] = [await offer({ price: 500 }), await offer({ price: 700 })]
      const cartId = await guestCart()
      await carts().addLines({
        cartId,
        lines: [
          { offerId: gone, quantity: 1 },
          { offerId: stays, quantity: 1 },
        ],
      })
      await shop.catalog.service.unlistOffer({ offerId: gone })
      const cart = await carts().get({ cartId })
      expect(cart.totals.total).toBe(700)
      expect(cart.unavailable).toMatchObject([{ offerId: gone, reason: 'unlisted', quantity: 1 }])
      expect(cart.notices).toMatchObject([{ type: 'not_sellable', offerId: gone, reason: 'unlisted' }])
    })

    it("prices by the list of the customer's group, and by tier of all lines of an offer together", async () => {
      const offerId = await offer({ price: 1000 })
      const prices = [
        { offerId, price: 900 },
        { offerId, minQuantity: 10, price: 800 },
      ]
      await shop.pricing.service.createPriceList({ name: 'Wholesale', currency: 'CNY', customerGroup: 'wholesale', prices })
      const { id: customerId } = await shop.customers.service.create({ externalUserId: 'u1', group: 'wholesale' })
      const cartId = await guestCart()
      expect(await carts().addLine({ cartId, offerId, quantity: 4 })).toMatchObject({ unitPrice: 1000 })
      await carts().setCustomer({ cartId, customerId })
      expect((await carts().get({ cartId })).notices).toMatchObject([{ type: 'price_changed', from: 1000, to: 900 }])
      expect(await carts().addLine({ cartId, offerId, quantity: 6, attribution: { referral: 'D1' } })).toMatchObject({ unitPrice: 800 })
      const cart = await carts().get({ cartId })
      expect(cart.lines.map((line) => line.unitPrice)).toEqual([800, 800])
      expect(cart.notices).toEqual([])
    })

    it('lets the first hook that knows say who brought the customer, and prices by it', async () => {
      const offerId = await offer({ price: 1000 })
      await shop.pricing.service.createPriceList({ name: 'D7', currency: 'CNY', distributorId: 'D7', prices: [{ offerId, price: 950 }] })
      const hooks = shop.kernel.hooks<CartHooks>()
      hooks.join('cart.attributing', async () => ({ distributorId: null }))
      hooks.join('cart.attributing', async ({ attribution }) => ({ distributorId: attribution.referral === 'code-7' ? 'D7' : null }))
      hooks.join('cart.attributing', async () => ({ distributorId: 'never' }))
      const { id: cartId } = await carts().create({ currency: 'CNY', attribution: { referral: 'code-7' } })
      await carts().addLine({ cartId, offerId, quantity: 1 })
      expect(await carts().get({ cartId })).toMatchObject({ distributorId: 'D7', totals: { total: 950 } })
    })

    it('grants discounts by codes, taxes what the supplier still asks, and sends the parcel: to the cent', async () => {
      const other = await shop.supplier('Other')
      const [shoe] = await shop.goods(supplierId, [{ price: 9999, weightGrams: 1200 }])
      const [book] = await shop.goods(other, [{ price: 3333, weightGrams: 300, taxClass: 'books' }])
      await shop.taxes.service.setRate({ country: 'CN', percent: 13, included: true, remits: 'supplier' })
      const methodId = await shop.flatShipping(supplierId, 800)
      const otherMethod = await shop.flatShipping(other, 500)
      shop.kernel.hooks<CartHooks>().join('cart.adjusting', async ({ codes }) => {
        const funders = { supplier: 40, platform: 60 }
        const ten = { source: 'prm_1', code: 'TEN', label: 'Ten off', amount: 1000, funders }
        return { discounts: codes.includes('TEN') ? [ten] : [], notices: [{ code: 'OLD', reason: 'expired' }] }
      })
      const cartId = await guestCart()
      await carts().addLines({
        cartId,
        lines: [
          { offerId: shoe ?? '', quantity: 1 },
          { offerId: book ?? '', quantity: 1 },
        ],
      })
      await expect(carts().applyCode({ cartId, code: 'OLD' })).rejects.toMatchObject({
        code: 'cart.code_refused',
        details: { reason: 'expired' },
      })
      await expect(carts().applyCode({ cartId, code: 'HUH' })).rejects.toMatchObject({
        code: 'cart.code_refused',
        details: { reason: 'unknown' },
      })
      expect(await carts().applyCode({ cartId, code: ' TEN ' })).toEqual({ code: 'TEN', discount: 1000 })
      await carts().setAddress({ cartId, address })
      expect((await carts().get({ cartId })).notices).toEqual([
        { type: 'shipping_missing', supplierId, reason: 'not_selected' },
        { type: 'shipping_missing', supplierId: other, reason: 'not_selected' },
      ])
      await carts().selectShipping({
        cartId,
        selections: [
          { supplierId, methodId },
          { supplierId: other, methodId: otherMethod },
        ],
      })

      const cart = await carts().get({ cartId })
      expect(cart.notices).toEqual([])
      // 1000 over 9999 : 3333 is 750 : 250; the supplier bears 300 of 750, so 9699 is taxed: 9699 − 9699/1.13.
      expect(cart.lines).toMatchObject([
        {
          discounts: [
            {
              amount: 750,
              funders: [
                { party: 'platform', amount: 450 },
                { party: `supplier:${supplierId}`, amount: 300 },
              ],
            },
          ],
          tax: { percent: 13, included: true, remits: 'supplier', amount: 1116 },
          shipping: 800,
          paid: 9249,
        },
        { discounts: [{ amount: 250 }], tax: null, shipping: 500, paid: 3083 },
      ])
      expect(cart.totals).toEqual({ goods: 13_332, discount: 1000, shipping: 1300, tax: 1116, taxOnTop: 0, total: 13_632 })
      await carts().removeCode({ cartId, code: 'TEN' })
      expect((await carts().get({ cartId })).totals.discount).toBe(0)
    })

    it('tells when a code that was entered gives nothing any more', async () => {
      let running = true
      shop.kernel.hooks<CartHooks>().join('cart.adjusting', async () => ({
        discounts: running ? [{ source: 'prm_1', code: 'TEN', label: 'Ten off', amount: 10, funders: { platform: 100 } }] : [],
        notices: running ? [] : [{ code: 'TEN', reason: 'expired' }],
      }))
      const cartId = await guestCart()
      await carts().addLine({ cartId, offerId: await offer(), quantity: 1 })
      await carts().applyCode({ cartId, code: 'TEN' })
      running = false
      expect((await carts().get({ cartId })).notices).toEqual([{ type: 'code_refused', code: 'TEN', reason: 'expired' }])
    })

    it('keeps its address from the prices, and gives it to who asks for it', async () => {
      const cartId = await guestCart()
      expect(await carts().address({ cartId })).toBeNull()
      const { contactId } = await carts().setAddress({ cartId, address })
      const cart = await carts().get({ cartId })
      expect(cart).toMatchObject({ contactId, destination: { country: 'CN', region: 'SH' } })
      expect(JSON.stringify(cart)).not.toContain('Nanjing')
      expect(await carts().address({ cartId })).toMatchObject({ id: contactId, line1: 'Nanjing Road 1' })
    })

    it('expires when nobody touches it for its time, and lives on when a line is changed', async () => {
      const clock = shop.kernel.clock as TestClock
      const [idle, busy] = [await guestCart(), await guestCart()]
      const offerId = await offer()
      clock.set('2026-01-20T00:00:00.000Z')
      await carts().addLine({ cartId: busy, offerId, quantity: 1 })
      clock.set('2026-01-31T00:00:00.000Z')
      await expect(carts().addLine({ cartId: idle, offerId, quantity: 1 })).rejects.toMatchObject({
        code: 'cart.closed',
        details: { status: 'expired' },
      })
      expect(await shop.carts.expire()).toBe(1)
      expect((await carts().list({ status: 'expired' })).items.map(({ id }) => id)).toEqual([idle])
      await carts().addLine({ cartId: busy, offerId, quantity: 1 })
    })

    it('loses none of many edits at once', async () => {
      const offers = await shop.goods(supplierId, [{}, {}, {}, {}])
      const cartId = await guestCart()
      await Promise.all(
        Array.from({ length: 24 }, (_, index) => carts().addLine({ cartId, offerId: offers[index % 4] ?? '', quantity: 1 })),
      )
      expect((await carts().get({ cartId })).lines.map((line) => line.quantity)).toEqual([6, 6, 6, 6])
    })

    it('applies an addition once per idempotency key', async () => {
      const cartId = await guestCart()
      const input = { cartId, offerId: await offer(), quantity: 2 }
      const first = await carts().addLine(input, { idempotencyKey: 'click-1' })
      expect(await carts().addLine(input, { idempotencyKey: 'click-1' })).toEqual(first)
      expect((await carts().get({ cartId })).lines.map((line) => line.quantity)).toEqual([2])
    })
  })
}
