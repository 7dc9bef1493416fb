import type { Kernel, Timestamp, Tx } from '../kernel/index.js'
import { alreadyReserved, insufficient } from './errors.js'
import { allotmentTable, type ReservationRow, reservationTable, stockTable } from './inventory.entity.js'
import { changeStock, lockOpen, putBack, spendAllotments, totals } from './inventory.sql.js'
import { planReservation } from './plan.js'
import { hasLapsed, portionsOf } from './reservation.js'

export interface ReservationItem {
  readonly lineId: string
  readonly offerId: string
  /** Units, at least 1. */
  readonly quantity: number
}

export interface ReserveRequest {
  /** What the goods are promised to: an order's id. */
  readonly reference: string
  /** When the promise ends unless it is confirmed, for all that the reference holds; null: never. */
  readonly expiresAt: Timestamp | null
  /** Whose customer buys: what is set aside for this distributor is spent first. */
  readonly distributorId: string | null
  readonly items: readonly ReservationItem[]
  /** The reference is as new as this transaction: nothing can be held for it yet, and nothing is looked for. @default false */
  readonly fresh?: boolean | undefined
}

/**
 * Reserves all items, or none. Lines that the reference holds already are kept, so the same request again changes nothing; what it held and let lapse is put
 * back first and reserved anew.
 * @throws inventory.insufficient with what was wanted and what there is by offer, inventory.already_reserved
 */
export function reserve({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, request: ReserveRequest) => Promise<void> {
  return async (tx, { reference, expiresAt, distributorId, items: wishes, fresh = false }) => {
    const status = expiresAt === null ? 'confirmed' : 'held'
    const items = fresh ? wishes : await stillWanted(tx, reference, wishes, { status, expiresAt })
    if (items.length === 0) return
    const offerId = [...new Set(items.map((item) => item.offerId))]
    // All shelves of the offers, not only those that will serve: under these locks the allotments stand still too.
    const shelves = await tx.lock(stockTable, { offerId })
    const allotments = await tx.lock(allotmentTable, { offerId })
    const { takes, shortages } = planReservation({ items, shelves, allotments, distributorId })
    if (takes.length === 0) throw insufficient({ offers: shortages })

    const reserved = totals(takes, (take) => [take.stockId, take.quantity])
    await changeStock(tx, shelves, new Map([...reserved].map(([id, quantity]) => [id, { reserved: quantity }])))
    await spendAllotments(
      tx,
      totals(takes, (take) => [take.allotmentId, take.allotted]),
    )
    await tx.insert(
      reservationTable,
      takes.map(
        (take): ReservationRow => ({ id: ids('rsv'), reference, ...take, fulfilled: 0, released: 0, status, expiresAt, createdAt: tx.now }),
      ),
    )
  }
}

async function stillWanted(
  tx: Tx,
  reference: string,
  wishes: readonly ReservationItem[],
  end: Pick<ReservationRow, 'status' | 'expiresAt'>,
): Promise<readonly ReservationItem[]> {
  const open = await lockOpen(tx, reference)
  await putBack(
    tx,
    portionsOf(
      open.filter((row) => hasLapsed(row, tx.now)),
      undefined,
    ),
    'lapsed',
  )
  const living = open.filter((row) => !hasLapsed(row, tx.now))
  const otherEnd = living.filter((row) => row.status === 'held' && row.expiresAt !== end.expiresAt).map((row) => row.id)
  if (otherEnd.length > 0) await tx.update(reservationTable, end, { id: otherEnd })
  const held = totals(living, (row) => [row.lineId, row.quantity - row.released])
  return wishes.filter(({ lineId, quantity }) => {
    const reserved = held.get(lineId) ?? 0
    if (reserved > 0 && reserved !== quantity) throw alreadyReserved({ reference, lineId, wanted: quantity, reserved })
    return reserved === 0 && quantity > 0
  })
}
