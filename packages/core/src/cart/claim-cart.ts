import type { Tx } from '../kernel/index.js'
import { type CartRow, cartTable } from './cart.entity.js'
import type { PricedCart } from './cart.js'
import { linesOf, lockOpenCart } from './cart-store.js'
import { addressMissing, cartChanged, cartClosed, cartEmpty, notSellable, shippingMissing, taxUnknown } from './errors.js'
import { priceNotices } from './notice.js'
import type { CartPricer, WholeCart } from './price-cart.js'

/**
 * Takes a cart for an order: locks it until the transaction's end, computes it anew and refuses what cannot be ordered. Stock is not asked here: reserving it decides.
 * @throws cart.not_found, cart.completed (`details.orderId` is its order), cart.closed, cart.empty, cart.not_sellable, cart.changed, cart.address_missing, cart.shipping_missing, cart.tax_unknown
 */
export function claimCart(pricer: CartPricer): (tx: Tx, cartId: string) => Promise<PricedCart> {
  return async (tx, cartId) => {
    const cart = await lockOpenCart(tx, cartId)
    const whole = await pricer.whole(tx, cart, await linesOf(tx, cartId))
    requireOrderable(cart, whole)
    return whole.priced
  }
}

/** Marks a claimed cart as the order that it became. @throws cart.closed */
export async function completeCart(tx: Tx, cartId: string, orderId: string): Promise<void> {
  const completed = await tx.update(cartTable, { status: 'completed', orderId }, { id: cartId, status: 'open' })
  if (completed === 0) throw cartClosed({ cartId, status: 'not open' })
}

function requireOrderable(cart: CartRow, { priced, goods, untaxed }: WholeCart): void {
  const cartId = cart.id
  if (goods.unavailable.length > 0)
    throw notSellable({ offers: Object.fromEntries(goods.unavailable.map(({ offer, reason }) => [offer.id, reason])) })
  if (priced.lines.length === 0) throw cartEmpty({ cartId })
  // Nobody minds paying less than they saw.
  const risen = priceNotices(goods.lines).filter((notice) => notice.to > notice.from)
  if (risen.length > 0) throw cartChanged({ cartId, changes: risen })
  if (priced.parcels.length > 0 && cart.country === null) throw addressMissing({ cartId })
  const unsent = priced.parcels.filter((parcel) => parcel.shipping === null).map((parcel) => parcel.supplierId)
  if (unsent.length > 0) throw shippingMissing({ cartId, supplierIds: unsent })
  // The tax that is frozen is that of this cart: what was asked before the lock was taken may have been of another.
  if (untaxed !== null) throw taxUnknown({ cartId })
}
