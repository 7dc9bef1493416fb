/** What of an order's stock is held, kept and given back. */

import type { ReservationItem } from '../inventory/index.js'
import { CommerceError, type Timestamp, type Tx } from '../kernel/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import type { OrderAggregate, OrderLine, OrderWithLines } from './order.js'
import { changeOrder } from './order-store.js'
import { movePayment } from './payment-state.js'

/** Lines whose goods lie in our stock; an imported line may have none there. */
export function stockItems(lines: readonly OrderLine[]): readonly ReservationItem[] {
  return lines.flatMap(({ id, offerId, quantity, canceled }) =>
    offerId === null || quantity === canceled ? [] : [{ lineId: id, offerId, quantity: quantity - canceled }],
  )
}

/** The order is paid, or as good as paid: its stock waits no more but is kept. Where the reservation has lapsed, it is made again. @returns false where the goods are gone */
export function keepStock({ inventory }: Pick<OrderDeps, 'inventory'>) {
  return async (tx: Tx, { order, lines }: OrderWithLines): Promise<boolean> => {
    if (await inventory.confirm(tx, order.id)) return true
    return unlessRefused(tx, () =>
      inventory.reserve(tx, { reference: order.id, expiresAt: null, distributorId: order.distributorId, items: stockItems(lines) }),
    )
  }
}

/** An expired order goes on: stock is reserved again, and whoever gave something for it (a coupon) is asked again. @returns nothing where that fails */
export function reopenOrder({ inventory, hooks, note }: Pick<OrderDeps, 'inventory' | 'hooks' | 'note'>) {
  return async (tx: Tx, aggregate: OrderAggregate, expiresAt: Timestamp | null, by: string): Promise<OrderAggregate | undefined> => {
    const { order, lines } = aggregate
    const reopened = await unlessRefused(tx, async () => {
      await inventory.reserve(tx, { reference: order.id, expiresAt, distributorId: order.distributorId, items: stockItems(lines) })
      await hooks.run(tx, 'order.reopening', { orders: [aggregate] })
    })
    if (!reopened) return undefined
    const open = await changeOrder(tx, order, {
      status: 'open',
      closedAt: null,
      closeReason: null,
      expiresAt,
      paymentStatus: movePayment(order.id, order.paymentStatus, 'pending'),
    })
    await note(tx, [{ orderId: order.id, type: 'reopened', by }])
    emitOrder(tx, 'order.reopened', order.id, { orderId: order.id })
    return { ...aggregate, order: open }
  }
}

const refusals: readonly string[] = ['not_allowed', 'conflict']

/** Tries work that a rule may refuse, and undoes what it did then. What is no refusal (a deadlock, a bug) is thrown on. */
export async function unlessRefused(tx: Tx, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await tx.savepoint(work)
    return true
  } catch (error) {
    if (CommerceError.is(error) && refusals.includes(error.kind)) return false
    throw error
  }
}
