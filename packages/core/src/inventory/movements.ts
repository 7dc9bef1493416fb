import type { IdGenerator, Tx } from '../kernel/index.js'
import { type StockRow, stockMovementTable } from './inventory.entity.js'
import type { StockChange } from './inventory.sql.js'

/** Why goods came or went. */
export interface MovementCause {
  readonly reason: string
  /** The id of what caused it. */
  readonly source?: string | undefined
  readonly by: string
}

/** Writes the trail of what changed on hand. @param after the shelves as they are now */
export async function recordMovements(
  tx: Tx,
  ids: IdGenerator,
  after: readonly StockRow[],
  changes: ReadonlyMap<string, StockChange>,
  cause: (row: StockRow) => MovementCause,
): Promise<void> {
  const moved = after.flatMap((row) => {
    const change = changes.get(row.id)?.onHand ?? 0
    if (change === 0) return []
    const { reason, source = null, by } = cause(row)
    return [
      {
        id: ids('mov'),
        stockId: row.id,
        offerId: row.offerId,
        locationId: row.locationId,
        change,
        onHand: row.onHand,
        reason,
        source,
        by,
        at: tx.now,
      },
    ]
  })
  await tx.insert(stockMovementTable, moved)
}
