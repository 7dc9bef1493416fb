import { readFile } from 'node:fs/promises'
import { openTestCommerce, testDatabases } from '@entrepot/core/testing'
import { describe, expect, it } from 'vitest'
import { loyalty } from './loyalty.js'

for (const database of testDatabases()) {
  describe(`a plugin of one's own on ${database.name}`, () => {
    it('stores what it earns in the order\u2019s own transaction, and tells of it after commit', async () => {
      const { commerce, clock, close } = await openTestCommerce(database, { plugins: [loyalty({ rate: 2 })] })
      const told: number[] = []
      commerce.on('loyalty.pointsEarned', ({ points }) => told.push(points))
      const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
      const { id: customerId } = await commerce.customers.create({ name: 'Li Wei' })
      await commerce.orders.import({
        orders: [
          {
            currency: 'CNY',
            customerId,
            placedAt: clock.now(),
            paid: { provider: 'external', capturedAt: clock.now() },
            lines: [{ supplierId, quantity: 2, unitPrice: 9900 }],
          },
        ],
      })
      expect(await commerce.loyalty.balance({ customerId })).toEqual({ points: 396 })
      expect(told).toEqual([396])
      await close()
    })
  })
}

it('the plugin takes under 60 lines', async () => {
  expect((await readFile(new URL('./loyalty.ts', import.meta.url), 'utf8')).split('\n').length).toBeLessThan(61)
})
