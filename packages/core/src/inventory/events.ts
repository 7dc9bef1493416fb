/** What inventory tells after commit. */
export interface InventoryEvents {
  /** What is left to sell at a location has fallen to its alert level or below. Told once, when the level is crossed. Aggregate: the offer. */
  'inventory.low': {
    readonly offerId: string
    readonly locationId: string
    /** Units left to sell there. */
    readonly available: number
    readonly lowAt: number
  }
  /** A reservation was not confirmed in time, and its goods are for sale again. A very large one may be told in parts. Aggregate: the reference. */
  'inventory.reservation_lapsed': {
    /** What it was for: an order's id. */
    readonly reference: string
    readonly lines: readonly { readonly lineId: string; readonly offerId: string; readonly quantity: number }[]
  }
}
