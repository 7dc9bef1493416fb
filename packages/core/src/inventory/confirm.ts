import { sql, type Tx } from '../kernel/index.js'
import { type ReservationRow, reservationTable } from './inventory.entity.js'
import { hasLapsed, openStatuses } from './reservation.js'

/**
 * The goods are paid for: the promise ends no more. Again, it changes nothing and says the same.
 * @returns false where nothing is held that could be confirmed: it has lapsed (swept or not), was released, or never was
 */
export async function confirm(tx: Tx, reference: string): Promise<boolean> {
  // All that a reference holds ends at one moment, so that one condition decides for all of it, also against the sweeper.
  const confirmed = await tx.run(sql`
    UPDATE ${reservationTable} SET status = 'confirmed', expires_at = NULL
    WHERE reference = ${reference} AND status = 'held' AND (expires_at IS NULL OR expires_at > ${tx.now})`)
  if (confirmed > 0) return true
  const rows = await tx.find(reservationTable, { reference })
  return rows.some(isKept) && !rows.some((row) => hasLapsed(row, tx.now))
}

function isKept({ status, fulfilled }: ReservationRow): boolean {
  return openStatuses.includes(status) || fulfilled > 0
}
