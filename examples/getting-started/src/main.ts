import { createCommerce } from '@entrepot/core'

const commerce = await createCommerce({
  database: { type: 'better-sqlite3', database: 'shop.db' },
})

const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
await commerce.suppliers.startReview({ supplierId })
await commerce.suppliers.approve({ supplierId })

const { id: productId, offers } = await commerce.catalog.createProduct({
  supplierId,
  names: { en: 'Longjing', 'zh-CN': '龙井' },
  media: [{ type: 'image', url: 'https://example.com/longjing.jpg' }],
  variants: [{ weightGrams: 250, offer: { sku: 'LJ-250', price: 12800, currency: 'CNY' } }], // 128.00
})
await commerce.catalog.submit({ productId })
await commerce.catalog.approve({ productId })
await commerce.catalog.publish({ productId })

const offerId = offers[0]?.id ?? ''
const { id: locationId } = await commerce.inventory.createLocation({ name: 'Hangzhou warehouse' })
await commerce.inventory.setStock({ offerId, locationId, onHand: 40 })
const { id: methodId } = await commerce.shipping.createMethod({ supplierId, name: 'Courier', flat: 800, currency: 'CNY' })

await commerce.commission.addRule({ percent: 10 })

const { id: cartId } = await commerce.carts.create({ currency: 'CNY' })
await commerce.carts.addLine({ cartId, offerId, quantity: 1 })
await commerce.carts.setAddress({ cartId, address: { name: 'Li Wei', country: 'CN', city: 'Hangzhou', line1: 'Wensan Road 1' } })
await commerce.carts.selectShipping({ cartId, selections: [{ supplierId, methodId }] })

const order = await commerce.orders.place({ cartId, payment: { provider: 'external' } })

await commerce.payments.recordReceipt({ paymentId: order.payments[0]?.id ?? '', amount: order.total })
console.log(await commerce.settlement.balances({ party: `supplier:${supplierId}` }))

await commerce.close()
