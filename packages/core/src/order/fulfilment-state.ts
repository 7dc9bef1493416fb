/** How far goods are sent and delivered: derived from counted units, for a line, a supplier's part and the order alike. */
import { sumBy } from '../kernel/index.js'
import { illegalMove } from './errors.js'

export type FulfilmentStatus = 'unfulfilled' | 'partially_fulfilled' | 'fulfilled' | 'partially_delivered' | 'delivered' | 'canceled'

/** Units of a line. */
export interface FulfilmentProgress {
  readonly quantity: number
  readonly canceled: number
  readonly fulfilled: number
  readonly delivered: number
}

/** Units that are canceled are not waited for. */
export function fulfilmentStatus(lines: readonly FulfilmentProgress[]): FulfilmentStatus {
  const wanted = sumBy(lines, (line) => line.quantity - line.canceled)
  const fulfilled = sumBy(lines, (line) => line.fulfilled)
  const delivered = sumBy(lines, (line) => line.delivered)
  if (wanted === 0) return 'canceled'
  if (delivered > 0) return delivered < wanted ? 'partially_delivered' : 'delivered'
  if (fulfilled > 0) return fulfilled < wanted ? 'partially_fulfilled' : 'fulfilled'
  return 'unfulfilled'
}

/** Goods never travel back here: what comes back is the return machine's. Canceling the rest of what was sent in part completes it; an exchange adds what is still to be sent. */
export const fulfilmentMoves: Readonly<Record<FulfilmentStatus, readonly FulfilmentStatus[]>> = {
  unfulfilled: ['partially_fulfilled', 'fulfilled', 'partially_delivered', 'delivered', 'canceled'],
  partially_fulfilled: ['fulfilled', 'partially_delivered', 'delivered'],
  fulfilled: ['partially_fulfilled', 'partially_delivered', 'delivered'],
  partially_delivered: ['delivered'],
  delivered: ['partially_delivered'],
  canceled: [],
}

/** @throws order.illegal_move */
export function moveFulfilment(orderId: string, from: FulfilmentStatus, to: FulfilmentStatus): FulfilmentStatus {
  if (from !== to && !fulfilmentMoves[from].includes(to)) throw illegalMove({ orderId, machine: 'fulfilment', from, to })
  return to
}
