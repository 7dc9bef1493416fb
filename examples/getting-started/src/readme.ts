import { createCommerce } from '@entrepot/core'
import { distribution } from '@entrepot/plugin-distribution'
import { prepaid } from '@entrepot/plugin-payment-prepaid'
import { address, customerId, distributorId, methodId, offerId, supplierId } from './shop.js' // what your own shop knows

const commerce = await createCommerce({
  database: { type: 'better-sqlite3', database: 'shop.db' }, // or { type: 'postgres', url }, { type: 'mariadb', url }, or a TypeORM DataSource of yours
  plugins: [prepaid(), distribution({ tiers: [{ percent: 8 }, { percent: 4 }] })],
})

await commerce.distribution.bind({ customerId, distributorId }) // typed, because the plugin is in the list
const { id: cartId } = await commerce.carts.create({ currency: 'CNY', customerId })
await commerce.carts.addLine({ cartId, offerId, quantity: 2 })
await commerce.carts.setAddress({ cartId, address })
await commerce.carts.selectShipping({ cartId, selections: [{ supplierId, methodId }] })
const { totals } = await commerce.carts.get({ cartId }) // what the customer is shown

const order = await commerce.orders.place(
  { cartId, expectedTotal: totals.total, payment: { provider: 'prepaid' } },
  { idempotencyKey: 'checkout-1' },
)

console.log(order.number, order.paymentStatus)
console.log(await commerce.settlement.balances({ party: `supplier:${supplierId}` })) // pending, available, in payout, paid
for (const { id: orderLineId } of order.lines) console.log(await commerce.commission.explain({ orderLineId })) // which rule, base and arithmetic
await commerce.close()
