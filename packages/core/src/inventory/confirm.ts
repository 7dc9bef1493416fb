import type { Tx } from '../kernel/index.js'
import { type ReservationRow, reservationTable } from './inventory.entity.js'
import { hasLapsed, openStatuses } from './reservation.js'

/**
 * The goods are paid for: the promise ends no more. Again, it changes nothing and says the same.
 * @returns false where nothing is held that could be confirmed: it has lapsed (swept or not), was released, or never was
 */
export async function confirm(tx: Tx, reference: string): Promise<boolean> {
  const rows = await tx.lock(reservationTable, { reference })
  if (rows.some((row) => hasLapsed(row, tx.now))) return false
  const held = rows.filter((row) => row.status === 'held').map((row) => row.id)
  if (held.length > 0) await tx.update(reservationTable, { status: 'confirmed', expiresAt: null }, { id: held })
  return rows.some(isKept)
}

function isKept({ status, fulfilled }: ReservationRow): boolean {
  return openStatuses.includes(status) || fulfilled > 0
}
