/** What may be put into a parcel. Pure. */
import { isCovered, type OrderAggregate, type OrderLine, type OrderRecord, type SupplierOrder } from '../order/index.js'
import { exceedsQuantity, lineNotFound, notPaid, severalSuppliers } from './errors.js'

/** Units of an order line that are to be sent. */
export interface WantedUnits {
  readonly line: OrderLine
  readonly quantity: number
}

/** What goes into one parcel: units of the lines of one supplier's part. */
export interface PackedUnits {
  readonly part: Pick<SupplierOrder, 'id' | 'orderId' | 'supplierId'>
  readonly units: readonly WantedUnits[]
}

/**
 * The order room refuses to count what was never paid; here a parcel is not even packed for it, nor for what was given back in full.
 * @throws fulfilment.not_paid
 */
export function assertSendable(order: OrderRecord): void {
  const { id, status, paymentStatus } = order
  if (paymentStatus !== 'refunded' && isCovered(order)) return
  throw notPaid({ orderId: id, paymentStatus: status === 'open' ? paymentStatus : status })
}

/** The lines that are named, all of one supplier's part. @throws fulfilment.line_not_found, fulfilment.several_suppliers */
export function onePart(
  { order, supplierOrders, lines }: OrderAggregate,
  named: readonly { readonly lineId: string; readonly quantity: number }[],
  supplierOrderId?: string | undefined,
): PackedUnits {
  const units = named.map(({ lineId, quantity }) => {
    const line = lines.find(({ id, supplierOrderId: part }) => id === lineId && (supplierOrderId ?? part) === part)
    if (!line) throw lineNotFound({ orderId: order.id, lineId })
    return { line, quantity }
  })
  const parts = supplierOrders.filter(({ id }) => units.some(({ line }) => line.supplierOrderId === id))
  const [part] = parts
  if (!part || parts.length > 1) throw severalSuppliers({ orderId: order.id, suppliers: parts.map(({ supplierId }) => supplierId) })
  return { part, units }
}

/** Units that nothing has been decided about: neither sent, nor canceled, nor in a parcel that waits. */
export function unsent({ quantity, canceled, fulfilled }: Pick<OrderLine, 'quantity' | 'canceled' | 'fulfilled'>, announced = 0): number {
  return quantity - canceled - fulfilled - announced
}

/** @throws fulfilment.exceeds_quantity */
export function assertLeft(wanted: readonly WantedUnits[], announced: ReadonlyMap<string, number>): void {
  for (const { line, quantity } of wanted) {
    const left = unsent(line, announced.get(line.id))
    if (quantity > left) throw exceedsQuantity({ orderId: line.orderId, lineId: line.id, wanted: quantity, left })
  }
}
