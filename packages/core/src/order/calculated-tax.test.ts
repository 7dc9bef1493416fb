import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalculatedTax, TaxQuery } from '../ports/index.js'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'

const onTop: CalculatedTax = { percent: 7.25, included: false, remits: 'platform' }
const byCard = { payment: { provider: 'test' } }
const elsewhere = { name: 'Jane', country: 'US', region: 'CA', line1: 'Main Street 1' }

for (const database of testDatabases()) {
  describe(`tax by a calculator on ${database.name}`, () => {
    let shop: OrderFixture
    let supplierId: string
    let asked: TaxQuery[]
    let answer: (query: TaxQuery) => Promise<ReadonlyMap<string, CalculatedTax>>
    const carts = () => shop.carts.service
    const place = (cartId: string) => shop.orders.service.place({ cartId, ...byCard })
    beforeEach(async () => {
      asked = []
      answer = async () => new Map([['standard', onTop]])
      const rates = (query: TaxQuery) => {
        asked.push(query)
        return answer(query)
      }
      shop = await openOrders(database, { tax: { rates } })
      supplierId = await shop.supplier()
    })
    afterEach(() => shop.close())

    it('is asked once for a cart that does not change, and what it said is frozen in the order', async () => {
      const cartId = await shop.cart([{ supplierId, price: 1000 }])
      asked = []
      const { totals, lines } = await carts().get({ cartId })
      expect(totals).toMatchObject({ tax: 73, total: 1573 })
      expect(lines[0]?.tax).toEqual({ rateId: null, taxClass: 'standard', amount: 73, ...onTop })
      const order = await place(cartId)
      expect(order).toMatchObject({ tax: 73, total: 1573, captured: 1573, lines: [{ tax: { ...onTop, amount: 73 } }] })
      expect(asked).toEqual([])
    })

    it('is asked anew for another destination, for another class of goods, and after an hour', async () => {
      const cartId = await shop.cart([{ supplierId }])
      await carts().setAddress({ cartId, address: elsewhere })
      await carts().get({ cartId })
      const [offerId = ''] = await shop.goods(supplierId, [{ taxClass: 'food' }])
      await carts().addLine({ cartId, offerId, quantity: 1 })
      await carts().get({ cartId })
      shop.clock.set('2026-01-01T01:00:00.000Z')
      await carts().get({ cartId })
      expect(asked.slice(-3).map(({ country, region, classes }) => [country, region, [...classes].sort()])).toEqual([
        ['US', 'CA', ['standard']],
        ['US', 'CA', ['food', 'standard']],
        ['US', 'CA', ['food', 'standard']],
      ])
    })

    it('goes before the table, class by class', async () => {
      const rate = { country: 'CN', included: true, remits: 'supplier' } as const
      await shop.taxes.service.setRate({ ...rate, taxClass: 'standard', percent: 13 })
      await shop.taxes.service.setRate({ ...rate, taxClass: 'food', percent: 9 })
      const cartId = await shop.cart([{ supplierId }, { supplierId, taxClass: 'food' }])
      expect((await carts().get({ cartId })).lines.map(({ tax }) => tax?.percent)).toEqual([7.25, 9])
    })

    it('is asked before the transaction that places an order which nobody has looked at', async () => {
      const cartId = await shop.cart([{ supplierId }])
      await carts().setAddress({ cartId, address: elsewhere })
      expect(await place(cartId)).toMatchObject({ tax: 73 })
    })

    it('is asked again when the cart changes between its answer and the order: the tax is never of another cart', async () => {
      const cartId = await shop.cart([{ supplierId }])
      const rates: Record<string, CalculatedTax> = { CN: { ...onTop, percent: 1 }, US: onTop }
      await carts().setAddress({ cartId, address: { ...elsewhere, region: 'NV' } })
      answer = async ({ country }) => {
        if (country === 'US') await carts().setAddress({ cartId, address: { name: 'Li Lei', country: 'CN', line1: 'Nanjing Road 1' } })
        return new Map([['standard', rates[country] ?? onTop]])
      }
      expect(await place(cartId)).toMatchObject({ tax: 10, lines: [{ tax: { percent: 1 } }] })
    })

    it('gives up on a cart that never stays as it was, and changes nothing', async () => {
      const cartId = await shop.cart([{ supplierId }])
      await carts().setAddress({ cartId, address: { ...elsewhere, region: 'r0' } })
      answer = async ({ region }) => {
        await carts().setAddress({ cartId, address: { ...elsewhere, region: `${region}+` } })
        return new Map()
      }
      await expect(place(cartId)).rejects.toMatchObject({ code: 'cart.tax_unknown' })
      await expect(carts().get({ cartId })).rejects.toMatchObject({ code: 'cart.tax_unknown' })
      expect((await shop.orders.service.list()).items).toEqual([])
    })

    it('that fails is told as such, and the cart stays as it was', async () => {
      const cartId = await shop.cart([{ supplierId }])
      await carts().setAddress({ cartId, address: elsewhere })
      answer = () => Promise.reject(new Error('503 Service Unavailable'))
      const failed = { code: 'tax.calculator_failed', details: { country: 'US', region: 'CA', problem: '503 Service Unavailable' } }
      await expect(carts().get({ cartId })).rejects.toMatchObject(failed)
      await expect(place(cartId)).rejects.toMatchObject(failed)
      answer = async () => new Map([['standard', onTop]])
      const order = await place(cartId)
      answer = () => Promise.reject(new Error('still 503'))
      expect((await place(cartId)).id).toBe(order.id)
    })

    it("is not asked inside a host's transaction: a cart that was looked at is placed, another is refused", async () => {
      const { database: db } = shop.kernel
      const cartId = await shop.cart([{ supplierId }])
      const [seen, unseen] = [await carts().get({ cartId }), await shop.cart([{ supplierId }])]
      await carts().setAddress({ cartId: unseen, address: elsewhere })
      const inside = (id: string) => db.transaction(undefined, (tx) => shop.orders.service.place({ cartId: id }, { tx }))
      expect((await inside(cartId)).total).toBe(seen.totals.total)
      await expect(inside(unseen)).rejects.toMatchObject({ code: 'cart.tax_unknown' })
      await expect(db.transaction(undefined, (tx) => carts().get({ cartId: unseen }, { tx }))).rejects.toMatchObject({
        code: 'cart.tax_unknown',
      })
    })
  })
}
