/** Units of one offer at one location. */
export interface Shelf {
  /** Units that lie there. */
  readonly onHand: number
  /** Units of them that are promised. */
  readonly reserved: number
  /** Units that are kept and not sold. */
  readonly safety: number
  /** The shelf is low when no more than this is left to sell. */
  readonly lowAt: number
}

/** What may be sold from a shelf: what is free above the safety stock. */
export function sellable({ onHand, reserved, safety }: Shelf): number {
  return Math.max(0, onHand - reserved - safety)
}

export function isLow(shelf: Shelf): boolean {
  return sellable(shelf) <= shelf.lowAt
}

/** What one buyer may have of an offer. */
export interface Share {
  /** Sellable units on all shelves. */
  readonly sellable: number
  /** Units set aside and not yet spent, for whomever. */
  readonly setAside: number
  /** Units of `setAside` that are the buyer's own. */
  readonly own: number
}

/** Everybody's units, and the buyer's own. Where goods were lost until less lies there than was set aside, the own units are what is there. */
export function availableTo({ sellable: all, setAside, own }: Share): number {
  return Math.min(all, own + Math.max(0, all - setAside))
}
