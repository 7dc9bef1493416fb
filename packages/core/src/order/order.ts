/** What an order is made of. Amounts are minor units of the order's currency; times are UTC; everything is JSON-safe. */
import type { Attribution } from '../cart/index.js'
import type { Localized } from '../catalog/index.js'
import type { Metadata, Timestamp } from '../kernel/index.js'
import type { FulfilmentStatus } from './fulfilment-state.js'
import type { PaymentStatus } from './payment-state.js'
import type { ReturnStatus } from './return-state.js'

/** `open`: it goes on. `expired`: nobody paid in time. `canceled`: somebody said so; that is final. */
export type OrderStatus = 'open' | 'expired' | 'canceled'

/** The order as one thing: what was agreed, how far it is paid, and where its three state machines stand. */
export interface OrderRecord {
  readonly id: string
  /** For people: `260930-7K3M92QX`. */
  readonly number: string
  /** The cart it came from; null for an imported order. */
  readonly cartId: string | null
  /** The order's id where it was imported from; null for our own. */
  readonly externalId: string | null
  readonly customerId: string | null
  /** The frozen copy of the delivery address, blanked when the customer is erased. */
  readonly contactId: string | null
  readonly currency: string
  readonly channel: string | null
  /** Where the customer came from, as the cart kept it. */
  readonly attribution: Attribution | null
  /** The distributor whose prices and stock the order had. */
  readonly distributorId: string | null
  /** Promotion codes that were applied. */
  readonly codes: readonly string[]
  readonly status: OrderStatus
  readonly paymentStatus: PaymentStatus
  readonly fulfilmentStatus: FulfilmentStatus
  readonly returnStatus: ReturnStatus
  /** What the customer pays for the goods: discounts off, tax in, shipping not. */
  readonly goods: number
  readonly shipping: number
  /** Goods and shipping. */
  readonly total: number
  /** Discounts that are off `goods` already. */
  readonly discount: number
  /** Tax that is in `goods` already. */
  readonly tax: number
  /** Of the total; what was paid beyond it goes back by itself and is not counted here. */
  readonly captured: number
  /** Of what was captured: given back by refunds, or taken back by chargebacks that were not won; goodwill is not counted here. */
  readonly refunded: number
  /** Of `refunded`: taken back by the customer's bank. */
  readonly chargedBack: number
  /** Given to the customer beside refunds. */
  readonly goodwill: number
  /** How it was paid outside of our payments, for imported orders: `external`. */
  readonly paidBy: string | null
  readonly placedAt: Timestamp
  /** Who placed or imported it: `customer:42`, `system`. */
  readonly placedBy: string
  readonly paidAt: Timestamp | null
  /** When an unpaid order gives its stock back; null once it is paid for. */
  readonly expiresAt: Timestamp | null
  readonly closedAt: Timestamp | null
  /** Why it was canceled. */
  readonly closeReason: string | null
  readonly metadata: Metadata
}

/** One supplier's part of an order. */
export interface SupplierOrder {
  readonly id: string
  readonly orderId: string
  readonly supplierId: string
  /** The order's number and the part's: `260930-7K3M92QX-2`. */
  readonly number: string
  readonly goods: number
  readonly shipping: number
  readonly shippingMethodId: string | null
  readonly shippingMethodName: string | null
  readonly fulfilmentStatus: FulfilmentStatus
  readonly returnStatus: ReturnStatus
}

/** A discount as it fell on one line, by who pays for it. */
export interface LineDiscount {
  /** What gave it: a promotion's id. */
  readonly source: string
  readonly code: string | null
  readonly label: string
  readonly amount: number
  /** They add up to the amount. A funder is a party id: `platform`, `supplier:<id>`, `distributor:<id>`. */
  readonly funders: readonly { readonly party: string; readonly amount: number }[]
}

/** The tax of one line. */
export interface LineTax {
  /** At most four decimals: `8.875`. */
  readonly percent: number
  /** Whether the price holds it already; else it was added. */
  readonly included: boolean
  /** Who pays it to the state. */
  readonly remits: 'supplier' | 'platform'
  readonly amount: number
}

