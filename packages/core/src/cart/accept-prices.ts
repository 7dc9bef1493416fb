import type { Tx } from '../kernel/index.js'
import { linesOf, lockOpenCart, updateLines } from './cart-store.js'
import type { CartPricer } from './price-cart.js'
import type { CartIdInput } from './schemas.js'

/** The customer has seen today's prices and goes on. @throws cart.not_found, cart.closed, cart.completed */
export function acceptPrices(pricer: CartPricer): (tx: Tx, input: CartIdInput) => Promise<void> {
  return async (tx, { cartId }) => {
    const cart = await lockOpenCart(tx, cartId)
    const { lines } = await pricer.goods(tx, cart, await linesOf(tx, cartId))
    await updateLines(
      tx,
      lines.map(({ row, unitPrice }) => ({ ...row, seenUnitPrice: unitPrice })),
    )
  }
}
