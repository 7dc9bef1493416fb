import type { Reader, Timestamp } from '../kernel/index.js'
import type { Attribution } from './cart.js'
import type { Discount } from './discount.js'

/** Where upper rooms and plugins take part in a cart's price. Both hooks run whenever a cart is priced, in reads too: they read, and write nothing. */
export interface CartHooks {
  /** Says who brought the customer; the first answer that names a distributor holds. */
  'cart.attributing': (input: AttributingInput, reader: Reader) => Promise<{ readonly distributorId: string | null }>
  /** Grants discounts; they apply in the order of joining. */
  'cart.adjusting': (input: AdjustingInput, reader: Reader) => Promise<Adjustment>
}

export interface AttributingInput {
  readonly cartId: string
  readonly customerId: string | null
  readonly attribution: Attribution
  readonly at: Timestamp
}

export interface AdjustingInput {
  readonly cartId: string
  readonly customerId: string | null
  readonly customerGroup: string | null
  readonly distributorId: string | null
  readonly currency: string
  readonly channel: string | null
  /** As the customer entered them. */
  readonly codes: readonly string[]
  readonly at: Timestamp
  /** What can be ordered, in line order. Amounts are minor units before any discount. */
  readonly lines: readonly AdjustableLine[]
}

export interface AdjustableLine {
  readonly id: string
  readonly offerId: string
  readonly supplierId: string
  readonly productId: string
  readonly categoryPath: string | null
  readonly quantity: number
  readonly unitPrice: number
  /** Unit price × quantity. */
  readonly price: number
}

export interface Adjustment {
  readonly discounts: readonly Discount[]
  /** Codes that it knows and that grant nothing now, and why: `below_threshold`, `used_up`. */
  readonly notices?: readonly { readonly code: string; readonly reason: string }[] | undefined
}
