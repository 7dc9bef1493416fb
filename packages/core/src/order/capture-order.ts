/** Money that came in is counted on the order and its lines, and handed to the rooms that split it. */
import type { Timestamp, Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import { allocateByDeficit, sumAmounts } from '../money/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import type { LinePart, OrderCapture } from './hooks.js'
import type { OrderLine, OrderWithLines } from './order.js'
import { changeOrder, countLines } from './order-store.js'
import { movePayment, paymentStatus } from './payment-state.js'

/**
 * A capture, line by line: R4 forwards over the pots (in line order, goods before shipping), so that any number of captures end as one would have. A line that
 * costs nothing has its part, of 0, in the capture that completes the order.
 */
export function partsOfCapture(lines: readonly OrderLine[], amount: number): readonly LinePart[] {
  const shares = lines.flatMap((line) => [line.goods, line.shipping])
  const done = lines.flatMap((line) => [line.capturedGoods, line.capturedShipping])
  const whole = sumAmounts(shares)
  const cumulative = sumAmounts([...done, amount])
  const given = allocateByDeficit({ shares, whole, cumulative, done })
  const parts = lines.map(
    (line, index): LinePart => ({ lineId: line.id, goods: given[2 * index] ?? 0, shipping: given[2 * index + 1] ?? 0 }),
  )
  return parts.filter(({ goods, shipping }, index) => goods + shipping > 0 || (cumulative === whole && isFree(lines[index])))
}

function isFree(line: OrderLine | undefined): boolean {
  return line !== undefined && line.goods + line.shipping === 0
}

/** The parts of an order that is paid all at once. */
export function allParts(lines: readonly OrderLine[]): readonly LinePart[] {
  return lines.map(({ id, goods, shipping }) => ({ lineId: id, goods, shipping }))
}

/** Hands captures that are counted already to those who split them. */
export async function bookCaptures({ hooks }: Pick<OrderDeps, 'hooks'>, tx: Tx, captures: readonly OrderCapture[]): Promise<void> {
  if (captures.length === 0) return
  await hooks.run(tx, 'order.captured', { orders: captures })
  const complete = captures.filter((capture) => capture.complete)
  if (complete.length > 0) await hooks.run(tx, 'order.paid', { orders: complete })
}

/** One capture of one locked order. */
export interface CaptureInput {
  readonly paymentId: string
  readonly provider: string
  readonly captureId: string
  /** At most what the order lacks. */
  readonly amount: number
  readonly clearing: AccountRef
  readonly at: Timestamp
}

/** @returns the order as it is with the capture */
export function captureOrder(deps: OrderDeps) {
  return async (
    tx: Tx,
    before: OrderWithLines,
    { paymentId, provider, captureId, amount, clearing, at }: CaptureInput,
  ): Promise<OrderWithLines> => {
    const parts = partsOfCapture(before.lines, amount)
    const lines = await countLines(
      tx,
      before.lines,
      parts.map(({ lineId, goods, shipping }) => ({ lineId, add: { capturedGoods: goods, capturedShipping: shipping } })),
    )
    const { total, refunded, paymentStatus: status, id: orderId, number, customerId, currency } = before.order
    const captured = sumAmounts([before.order.captured, amount])
    const complete = captured === total
    const order = await changeOrder(tx, before.order, {
      captured,
      paymentStatus: movePayment(orderId, status, paymentStatus({ total, authorized: 0, captured, refunded, closed: false })),
      ...(complete ? { paidAt: at, expiresAt: null } : {}),
    })
    await deps.note(tx, [
      { orderId, type: 'captured', by: 'system', at, details: { paymentId, provider, amount, currency } },
      ...(complete ? [{ orderId, type: 'paid', by: 'system', at }] : []),
    ])
    emitOrder(tx, 'order.captured', orderId, { orderId, paymentId, amount, currency })
    if (complete) emitOrder(tx, 'order.paid', orderId, { orderId, number, customerId })
    await bookCaptures(deps, tx, [{ order, lines, paymentId, captureId, amount, parts, complete, clearing, at }])
    return { order, lines }
  }
}
