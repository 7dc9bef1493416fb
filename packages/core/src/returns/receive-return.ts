import * as z from 'zod'
import { type Caller, id, inList, numberByKey, quantity, sql, type Tx } from '../kernel/index.js'
import { eachLineOnce, orderLineTable } from '../order/index.js'
import type { ReturnsDeps } from './deps.js'
import { emitReturn } from './events.js'
import { toReturn } from './read-returns.js'
import { type ReturnLineRow, returnLineTable, returnTable } from './return.entity.js'
import { countReceived, type ReceivedUnits, type Return, unitsOf } from './return.js'
import { changeReturn, lockReturn, partiesOf } from './return-steps.js'

/** What came of an approved return. */
export interface ReceiveReturnInput {
  readonly returnId: string
  /** Each line once. Of a line that is not named nothing came; if nothing came at all, cancel the return. */
  readonly lines: readonly ReceivedUnits[]
}

export const receiveReturnInput: z.ZodType<ReceiveReturnInput> = z.object({
  returnId: id,
  lines: eachLineOnce(z.object({ lineId: id, quantity, restock: z.boolean() }), 1000),
})

/**
 * The goods are here: what can be sold again goes on the shelf, the money goes back by units, as far as it has not gone back by hand since they were announced, and the return is closed. What
 * did not come may be asked back again.
 * @throws return.not_found, return.step_refused, return.line_not_found, return.exceeds_requested, order.exceeds_quantity
 */
export function receiveReturn({ orders, inventory }: ReturnsDeps): (tx: Tx, input: ReceiveReturnInput, caller: Caller) => Promise<Return> {
  return async (tx, { returnId, lines: came }, { by }) => {
    const { row, lines: requested, status } = await lockReturn(tx, orders, returnId, 'receive')
    const { orderId } = row
    const lines = countReceived(returnId, requested, came)
    await storeReceived(tx, returnId, lines)

    const received = some(lines, (line) => line.received)
    const missing = some(lines, (line) => line.quantity - line.received)
    await orders.recordReturn(tx, 'received', unitsOf(orderId, received), by)
    await orders.recordReturn(tx, 'withdrawn', unitsOf(orderId, missing), by)
    await inventory.restock(tx, await restockItems(tx, lines), returnId)
    const others = await tx.find(returnTable, { orderId })
    const refunded = await orders.refundReturned(
      tx,
      {
        orderId,
        lines: received,
        since: row.requestedAt,
        ofReturns: others.flatMap(({ refundId }) => refundId ?? []),
        reason: `return ${returnId}`,
      },
      { by },
    )
    const refundId = refunded?.refund.id ?? null

    const after = await changeReturn(tx, row, { status, closedAt: tx.now, refundId })
    emitReturn(tx, 'return.closed', returnId, {
      ...partiesOf(after),
      refundId,
      lines: lines.map(({ lineId, received: units, restocked }) => ({ lineId, received: units, restocked })),
    })
    return toReturn(after, lines)
  }
}

function some(
  lines: readonly ReturnLineRow[],
  units: (line: ReturnLineRow) => number,
): readonly { readonly lineId: string; readonly quantity: number }[] {
  return lines.map((line) => ({ lineId: line.lineId, quantity: units(line) })).filter(({ quantity }) => quantity > 0)
}

async function storeReceived(tx: Tx, returnId: string, lines: readonly ReturnLineRow[]): Promise<void> {
  const received = numberByKey(
    sql`line_id`,
    lines.map((line) => [line.lineId, line.received]),
  )
  const restocked = numberByKey(
    sql`line_id`,
    lines.map((line) => [line.lineId, line.restocked]),
  )
  await tx.run(sql`
    UPDATE ${returnLineTable} SET received = ${received}, restocked = ${restocked}
    WHERE return_id = ${returnId} AND ${inList(
      sql`line_id`,
      lines.map((line) => line.lineId),
    )}`)
}

/** Goods that are in no catalogue have no shelf. */
async function restockItems(
  tx: Tx,
  lines: readonly ReturnLineRow[],
): Promise<readonly { offerId: string; quantity: number; reason: string }[]> {
  const fit = new Map(lines.filter((line) => line.restocked > 0).map((line) => [line.lineId, line.restocked]))
  const ordered = fit.size === 0 ? [] : await tx.find(orderLineTable, { id: [...fit.keys()] })
  return ordered.flatMap(({ id: lineId, offerId }) =>
    offerId === null ? [] : [{ offerId, quantity: fit.get(lineId) ?? 0, reason: 'returned' }],
  )
}
