import { sumAmounts } from '../money/index.js'
import type { Payment } from '../payment/index.js'
import type { OrderAggregate, OrderRecord } from './order.js'

/**
 * An order from memory, as it was placed, where nothing but its own payments has changed it since: they captured nothing, or all of it, and then every line is
 * captured in full.
 * @param order its row as it is now
 * @param payments those that were placed with it, as they are now
 * @returns nothing where more has happened, and the lines must be read
 */
export function sincePlaced(placed: OrderAggregate, order: OrderRecord, payments: readonly Payment[]): OrderAggregate | undefined {
  const { captured, total } = order
  const itsOwn = captured === sumAmounts(payments.map((payment) => payment.captured))
  if (!itsOwn || (captured > 0 && captured < total) || hasGoneOn(order)) return undefined
  const paid = captured > 0
  const lines = paid ? placed.lines.map((line) => ({ ...line, capturedGoods: line.goods, capturedShipping: line.shipping })) : placed.lines
  return { order, supplierOrders: placed.supplierOrders, lines }
}

function hasGoneOn({ status, fulfilmentStatus, returnStatus, refunded }: OrderRecord): boolean {
  return status !== 'open' || fulfilmentStatus !== 'unfulfilled' || returnStatus !== 'none' || refunded > 0
}
