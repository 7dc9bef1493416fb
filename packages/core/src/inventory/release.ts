import { type Emit, emit, type Kernel, type Tx } from '../kernel/index.js'
import type { InventoryEvents } from './events.js'
import { isFirstTime, lockLapsed, lockOpen, putBack } from './inventory.sql.js'
import { portionsOf, type ReservedUnits } from './reservation.js'

const emitInventory: Emit<InventoryEvents> = emit

/** Bounds a sweep's transaction: other writers wait for it no longer than this many rows take. */
const batch = 200

/**
 * Puts reserved goods back on sale: all that the reference still holds, or some of its lines, at most what they hold. Without quantities a second call finds
 * nothing to do; one with quantities gives a `source`, and is then done once.
 */
export async function release(tx: Tx, reference: string, lines?: readonly ReservedUnits[], source?: string): Promise<void> {
  if (!(await isFirstTime(tx, 'release', source))) return
  await putBack(tx, portionsOf(await lockOpen(tx, reference), lines), 'closed')
}

/** Puts back what was not confirmed in time, batch by batch, each in a transaction of its own. @returns how many reservations have lapsed */
export function releaseExpired({ database }: Pick<Kernel, 'database'>): () => Promise<number> {
  return async () => {
    for (let lapsed = 0; ; ) {
      const count = await database.transaction(undefined, lapseBatch)
      lapsed += count
      if (count < batch) return lapsed
    }
  }
}

async function lapseBatch(tx: Tx): Promise<number> {
  const rows = await lockLapsed(tx, batch)
  const portions = portionsOf(rows, undefined)
  await putBack(tx, portions, 'lapsed')
  for (const reference of new Set(rows.map((row) => row.reference))) {
    const lines = portions
      .filter(({ of }) => of.reference === reference)
      .map(({ of, quantity }) => ({ lineId: of.lineId, offerId: of.offerId, quantity }))
    emitInventory(tx, 'inventory.reservation_lapsed', reference, { reference, lines })
  }
  return rows.length
}
