import type { Timestamp } from '../kernel/index.js'

/**
 * `held`: promised until it expires; `confirmed`: paid for, and expires no more. From both, units go out one by one, fulfilled or released; when none is left
 * the reservation is `closed`, or `lapsed` where it was time that released them.
 */
export type ReservationStatus = 'held' | 'confirmed' | 'lapsed' | 'closed'

export const openStatuses: readonly ReservationStatus[] = ['held', 'confirmed']

/** Units of one line on one shelf. */
export interface Reservation {
  readonly id: string
  readonly lineId: string
  /** As reserved at first. */
  readonly quantity: number
  /** Units of `quantity` that came from a distributor's allotment. */
  readonly allotted: number
  readonly fulfilled: number
  readonly released: number
  readonly status: ReservationStatus
  readonly expiresAt: Timestamp | null
}

/** Units of an order line. */
export interface ReservedUnits {
  readonly lineId: string
  /** All that is still reserved for the line, unless given. */
  readonly quantity?: number | undefined
}

/** Some units of one reservation. */
export interface Portion<Of extends Reservation> {
  readonly of: Of
  readonly quantity: number
}

export function openUnits({ quantity, fulfilled, released }: Reservation): number {
  return quantity - fulfilled - released
}

/** Half open: at the moment of its expiry a reservation is over, swept or not. */
export function hasLapsed({ status, expiresAt }: Reservation, now: Timestamp): boolean {
  return status === 'held' && expiresAt !== null && expiresAt <= now
}

/** Units that an allotment gets back when `count` more are released. Allotted units were taken first, so they go back last. */
export function allotmentReturn({ quantity, allotted, released }: Reservation, count: number): number {
  const returned = (units: number): number => Math.max(0, units - (quantity - allotted))
  return returned(released + count) - returned(released)
}

/** Spreads lines' units over their open reservations, in order, at most what is open; without lines, everything. */
export function portionsOf<Of extends Reservation>(
  open: readonly Of[],
  lines: readonly ReservedUnits[] | undefined,
): readonly Portion<Of>[] {
  const left = lines && new Map<string, number>()
  for (const { lineId, quantity } of lines ?? []) left?.set(lineId, (left.get(lineId) ?? 0) + (quantity ?? Number.POSITIVE_INFINITY))
  return open.flatMap((of) => {
    const wanted = left ? (left.get(of.lineId) ?? 0) : Number.POSITIVE_INFINITY
    const quantity = Math.min(wanted, openUnits(of))
    left?.set(of.lineId, wanted - quantity)
    return quantity > 0 ? [{ of, quantity }] : []
  })
}
