import * as z from 'zod'
import { type Caller, id, type Metadata, metadata, quantity, reason, type Tx } from '../kernel/index.js'
import { eachLineOnce, type OrderAggregate, type OrderLine } from '../order/index.js'
import type { ReturnsDeps } from './deps.js'
import { exceedsDelivered, orderLineNotFound, severalSuppliers } from './errors.js'
import { emitReturn } from './events.js'
import { toReturn } from './read-returns.js'
import { type ReturnLineRow, type ReturnRow, returnLineTable, returnTable } from './return.entity.js'
import { type Return, returnable, unitsOf } from './return.js'

/** Units that a customer wants to send back. */
export interface RequestedLine {
  readonly lineId: string
  readonly quantity: number
  /** In the customer's words. */
  readonly reason: string
}

export interface RequestReturnInput {
  readonly orderId: string
  /** Of one supplier; each line once. */
  readonly lines: readonly RequestedLine[]
  readonly metadata?: Metadata | undefined
}

export const requestReturnInput: z.ZodType<RequestReturnInput> = z.object({
  orderId: id,
  lines: eachLineOnce(z.object({ lineId: id, quantity, reason }), 1000),
  metadata: metadata.optional(),
})

/** @throws order.not_found, return.order_line_not_found, return.several_suppliers, return.exceeds_delivered */
export function requestReturn({ kernel, orders }: ReturnsDeps): (tx: Tx, input: RequestReturnInput, caller: Caller) => Promise<Return> {
  return async (tx, { orderId, lines, metadata = {} }, { by }) => {
    // Under the order's lock the counts stand still: two requests for the same last unit come one after the other.
    const order = await orders.lock(tx, orderId)
    const asked = lines.map((line) => ({ ...line, of: lineOf(order, line.lineId) }))
    for (const { of, quantity } of asked) {
      const left = returnable(of)
      if (quantity > left) throw exceedsDelivered({ orderId, lineId: of.id, wanted: quantity, left })
    }
    const { supplierOrderId, supplierId } = onlySupplier(
      orderId,
      asked.map(({ of }) => of),
    )
    const returnId = kernel.ids('ret')
    const row: ReturnRow = {
      id: returnId,
      orderId,
      supplierOrderId,
      supplierId,
      status: 'requested',
      statusReason: null,
      refundId: null,
      requestedAt: tx.now,
      requestedBy: by,
      decidedAt: null,
      decidedBy: null,
      closedAt: null,
      metadata,
    }
    const rows = lines.map((line): ReturnLineRow => ({ returnId, ...line, received: 0, restocked: 0 }))
    await tx.insert(returnTable, [row])
    await tx.insert(returnLineTable, rows)
    await orders.recordReturn(tx, 'requested', unitsOf(orderId, lines), by)
    emitReturn(tx, 'return.requested', returnId, { returnId, orderId, supplierId, lines })
    return toReturn(row, rows)
  }
}

function lineOf({ order, lines }: OrderAggregate, lineId: string): OrderLine {
  const line = lines.find((candidate) => candidate.id === lineId)
  if (!line) throw orderLineNotFound({ orderId: order.id, lineId })
  return line
}

function onlySupplier(orderId: string, lines: readonly OrderLine[]): Pick<OrderLine, 'supplierOrderId' | 'supplierId'> {
  const [first] = lines
  const suppliers = [...new Set(lines.map((line) => line.supplierId))]
  if (!first || suppliers.length > 1) throw severalSuppliers({ orderId, suppliers })
  return first
}
