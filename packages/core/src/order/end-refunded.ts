import type { Caller, Tx } from '../kernel/index.js'
import { closeOrder } from './close-order.js'
import type { OrderDeps } from './deps.js'
import type { RefundOutcome } from './give-back.js'
import type { OrderAggregate } from './order.js'
import { type RefundOrderInput, refundOrder } from './refund-order.js'

/**
 * Gives money back, and ends an order of which all was given back before anything was sent: nobody is left to wait for anything, and its coupons are free again.
 * @throws as refundOrder
 */
export function refundAndEnd(deps: OrderDeps) {
  const [refund, close] = [refundOrder(deps), closeOrder(deps)]
  return async (tx: Tx, input: RefundOrderInput, { by }: Pick<Caller, 'by'>): Promise<RefundOutcome> => {
    const outcome = await refund(tx, input, { by })
    if (!isOver(outcome.aggregate)) return outcome
    const { aggregate, paymentRefunds } = await close(tx, outcome.aggregate, { as: 'canceled', reason: input.reason, by })
    return { ...outcome, aggregate, paymentRefunds: [...outcome.paymentRefunds, ...paymentRefunds] }
  }
}

/** No unit is left to be sent, and no money to go back. Shipping that was kept keeps the order open: whoever cancels it gives that back too. */
export function isOver({ order, lines }: OrderAggregate): boolean {
  return order.status === 'open' && order.captured === order.refunded && lines.every((line) => line.canceled === line.quantity)
}
