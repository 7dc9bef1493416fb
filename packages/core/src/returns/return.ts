/** What a return is, and its states. Pure. */
import type { Metadata, Timestamp } from '../kernel/index.js'
import { exceedsRequested, lineNotInReturn, stepRefused } from './errors.js'

/** `closed`: the goods are here and the money is on its way back. `rejected`, `canceled` and `closed` are final. */
export type ReturnStatus = 'requested' | 'approved' | 'rejected' | 'canceled' | 'closed'

export type ReturnStep = 'approve' | 'reject' | 'cancel' | 'receive'

/** Goods are received that were let come; a request may be canceled until they are here. */
export const returnSteps: Readonly<Record<ReturnStep, { readonly from: readonly ReturnStatus[]; readonly to: ReturnStatus }>> = {
  approve: { from: ['requested'], to: 'approved' },
  reject: { from: ['requested'], to: 'rejected' },
  cancel: { from: ['requested', 'approved'], to: 'canceled' },
  receive: { from: ['approved'], to: 'closed' },
}

/** Units of one order line that come back. */
export interface ReturnLine {
  readonly lineId: string
  /** Units that were asked for. */
  readonly quantity: number
  /** Why, in the customer's words. */
  readonly reason: string
  /** Units that came; 0 until the return is closed. */
  readonly received: number
  /** Units of those that went back on sale. */
  readonly restocked: number
}

/** Goods of one supplier on their way back. */
export interface Return {
  /** `ret_…` */
  readonly id: string
  readonly orderId: string
  readonly supplierOrderId: string
  readonly supplierId: string
  readonly status: ReturnStatus
  readonly lines: readonly ReturnLine[]
  /** Why it was rejected or canceled. */
  readonly statusReason: string | null
  /** The order's refund that it ended in; null before, and where all was refunded by hand already. */
  readonly refundId: string | null
  readonly requestedAt: Timestamp
  readonly requestedBy: string
  /** When it was approved or rejected, and by whom. */
  readonly decidedAt: Timestamp | null
  readonly decidedBy: string | null
  /** When it was rejected, canceled or received. */
  readonly closedAt: Timestamp | null
  readonly metadata: Metadata
}

/** @throws return.step_refused */
export function takeStep(returnId: string, status: ReturnStatus, step: ReturnStep): ReturnStatus {
  const { from, to } = returnSteps[step]
  if (!from.includes(status)) throw stepRefused({ returnId, status, step, from })
  return to
}

/** Units that may still be asked back: delivered, not back yet, and not on their way. */
export function returnable({
  delivered,
  comingBack,
  returned,
}: {
  readonly delivered: number
  readonly comingBack: number
  readonly returned: number
}): number {
  return delivered - comingBack - returned
}

/** Lines of a return as the order room counts them. */
export function unitsOf(
  orderId: string,
  lines: readonly { readonly lineId: string; readonly quantity: number }[],
): readonly { readonly orderId: string; readonly lineId: string; readonly quantity: number }[] {
  return lines.map(({ lineId, quantity }) => ({ orderId, lineId, quantity }))
}

/** What came of one line. */
export interface ReceivedUnits {
  readonly lineId: string
  readonly quantity: number
  /** Whether it can be sold again. */
  readonly restock: boolean
}

/** The lines with what came of them; a line that is not named did not come. @throws return.line_not_found, return.exceeds_requested */
export function countReceived<Line extends { readonly lineId: string; readonly quantity: number }>(
  returnId: string,
  lines: readonly Line[],
  came: readonly ReceivedUnits[],
): readonly (Line & { readonly received: number; readonly restocked: number })[] {
  for (const { lineId } of came) if (!lines.some((line) => line.lineId === lineId)) throw lineNotInReturn({ returnId, lineId })
  return lines.map((line) => {
    const { quantity: received = 0, restock = false } = came.find(({ lineId }) => lineId === line.lineId) ?? {}
    if (received > line.quantity) throw exceedsRequested({ returnId, lineId: line.lineId, received, requested: line.quantity })
    return { ...line, received, restocked: restock ? received : 0 }
  })
}
