import { type Emit, emit, groupBy, type Kernel, type Tx } from '../kernel/index.js'
import type { InventoryEvents } from './events.js'
import { isFirstTime, type Lapsed, lockLapsed, lockOpen, putBack } from './inventory.sql.js'
import { portionsOf, type ReservedUnits } from './reservation.js'

const emitInventory: Emit<InventoryEvents> = emit

/** Bounds a sweep's transaction: other writers wait for it no longer than about this many rows take, or those of one reference. */
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
    // What another transaction is at waits for the next run, and keeps the others from nothing.
    const passed: string[] = []
    for (let lapsed = 0; ; ) {
      const { references, rows } = await database.transaction(undefined, (tx) => lapseBatch(tx, passed))
      if (references.length === 0) return lapsed
      lapsed += rows.length
      const done = new Set(rows.map((row) => row.reference))
      passed.push(...references.filter((reference) => !done.has(reference)))
    }
  }
}

async function lapseBatch(tx: Tx, passed: readonly string[]): Promise<Lapsed> {
  const lapsed = await lockLapsed(tx, batch, passed)
  const portions = portionsOf(lapsed.rows, undefined)
  await putBack(tx, portions, 'lapsed')
  for (const [reference, its] of groupBy(portions, ({ of }) => of.reference)) {
    const lines = its.map(({ of, quantity }) => ({ lineId: of.lineId, offerId: of.offerId, quantity }))
    emitInventory(tx, 'inventory.reservation_lapsed', reference, { reference, lines })
  }
  return lapsed
}
