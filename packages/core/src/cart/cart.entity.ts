import { offerTable } from '../catalog/index.js'
import { contactTable, customerTable } from '../customer/index.js'
import { type AnyTable, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { CartStatus } from './cart.js'
import type { SelectedShipping } from './selected-shipping.js'
import type { TaxQuote } from './tax-quote.js'

export interface CartRow {
  id: string
  status: CartStatus
  currency: string
  customerId: string | null
  channel: string | null
  referral: string | null
  content: string | null
  contactId: string | null
  /** With `region`, what tax and shipping need of the address; the rest of it is the customer room's. */
  country: string | null
  region: string | null
  codes: readonly string[]
  /** By supplier id. */
  shipping: Readonly<Record<string, SelectedShipping>>
  /** What the host's tax calculator said last; null where nobody asked one. */
  taxQuote: TaxQuote | null
  orderId: string | null
  mergedInto: string | null
  metadata: Metadata
  createdAt: string
  expiresAt: string
}

export const cartTable: Table<CartRow> = defineTable<CartRow>({
  name: 'cart',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    status: column.string<CartStatus>(12),
    currency: column.string(3),
    customerId: nullable(column.id()),
    channel: nullable(column.string(80)),
    referral: nullable(column.string(120)),
    content: nullable(column.string(120)),
    contactId: nullable(column.id()),
    country: nullable(column.string(2)),
    region: nullable(column.string(120)),
    codes: column.json<readonly string[]>(),
    shipping: column.json<Readonly<Record<string, SelectedShipping>>>(),
    taxQuote: nullable(column.json<TaxQuote>()),
    orderId: nullable(column.id()),
    mergedInto: nullable(column.id()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    expiresAt: column.time(),
  },
  indexes: [
    { name: 'cart_customer', columns: ['customerId', 'status'] },
    { name: 'cart_expiry', columns: ['status', 'expiresAt'] },
  ],
  foreignKeys: [
    { name: 'cart_customer_fk', columns: ['customerId'], references: () => customerTable, referenced: ['id'] },
    { name: 'cart_contact_fk', columns: ['contactId'], references: () => contactTable, referenced: ['id'] },
  ],
  checks: {
    cart_status_known: "status IN ('open', 'completed', 'merged', 'expired')",
    cart_completed_by_order: "status <> 'completed' OR order_id IS NOT NULL",
    cart_merged_somewhere: "status <> 'merged' OR merged_into IS NOT NULL",
  },
})

export interface CartLineRow {
  id: string
  cartId: string
  offerId: string
  /** Empty, not null, where there is none: a unique index takes nulls for different. */
  referral: string
  content: string
  quantity: number
  /** The unit price when the customer last added, changed or accepted the line. */
  seenUnitPrice: number
  createdAt: string
}

export const cartLineTable: Table<CartLineRow> = defineTable<CartLineRow>({
  name: 'cart_line',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    cartId: column.id(),
    offerId: column.id(),
    referral: column.string(120),
    content: column.string(120),
    quantity: column.integer(),
    seenUnitPrice: column.amount(),
    createdAt: column.time(),
  },
  indexes: [{ name: 'cart_line_offer', columns: ['cartId', 'offerId', 'referral', 'content'], unique: true }],
  foreignKeys: [
    { name: 'cart_line_cart_fk', columns: ['cartId'], references: () => cartTable, referenced: ['id'] },
    { name: 'cart_line_offer_fk', columns: ['offerId'], references: () => offerTable, referenced: ['id'] },
  ],
  checks: { cart_line_quantity: 'quantity >= 1', cart_line_price: 'seen_unit_price >= 0' },
})

/** In creation order. */
export const cartTables: readonly AnyTable[] = [cartTable, cartLineTable]
