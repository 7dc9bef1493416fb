import type { Kernel, Tx } from '../kernel/index.js'
import { notReserved } from './errors.js'
import { stockTable } from './inventory.entity.js'
import { changeStock, closePortions, isFirstTime, lockOpen, totals } from './inventory.sql.js'
import { recordMovements } from './movements.js'
import { openUnits, portionsOf, type ReservedUnits } from './reservation.js'

/**
 * Goods leave their shelves for whom they were reserved. Lines that hold nothing (any more, or ever: an imported order's) are left alone.
 * @param source the shipment's id: told again, it changes nothing
 * @throws inventory.not_reserved where a line holds something, but less than is to leave
 */
export function fulfil({
  ids,
}: Pick<Kernel, 'ids'>): (tx: Tx, reference: string, items: readonly ReservedUnits[], source?: string) => Promise<void> {
  return async (tx, reference, items, source) => {
    if (!(await isFirstTime(tx, 'fulfil', source))) return
    const open = await lockOpen(tx, reference)
    const portions = portionsOf(open, items)
    if (portions.length === 0) return
    const held = totals(open, (row) => [row.lineId, openUnits(row)])
    for (const [lineId, wanted] of totals(items, (item) => [item.lineId, item.quantity ?? 0])) {
      const reserved = held.get(lineId) ?? 0
      if (reserved > 0 && wanted > reserved) throw notReserved({ reference, lineId, wanted, reserved })
    }

    const left = totals(portions, ({ of, quantity }) => [of.stockId, -quantity])
    const shelves = await tx.lock(stockTable, { id: [...left.keys()] })
    const changes = new Map([...left].map(([id, change]) => [id, { onHand: change, reserved: change }]))
    const after = await changeStock(tx, shelves, changes)
    await closePortions(tx, portions, 'fulfilled')
    await recordMovements(tx, ids, after, changes, () => ({ reason: 'fulfilled', source: source ?? reference, by: 'system' }))
  }
}
