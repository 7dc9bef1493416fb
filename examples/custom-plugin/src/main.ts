import { createCommerce } from '@entrepot/core'
import { loyalty } from './loyalty.js'

const commerce = await createCommerce({ database: { type: 'better-sqlite3', database: ':memory:' }, plugins: [loyalty({ rate: 2 })] })
commerce.on('loyalty.pointsEarned', ({ points, orderId }) => console.log(`${points} points for order ${orderId}`))

const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
const { id: customerId } = await commerce.customers.create({ name: 'Li Wei' })
const now = new Date().toISOString()
await commerce.orders.import({
  orders: [
    {
      currency: 'CNY',
      customerId,
      placedAt: now,
      paid: { provider: 'external', capturedAt: now },
      lines: [{ supplierId, quantity: 2, unitPrice: 9900 }],
    },
  ],
})

// Typed, because the plugin is in the list.
const { points } = await commerce.loyalty.balance({ customerId })
console.log(`${points} points in all`)
await commerce.close()
