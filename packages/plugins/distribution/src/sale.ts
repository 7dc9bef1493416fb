import type { Timestamp } from '@entrepot/core'

/** An order of which a distributor has a tier. What it earns by it stands in the books, not here. */
export interface DistributorOrder {
  readonly orderId: string
  /** The order's number, for people. */
  readonly number: string
  /** Its place in the chain, 1 for the one who brought the customer; the lowest where its lines differ. */
  readonly tier: number
  readonly currency: string
  /** Minor units that the customer was to pay for the lines it has a tier of, when the order was placed; shipping not. */
  readonly goods: number
  readonly placedAt: Timestamp
}