/** A line with all its money frozen, and how far it is paid, sent, delivered and returned. */
export interface OrderLine {
  readonly id: string
  readonly orderId: string
  readonly supplierOrderId: string
  /** From 1, in the order in which the lines stood in the cart; ties of rounding go to the first. */
  readonly position: number
  readonly supplierId: string
  /** Null for an imported line whose goods are not in the catalogue. */
  readonly offerId: string | null
  /** The catalogue's product; for an imported line, the product as its source called it. */
  readonly productId: string | null
  readonly variantId: string | null
  /** Slugs from the root: `shoes/running`. */
  readonly categoryPath: string | null
  readonly sku: string | null
  /** The product's names when it was sold. */
  readonly names: Localized
  /** `red / 42`; empty where it has one variant alone. */
  readonly variantTitle: string
  readonly quantity: number
  readonly unitPrice: number
  /** The price list that the unit price is from; null where it is the offer's own. */
  readonly priceListId: string | null
  /** Unit price × quantity, before discounts. */
  readonly price: number
  readonly discounts: readonly LineDiscount[]
  readonly tax: LineTax | null
  /** What the customer pays for the line: discounts off, tax in, shipping not. */
  readonly goods: number
  /** The line's part of its parcel's shipping. */
  readonly shipping: number
  /** Of the whole quantity; null where it is not known. */
  readonly weightGrams: number | null
  /** False for what is only handed over or downloaded. */
  readonly shippable: boolean
  readonly attribution: Attribution | null
  /** A chain given by an import, tier 1 first; null where the distribution plugin finds it. */
  readonly distributors: readonly string[] | null
  readonly metadata: Metadata
  readonly capturedGoods: number
  readonly capturedShipping: number
  readonly refundedGoods: number
  readonly refundedShipping: number
  /** Units that will never be sent. */
  readonly canceled: number
  readonly fulfilled: number
  readonly delivered: number
  /** Units whose return is announced and has not arrived. */
  readonly comingBack: number
  readonly returned: number
}

/** An order, locked or as it was read, with its lines in their order. */
export interface OrderWithLines {
  readonly order: OrderRecord
  readonly lines: readonly OrderLine[]
}

/** What upper rooms work on: an order with its lines and its suppliers' parts. */
export interface OrderAggregate extends OrderWithLines {
  readonly supplierOrders: readonly SupplierOrder[]
}

/** One thing that happened to an order. */
export interface TimelineEntry {
  /** `otl_…`; the order's own for its placing. */
  readonly id: string
  readonly orderId: string
  /** `placed`, `paid`, `refunded`, …; upper rooms and hosts may write their own. */
  readonly type: string
  readonly at: Timestamp
  /** `staff:42`, `system`. */
  readonly by: string
  readonly details: Metadata
}

/** What was given back of one line at one time. */
export interface OrderRefundLine {
  readonly lineId: string
  /** Of the line's goods. */
  readonly amount: number
  readonly shipping: number
  /** Units it stands for; null where it was an amount. */
  readonly quantity: number | null
}

/** Money given back, at one time, for one reason. */
export interface OrderRefund {
  readonly id: string
  readonly orderId: string
  readonly reason: string
  /** Lines' goods and shipping; goodwill is beside it. */
  readonly amount: number
  readonly goodwill: Goodwill | null
  readonly lines: readonly OrderRefundLine[]
  readonly at: Timestamp
  readonly by: string
}

/** Money given beyond what was paid for the lines; no share of the sale changes by it. */
export interface Goodwill {
  readonly amount: number
  /** The party that bears it: `platform`, `supplier:<id>`. */
  readonly fundedBy: string
}

/**
 * Whether goods may leave: for what was paid, or was promised in full and is captured as they leave, in parts too. What is promised waits for no payment any more,
 * and so has no `expiresAt`.
 */
export function isCovered({ status, paymentStatus, paidAt, expiresAt }: OrderRecord): boolean {
  const promised = paymentStatus === 'authorized' || (paymentStatus === 'partially_paid' && expiresAt === null)
  return status === 'open' && (paidAt !== null || promised)
}
