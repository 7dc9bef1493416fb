/**
 * Carts: what a customer wants to buy, and what it would cost now.
 *
 * - Nothing is trusted from the client and no price is kept: each reading computes the cart from offers, price lists, promotions, tax and shipping as they are.
 *   What is kept of a price is the one the customer saw, so that a change can be told, and a rise must be accepted.
 * - Whoever changes a cart holds its row's lock, so edits follow one another and none is lost; `claim` holds the same lock until the order commits.
 * - Discounts are allocated to lines, then to their funders; shipping to the lines of its parcel: everything adds up to the cent.
 * - The number of statements of any operation does not depend on the number of lines.
 * - A cart becomes one order. A completed, merged or expired cart never changes again.
 */

export { type CartLineRow, type CartRow, cartLineTable, cartTable, cartTables } from './cart.entity.js'
export type {
  Attribution,
  Cart,
  CartStatus,
  Destination,
  LineTax,
  PricedCart,
  PricedLine,
  PricedParcel,
  UnavailableLine,
} from './cart.js'
export type { SetAttributionInput, SetCustomerInput } from './cart-customer.js'
export type { CartService } from './cart-service.js'
export { type CartDeps, type CartSettings, type Carts, createCarts } from './carts.js'
export type { AppliedCode, CodeInput } from './change-codes.js'
export type { CreateCartInput, CreatedCart } from './create-cart.js'
export type { Discount, FundedPart, LineDiscount } from './discount.js'
export type { AddLineInput, AddLinesInput, CartLine, LineInput, RemoveLineInput, UpdateLineInput } from './edit-lines.js'
export type { CartEvents } from './events.js'
export type { AdjustableLine, AdjustingInput, Adjustment, AttributingInput, CartHooks } from './hooks.js'
export type { MergeCartsInput, MergedCart } from './merge-carts.js'
export type { CartNotice, CodeRefused, LineNotSellable, PriceChanged, ShippingMissing, StockShort, UnavailableReason } from './notice.js'
export type { CartSummary, ListCartsInput } from './read-cart.js'
export type { AttributionInput, CartIdInput } from './schemas.js'
export type { ParcelOptions, SelectShippingInput, ShippingSelection } from './select-shipping.js'
export type { CartContact, SetAddressInput } from './set-address.js'
export type { TaxPolicy } from './tax.js'
export type { CartTotals } from './totals.js'
