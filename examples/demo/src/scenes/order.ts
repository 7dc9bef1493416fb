import type { Order } from '@entrepot/core'
import { cny, supplierName, until, type World } from '../world.js'
import type { Visit } from './visit.js'

/** The cart becomes an order, paid from a stored balance and by bank transfer. */
export async function order(world: World, { customer, cart }: Visit): Promise<Order> {
  const { commerce, clock, stage, people } = world
  await until(world, '2026-03-02T10:15:00+08:00')
  const placed = await commerce.orders.place(
    { cartId: cart.id, payments: [{ provider: 'prepaid', amount: 30000 }, { provider: 'external' }] },
    { actor: { type: 'customer', id: 'user-1001' }, idempotencyKey: 'checkout-1001-1' },
  )
  await until(world, '2026-03-02T10:31:00+08:00')
  for (const payment of placed.payments.filter(({ provider }) => provider === 'external')) {
    await commerce.payments.recordReceipt({ paymentId: payment.id })
  }
  const paid = await commerce.orders.get({ orderId: placed.id })

  stage.scene(
    'One order, two suppliers, two payments',
    clock.now(),
    `Placing reserved the stock and froze every amount and every term in one transaction. ${customer.name} paid ¥300 from her stored balance and the rest by bank transfer; then the order was ${paid.paymentStatus}.`,
  )
  stage.table({
    head: ['Part of the order', 'Supplier', 'Sent by', '>Goods', '>Shipping', '>Together'],
    rows: paid.supplierOrders.map((part) => [
      part.number,
      supplierName(people, part.supplierId),
      part.shippingMethodName,
      cny(part.goods),
      cny(part.shipping),
      cny(part.goods + part.shipping),
    ]),
    foot: [[paid.number, '', '', cny(paid.goods), cny(paid.shipping), cny(paid.total)]],
  })
  const [balance] = await commerce.prepaid.balance({ customerId: customer.id })
  stage.table({
    head: ['Payment', 'Status', '>Captured', ''],
    rows: paid.payments.map(({ provider, status, captured }) => [
      provider === 'prepaid' ? 'stored balance' : 'bank transfer',
      status,
      cny(captured),
      provider === 'prepaid' ? `${cny(balance?.available ?? 0)} left on the balance` : 'seen on the account at 10:31',
    ]),
    foot: [['Together', '', cny(paid.captured)]],
  })
  return paid
}
