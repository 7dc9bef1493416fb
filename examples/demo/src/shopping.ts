/** What customers do, in the calls that a shop's backend would make. */
import type { Address, Cart, Customer, Order } from '@entrepot/core'
import { currency } from './marketplace.js'
import { known, type World } from './world.js'

export interface Basket {
  readonly customer: Customer
  /** The code of the link that they came through. */
  readonly referral?: string | undefined
  readonly codes?: readonly string[] | undefined
  /** SKU and units. */
  readonly goods: readonly (readonly [sku: string, quantity: number])[]
}

/** Fills a cart up to where it can be ordered. */
export async function fillCart({ commerce, people }: Pick<World, 'commerce' | 'people'>, basket: Basket): Promise<Cart> {
  const { customer, referral, codes = [], goods } = basket
  const { id: cartId } = await commerce.carts.create({ currency, customerId: customer.id, channel: 'wechat', attribution: { referral } })
  await commerce.carts.addLines({ cartId, lines: goods.map(([sku, quantity]) => ({ offerId: known(people.offers, sku), quantity })) })
  for (const code of codes) await commerce.carts.applyCode({ cartId, code })
  await commerce.carts.setAddress({ cartId, address: addressOf(customer) })
  const parcels = await commerce.carts.shippingOptions({ cartId })
  const selections = parcels.flatMap(({ supplierId, options: [cheapest] }) =>
    cheapest ? [{ supplierId, methodId: cheapest.methodId }] : [],
  )
  await commerce.carts.selectShipping({ cartId, selections })
  return commerce.carts.get({ cartId })
}

/** Orders a cart and pays for it by bank transfer, which somebody sees arrive. */
export async function buy(world: Pick<World, 'commerce' | 'people'>, basket: Basket): Promise<Order> {
  const { commerce } = world
  const { id: cartId } = await fillCart(world, basket)
  const order = await commerce.orders.place({ cartId, payment: { provider: 'external' } })
  for (const payment of order.payments) await commerce.payments.recordReceipt({ paymentId: payment.id })
  return commerce.orders.get({ orderId: order.id })
}

function addressOf({ name }: Customer): Address {
  return { name: name ?? '', country: 'CN', region: '上海', city: '上海', postalCode: '200040', line1: '南京西路 1266 号' }
}
