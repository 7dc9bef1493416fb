/** What a promotion is. Amounts are minor units of its currency; everything is JSON-safe. */
import type { Metadata, Timestamp } from '@entrepot/core'

export const promotionStatuses = ['active', 'archived'] as const

export type PromotionStatus = (typeof promotionStatuses)[number]

/** A discount that is granted for a code, or by itself once a cart is large enough. */
export interface Promotion {
  /** `prm_…` */
  readonly id: string
  /** What the customer reads. */
  readonly name: string
  /** What the customer enters, in capitals; null where nothing needs to be. */
  readonly code: string | null
  /** Carts of this currency alone; null: of any. */
  readonly currency: string | null
  /** What it takes off; null where it is a percentage. */
  readonly amount: number | null
  /** Of the price of the goods in its scope, before any discount; at most four decimals. */
  readonly percent: number | null
  /** The most that the percentage takes off; null: there is no such limit. */
  readonly atMost: number | null
  /** What the goods in its scope must cost at the least, before any discount. */
  readonly minimum: number
  readonly scope: PromotionScope
  readonly funders: Funders
  readonly limits: PromotionLimits
  /** Whether it goes together with others that do. */
  readonly combinable: boolean
  /** Higher comes first. */
  readonly priority: number
  readonly status: PromotionStatus
  /** Inclusive. */
  readonly validFrom: Timestamp
  /** Exclusive; null: until it is archived. */
  readonly validTo: Timestamp | null
  readonly metadata: Metadata
  readonly createdAt: Timestamp
  readonly archivedAt: Timestamp | null
}

/** The goods that a promotion is for: any of each list, and all lists that are not empty. */
export interface PromotionScope {
  readonly supplierIds: readonly string[]
  /** Category paths, with what lies below them: `shoes/running`. */
  readonly categories: readonly string[]
  readonly productIds: readonly string[]
}

/**
 * Who pays, in percent that add up to 100: `platform`; `supplier`, of each line its own; `distributor`, the one who brought the customer, or
 * `distributor:<id>`, that one alone.
 */
export type Funders = Readonly<Record<string, number>>

/** How often a promotion may be used; null: as often as anybody likes. */
export interface PromotionLimits {
  readonly total: number | null
  /** By one customer. A guest without a customer record cannot be counted, and so cannot use it. */
  readonly perCustomer: number | null
}

/** A promotion that an order has used. */
export interface Redemption {
  /** `rdm_…` */
  readonly id: string
  readonly promotionId: string
  readonly orderId: string
  readonly customerId: string | null
  /** As the customer entered it. */
  readonly code: string | null
  /** Minor units that it took off the order. */
  readonly amount: number
  readonly currency: string
  /** `returned`: the order was canceled or has expired, and the use does not count. */
  readonly status: 'redeemed' | 'returned'
  readonly at: Timestamp
}
