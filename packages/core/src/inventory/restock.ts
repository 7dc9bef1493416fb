import type { Kernel, Tx } from '../kernel/index.js'
import { type StockRow, stockTable } from './inventory.entity.js'
import { changeStock, isFirstTime } from './inventory.sql.js'
import { recordMovements } from './movements.js'

/** Goods that came back. */
export interface RestockItem {
  readonly offerId: string
  /** Units, at least 1. */
  readonly quantity: number
  /** For the trail. */
  readonly reason: string
  /** Where they are put. @default the offer's oldest shelf */
  readonly locationId?: string | undefined
}

/**
 * Puts goods back on sale. They are everybody's: an allotment is spent once. An offer that has no shelf (there) is not stocked here and left alone.
 * @param source the return's id: told again, it changes nothing
 */
export function restock({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, items: readonly RestockItem[], source?: string) => Promise<void> {
  return async (tx, items, source) => {
    if (items.length === 0 || !(await isFirstTime(tx, 'restock', source))) return
    const shelves = await tx.lock(stockTable, { offerId: [...new Set(items.map((item) => item.offerId))] })
    const changes = new Map<string, { onHand: number }>()
    const reasons = new Map<string, string>()
    for (const item of items) {
      const shelf = shelves.find((row) => isFor(row, item))
      if (!shelf) continue
      changes.set(shelf.id, { onHand: (changes.get(shelf.id)?.onHand ?? 0) + item.quantity })
      reasons.set(shelf.id, item.reason)
    }
    const after = await changeStock(tx, shelves, changes)
    await recordMovements(tx, ids, after, changes, (row) => ({ reason: reasons.get(row.id) ?? 'restocked', source, by: 'system' }))
  }
}

function isFor(shelf: StockRow, { offerId, locationId }: RestockItem): boolean {
  return shelf.offerId === offerId && (locationId === undefined || shelf.locationId === locationId)
}
