/** Steps of a return that end or let on a request. Each locks the order, then reads the return anew. */
import * as z from 'zod'
import { type Caller, id, reason, type Tx } from '../kernel/index.js'
import type { ReturnsDeps } from './deps.js'
import { returnNotFound } from './errors.js'
import { emitReturn } from './events.js'
import { toReturn } from './read-returns.js'
import { type ReturnLineRow, type ReturnRow, returnLineTable, returnTable } from './return.entity.js'
import { type Return, type ReturnStatus, type ReturnStep, takeStep, unitsOf } from './return.js'

export interface ReturnIdInput {
  readonly returnId: string
}

export const returnIdInput: z.ZodType<ReturnIdInput> = z.object({ returnId: id })

export interface RejectReturnInput extends ReturnIdInput {
  /** Shown to the customer. */
  readonly reason: string
}

export const rejectReturnInput: z.ZodType<RejectReturnInput> = z.object({ returnId: id, reason })

export interface CancelReturnInput extends ReturnIdInput {
  readonly reason?: string | undefined
}

export const cancelReturnInput: z.ZodType<CancelReturnInput> = z.object({ returnId: id, reason: reason.optional() })

/** @throws return.not_found, return.step_refused */
export function approveReturn({ orders }: Pick<ReturnsDeps, 'orders'>): (tx: Tx, input: ReturnIdInput, caller: Caller) => Promise<Return> {
  return async (tx, { returnId }, { by }) => {
    const { row, lines, status } = await lockReturn(tx, orders, returnId, 'approve')
    const after = await changeReturn(tx, row, { status, decidedAt: tx.now, decidedBy: by })
    emitReturn(tx, 'return.approved', returnId, partiesOf(after))
    return toReturn(after, lines)
  }
}

/** @throws return.not_found, return.step_refused */
export function rejectReturn({
  orders,
}: Pick<ReturnsDeps, 'orders'>): (tx: Tx, input: RejectReturnInput, caller: Caller) => Promise<Return> {
  return async (tx, { returnId, reason: why }, { by }) => {
    const { row, lines, status } = await lockReturn(tx, orders, returnId, 'reject')
    const after = await changeReturn(tx, row, { status, decidedAt: tx.now, decidedBy: by, closedAt: tx.now, statusReason: why })
    await orders.recordReturn(tx, 'withdrawn', unitsOf(row.orderId, lines), by)
    emitReturn(tx, 'return.rejected', returnId, { ...partiesOf(after), reason: why })
    return toReturn(after, lines)
  }
}

/** @throws return.not_found, return.step_refused */
export function cancelReturn({
  orders,
}: Pick<ReturnsDeps, 'orders'>): (tx: Tx, input: CancelReturnInput, caller: Caller) => Promise<Return> {
  return async (tx, { returnId, reason: why = null }, { by }) => {
    const { row, lines, status } = await lockReturn(tx, orders, returnId, 'cancel')
    const after = await changeReturn(tx, row, { status, closedAt: tx.now, statusReason: why })
    await orders.recordReturn(tx, 'withdrawn', unitsOf(row.orderId, lines), by)
    emitReturn(tx, 'return.canceled', returnId, { ...partiesOf(after), reason: why })
    return toReturn(after, lines)
  }
}

/** A return under the lock of its order, and what the step makes of it. @throws return.not_found, return.step_refused */
export async function lockReturn(
  tx: Tx,
  orders: ReturnsDeps['orders'],
  returnId: string,
  step: ReturnStep,
): Promise<{ readonly row: ReturnRow; readonly lines: readonly ReturnLineRow[]; readonly status: ReturnStatus }> {
  // A return never changes its order, so that one may be read before the lock.
  const found = await tx.findOne(returnTable, { id: returnId })
  if (found) await orders.lock(tx, found.orderId)
  const row = found && (await tx.findOne(returnTable, { id: returnId }))
  if (!row) throw returnNotFound({ returnId })
  const status = takeStep(returnId, row.status, step)
  return { row, lines: await tx.find(returnLineTable, { returnId }, { orderBy: ['lineId'] }), status }
}

export async function changeReturn(tx: Tx, row: ReturnRow, set: Partial<ReturnRow>): Promise<ReturnRow> {
  await tx.update(returnTable, set, { id: row.id })
  return { ...row, ...set }
}

export function partiesOf({ id: returnId, orderId, supplierId }: ReturnRow): {
  readonly returnId: string
  readonly orderId: string
  readonly supplierId: string
} {
  return { returnId, orderId, supplierId }
}
