import type { Localized } from '../catalog/index.js'
import type { Metadata, Timestamp } from '../kernel/index.js'
import type { ShippingOption } from '../shipping/index.js'
import type { LineDiscount } from './discount.js'
import type { CartNotice, UnavailableReason } from './notice.js'
import type { CartTotals } from './totals.js'

/** `open` carts change; the others are history. */
export type CartStatus = 'open' | 'completed' | 'merged' | 'expired'

/** Where a sale came from. */
export interface Attribution {
  /** A distributor's code or link, as the customer brought it. */
  readonly referral: string | null
  /** The article, video or live stream that led here. */
  readonly content: string | null
}

/** A line as the server prices it now. Amounts are minor units of the cart's currency. */
export interface PricedLine {
  readonly id: string
  readonly offerId: string
  readonly supplierId: string
  readonly productId: string
  readonly variantId: string
  /** `shoes/running` */
  readonly categoryPath: string | null
  readonly sku: string
  /** The product's, by language. */
  readonly names: Localized
  /** `red / 42` */
  readonly variantTitle: string
  readonly attribution: Attribution
  readonly quantity: number
  readonly unitPrice: number
  /** The price list that the unit price is from; null where it is the offer's own. */
  readonly priceListId: string | null
  /** Unit price × quantity, before discounts; tax in, if the tax is an included one. */
  readonly price: number
  readonly discounts: readonly LineDiscount[]
  /** Null where nothing is taxed, or where it is not known yet for want of an address. */
  readonly tax: LineTax | null
  /** The line's part of its supplier's parcel. */
  readonly shipping: number
  /** What the customer pays for the goods: price less discounts, tax in, shipping not. */
  readonly paid: number
  /** Of the whole line; 0 where it is not known. */
  readonly weightGrams: number
  readonly shippable: boolean
}

export interface LineTax {
  /** Null where the host's tax calculator said it. */
  readonly rateId: string | null
  readonly taxClass: string
  /** `8.875` */
  readonly percent: number
  /** Whether the tax lies in the price, or comes on top. */
  readonly included: boolean
  readonly remits: 'supplier' | 'platform'
  readonly amount: number
}

/** What one supplier sends. */
export interface PricedParcel {
  readonly supplierId: string
  readonly lineIds: readonly string[]
  readonly weightGrams: number
  /** Price of its goods less discounts. */
  readonly value: number
  /** How it is sent; null until a method is selected that holds for this parcel as it is now. */
  readonly shipping: ShippingOption | null
}

/** A cart, computed from scratch. */
export interface PricedCart {
  readonly id: string
  readonly currency: string
  readonly customerId: string | null
  /** The address's immutable copy in the customer room. */
  readonly contactId: string | null
  /** Where the address lies, as tax and shipping need it. */
  readonly destination: Destination | null
  readonly channel: string | null
  readonly attribution: Attribution
  /** The distributor that brought the customer: tier 1. */
  readonly distributorId: string | null
  readonly codes: readonly string[]
  /** What can be ordered. */
  readonly lines: readonly PricedLine[]
  /** One per supplier that has something to send, in line order. */
  readonly parcels: readonly PricedParcel[]
  readonly totals: CartTotals
  readonly metadata: Metadata
}

export interface Destination {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly region: string | null
}

/** A cart as a customer is shown it. */
export interface Cart extends PricedCart {
  readonly status: CartStatus
  /** What it became; null unless completed. */
  readonly orderId: string | null
  /** Lines that cannot be sold now: kept, but in no total. */
  readonly unavailable: readonly UnavailableLine[]
  /** What the customer has to be told. */
  readonly notices: readonly CartNotice[]
  readonly createdAt: Timestamp
  /** Each change of its lines puts this off. */
  readonly expiresAt: Timestamp
}

export interface UnavailableLine {
  readonly id: string
  readonly offerId: string
  readonly supplierId: string
  readonly names: Localized
  readonly variantTitle: string
  readonly attribution: Attribution
  readonly quantity: number
  readonly reason: UnavailableReason
}
