import { sumBy } from '../kernel/index.js'
import { availableTo, type Shelf, sellable } from './stock.js'

/** A line's wish. */
export interface PlanItem {
  readonly lineId: string
  readonly offerId: string
  readonly quantity: number
}

/** A shelf that units may be taken from. */
export interface PlanShelf extends Shelf {
  readonly id: string
  readonly offerId: string
}

/** Units set aside for a distributor. */
export interface PlanAllotment {
  readonly id: string
  readonly offerId: string
  readonly distributorId: string
  readonly quantity: number
  readonly used: number
}

/** Units of one line from one shelf. */
export interface Take extends PlanItem {
  readonly stockId: string
  readonly allotmentId: string | null
  /** Units of `quantity` that are spent from the allotment. */
  readonly allotted: number
}

export interface Shortage {
  readonly wanted: number
  readonly available: number
}

export interface PlanInput {
  readonly items: readonly PlanItem[]
  readonly shelves: readonly PlanShelf[]
  readonly allotments: readonly PlanAllotment[]
  /** Who buys; null where no distributor does. */
  readonly distributorId: string | null
}

/** Either every line is served in full, or `shortages` says what is missing and nothing is taken. */
export interface Plan {
  readonly takes: readonly Take[]
  /** By offer id. */
  readonly shortages: Readonly<Record<string, Shortage>>
}

/** Chooses shelves for lines. Lines that want the same offer share what there is of it; a distributor's own allotment is spent first. */
export function planReservation({ items, shelves, allotments, distributorId }: PlanInput): Plan {
  const takes: Take[] = []
  const shortages: Record<string, Shortage> = {}
  for (const offerId of new Set(items.map((item) => item.offerId))) {
    const wishes = items.filter((item) => item.offerId === offerId)
    const rest = new Map(shelves.filter((shelf) => shelf.offerId === offerId).map((shelf) => [shelf.id, sellable(shelf)]))
    const aside = allotments.filter((allotment) => allotment.offerId === offerId)
    const own = aside.find((allotment) => allotment.distributorId === distributorId)
    let ownLeft = own ? unspent(own) : 0
    const available = availableTo({ sellable: sumBy(rest.values(), (units) => units), setAside: sumBy(aside, unspent), own: ownLeft })
    const wanted = sumBy(wishes, (wish) => wish.quantity)
    if (wanted > available) {
      shortages[offerId] = { wanted, available }
      continue
    }
    for (const wish of wishes) {
      for (const { stockId, quantity } of takeFrom(rest, wish.quantity)) {
        const allotted = Math.min(quantity, ownLeft)
        ownLeft -= allotted
        takes.push({ ...wish, stockId, quantity, allotmentId: allotted > 0 && own ? own.id : null, allotted })
      }
    }
  }
  return Object.keys(shortages).length > 0 ? { takes: [], shortages } : { takes, shortages }
}

/** The first shelf that serves the whole wish, so that it ships as one parcel; else the fullest shelves, so that it ships as few. */
function takeFrom(rest: Map<string, number>, wanted: number): readonly { stockId: string; quantity: number }[] {
  const whole = [...rest].find(([, left]) => left >= wanted)
  const order = whole ? [whole] : [...rest].sort(([, a], [, b]) => b - a)
  const taken: { stockId: string; quantity: number }[] = []
  let missing = wanted
  for (const [stockId, left] of order) {
    const quantity = Math.min(left, missing)
    if (quantity === 0) break
    rest.set(stockId, left - quantity)
    missing -= quantity
    taken.push({ stockId, quantity })
  }
  return taken
}

function unspent({ quantity, used }: PlanAllotment): number {
  return quantity - used
}
