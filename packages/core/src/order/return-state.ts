/** How far goods have come back: derived from counted units, for a line, a supplier's part and the order alike. */
import { sumBy } from '../kernel/index.js'
import { illegalMove } from './errors.js'

export type ReturnStatus = 'none' | 'requested' | 'partially_returned' | 'returned'

/** Units of a line. */
export interface ReturnProgress {
  readonly fulfilled: number
  /** Announced and not arrived. */
  readonly comingBack: number
  readonly returned: number
}

export function returnStatus(lines: readonly ReturnProgress[]): ReturnStatus {
  const returned = sumBy(lines, (line) => line.returned)
  if (returned > 0) return returned < sumBy(lines, (line) => line.fulfilled) ? 'partially_returned' : 'returned'
  return sumBy(lines, (line) => line.comingBack) > 0 ? 'requested' : 'none'
}

/** A request may be withdrawn; what has arrived stays arrived. More may be sent after all that was sent has come back. */
export const returnMoves: Readonly<Record<ReturnStatus, readonly ReturnStatus[]>> = {
  none: ['requested', 'partially_returned', 'returned'],
  requested: ['none', 'partially_returned', 'returned'],
  partially_returned: ['returned'],
  returned: ['partially_returned'],
}

/** @throws order.illegal_move */
export function moveReturn(orderId: string, from: ReturnStatus, to: ReturnStatus): ReturnStatus {
  if (from !== to && !returnMoves[from].includes(to)) throw illegalMove({ orderId, machine: 'return', from, to })
  return to
}
