import type { Dice } from '../../packages/core/src/testing/dice.fixture.js'
import type { Command, Placed, Stocked } from './commands.js'
import type { Outcome } from './processes.js'

export interface ShopperDeps {
  readonly dice: Dice
  /** @param side which of two processes is asked */
  readonly ask: (command: Command, side: number) => Promise<Outcome>
  readonly severalOrders: (cart: string, orderIds: readonly string[]) => void
}

/** What a customer, a warehouse and an operator do with one order, as far as it goes. @returns does it, for a customer of a name of its own */
export function createShopper({ dice, ask, severalOrders }: ShopperDeps): (buyer: string, goods: Stocked, side: number) => Promise<void> {
  return async (buyer, { offerIds, supplierIds, methodId }, side) => {
    const first = dice.roll(offerIds.length)
    const chosen = dice.chance(50) ? [first] : [first, (first + 1) % offerIds.length]
    const cart = await ask(
      {
        do: 'fill-cart',
        offers: chosen.map((index) => offerIds[index] ?? ''),
        methodId,
        supplierIds: [...new Set(chosen.map((index) => supplierIds[index % supplierIds.length] ?? ''))],
        key: `cart-${buyer}`,
      },
      side,
    )
    if (cart.kind !== 'done') return
    const cartId = cart.value as string
    const capture = dice.chance(70) ? 'automatic' : 'manual'
    const tries = await Promise.all(
      [side, 1 - side].map((at, nth) =>
        nth === 0 || dice.chance(30) ? ask({ do: 'place', cartId, capture, key: `place-${buyer}-${nth}` }, at) : null,
      ),
    )
    const placed = tries.flatMap((outcome) => (outcome?.kind === 'done' ? [outcome.value as Placed] : []))
    const orderIds = [...new Set(placed.map((order) => order.orderId))]
    if (orderIds.length > 1) severalOrders(buyer, orderIds)
    const [order] = placed
    if (!order) return
    const { orderId } = order
    for (const paymentId of order.paymentIds) {
      if (dice.chance(50)) await ask({ do: 'finalize', paymentId }, side)
      if (capture === 'manual') await ask({ do: 'capture', paymentId, key: `capture-${buyer}` }, side)
    }
    if (dice.chance(10)) return void (await ask({ do: 'cancel', orderId, key: `cancel-${buyer}` }, side))
    if (dice.chance(70)) await ask({ do: 'deliver', orderId, key: `deliver-${buyer}` }, side)
    if (dice.chance(40)) await ask({ do: 'refund', orderId, key: `refund-${buyer}` }, 1 - side)
  }
}
