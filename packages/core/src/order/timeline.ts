import type { IdGenerator, Metadata, Timestamp, Tx } from '../kernel/index.js'
import { orderTimelineTable } from './order.entity.js'
import type { OrderRecord, TimelineEntry } from './order.js'

/** What is written into an order's timeline. */
export interface TimelineNote {
  readonly orderId: string
  readonly type: string
  readonly by: string
  readonly details?: Metadata | undefined
  /** When it happened, where that is not now. */
  readonly at?: Timestamp | undefined
}

/** The first entry of every timeline. The order's own row tells it, so none is written. */
export function placingEntry({ id, cartId, placedAt, placedBy, total, currency }: OrderRecord): TimelineEntry {
  const details = cartId === null ? { imported: true } : { total, currency }
  return { id, orderId: id, type: 'placed', at: placedAt, by: placedBy, details }
}

/** Writes to timelines, any number of entries by one statement. */
export type Note = (tx: Tx, notes: readonly TimelineNote[]) => Promise<void>

export function createNote(ids: IdGenerator): Note {
  return (tx, notes) =>
    tx.insert(
      orderTimelineTable,
      notes.map(({ orderId, type, by, details = {}, at = tx.now }) => ({ id: ids('otl'), orderId, type, at, by, details })),
    )
}
