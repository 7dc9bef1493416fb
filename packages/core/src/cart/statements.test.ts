import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { openShop, type ShopFixture } from '../testing/shop.fixture.js'

/** Statements of each operation, transaction control in. They may only fall. */
const budget = {
  create: 3,
  addLines: 6,
  addAgain: 6,
  updateLine: 6,
  setAddress: 5,
  shippingOptions: 5,
  selectShipping: 5,
  read: 6,
  claim: 7,
  accept: 6,
} as const

const address = { name: 'Li Lei', country: 'CN', line1: 'Nanjing Road 1' }

for (const database of testDatabases()) {
  describe(`statements of a cart on ${database.name}`, () => {
    let shop: ShopFixture
    beforeEach(async () => {
      shop = await openShop(database)
    })
    afterEach(() => shop.close())

    it.each([1, 200])('are as many for %i lines', async (count) => {
      const carts = shop.carts.service
      const suppliers = count === 1 ? [await shop.supplier()] : [await shop.supplier(), await shop.supplier()]
      const goods = await Promise.all(
        suppliers.map((supplierId) =>
          shop.goods(
            supplierId,
            Array.from({ length: count / suppliers.length }, () => ({})),
          ),
        ),
      )
      await shop.taxes.service.setRate({ country: 'CN', percent: 13, included: true, remits: 'supplier' })
      const methodId = await shop.flatShipping(null, 500)
      const lines = goods.flat().map((offerId) => ({ offerId, quantity: 1 }))
      const statements = async (work: () => Promise<unknown>) => (await shop.trace(work)).length

      let cartId = ''
      expect(await statements(async () => ({ id: cartId } = await carts.create({ currency: 'CNY' })))).toBe(budget.create)
      expect(await statements(() => carts.addLines({ cartId, lines }))).toBe(budget.addLines)
      expect(await statements(() => carts.addLines({ cartId, lines }))).toBe(budget.addAgain)
      expect(await statements(() => carts.setAddress({ cartId, address }))).toBe(budget.setAddress)
      expect(await statements(() => carts.shippingOptions({ cartId }))).toBe(budget.shippingOptions)
      const selections = suppliers.map((supplierId) => ({ supplierId, methodId }))
      expect(await statements(() => carts.selectShipping({ cartId, selections }))).toBe(budget.selectShipping)
      expect(await statements(() => carts.get({ cartId }))).toBe(budget.read)
      expect(await statements(() => carts.acceptPrices({ cartId }))).toBe(budget.accept)
      const { lines: priced } = await carts.get({ cartId })
      expect(priced).toHaveLength(count)
      const lineId = priced[0]?.id ?? ''
      expect(await statements(() => carts.updateLine({ cartId, lineId, quantity: 3 }))).toBe(budget.updateLine)
      expect(await statements(() => shop.kernel.database.transaction(undefined, (tx) => shop.carts.claim(tx, cartId)))).toBe(budget.claim)
    })
  })
}
