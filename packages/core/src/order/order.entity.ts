import type { Attribution } from '../cart/index.js'
import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { LinePart } from './hooks.js'
import type { OrderLine, OrderRecord, SupplierOrder, TimelineEntry } from './order.js'

/** `order.ts` says what the members mean; the rows of these four tables are what upper rooms work on. */
export const orderTable: Table<OrderRecord> = defineTable<OrderRecord>({
  name: 'order',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    number: column.string(40),
    cartId: nullable(column.id()),
    externalId: nullable(column.string(120)),
    customerId: nullable(column.id()),
    contactId: nullable(column.id()),
    currency: column.string(3),
    channel: nullable(column.string(60)),
    attribution: nullable(column.json<Attribution>()),
    distributorId: nullable(column.id()),
    codes: column.json<readonly string[]>(),
    status: column.string<OrderRecord['status']>(10),
    paymentStatus: column.string<OrderRecord['paymentStatus']>(20),
    fulfilmentStatus: column.string<OrderRecord['fulfilmentStatus']>(20),
    returnStatus: column.string<OrderRecord['returnStatus']>(20),
    goods: column.amount(),
    shipping: column.amount(),
    total: column.amount(),
    discount: column.amount(),
    tax: column.amount(),
    captured: column.amount(),
    refunded: column.amount(),
    chargedBack: column.amount(),
    goodwill: column.amount(),
    paidBy: nullable(column.string(60)),
    placedAt: column.time(),
    placedBy: column.string(200),
    paidAt: nullable(column.time()),
    expiresAt: nullable(column.time()),
    closedAt: nullable(column.time()),
    closeReason: nullable(column.string(500)),
    metadata: column.json<Metadata>(),
  },
  indexes: [
    // One cart, one order: the last line of defence, behind the cart's own lock.
    { name: 'order_cart', columns: ['cartId'], unique: true },
    { name: 'order_number', columns: ['number'], unique: true },
    { name: 'order_external', columns: ['externalId'], unique: true },
    { name: 'order_customer', columns: ['customerId', 'id'] },
    { name: 'order_distributor', columns: ['distributorId', 'id'] },
    { name: 'order_expiry', columns: ['status', 'expiresAt'] },
  ],
  checks: {
    order_total: 'total = goods + shipping AND goods >= 0 AND shipping >= 0',
    order_captured: 'captured >= 0 AND captured <= total',
    order_refunded: 'refunded >= 0 AND refunded <= captured AND charged_back >= 0 AND charged_back <= refunded',
  },
})

export const supplierOrderTable: Table<SupplierOrder> = defineTable<SupplierOrder>({
  name: 'supplier_order',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    supplierId: column.id(),
    number: column.string(48),
    goods: column.amount(),
    shipping: column.amount(),
    shippingMethodId: nullable(column.id()),
    shippingMethodName: nullable(column.string(200)),
    fulfilmentStatus: column.string<SupplierOrder['fulfilmentStatus']>(20),
    returnStatus: column.string<SupplierOrder['returnStatus']>(20),
  },
  indexes: [
    { name: 'supplier_order_order', columns: ['orderId', 'supplierId'], unique: true },
    { name: 'supplier_order_supplier', columns: ['supplierId', 'id'] },
  ],
  foreignKeys: [{ name: 'supplier_order_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] }],
})

export const orderLineTable: Table<OrderLine> = defineTable<OrderLine>({
  name: 'order_line',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    supplierOrderId: column.id(),
    position: column.integer(),
    supplierId: column.id(),
    offerId: nullable(column.id()),
    productId: nullable(column.string(120)),
    variantId: nullable(column.id()),
    categoryPath: nullable(column.string(500)),
    sku: nullable(column.string(120)),
    names: column.json<OrderLine['names']>(),
    variantTitle: column.string(400),
    quantity: column.integer(),
    unitPrice: column.amount(),
    priceListId: nullable(column.id()),
    price: column.amount(),
    discounts: column.json<OrderLine['discounts']>(),
    tax: nullable(column.json<NonNullable<OrderLine['tax']>>()),
    goods: column.amount(),
    shipping: column.amount(),
    weightGrams: nullable(column.amount()),
    shippable: column.flag(),
    attribution: nullable(column.json<Attribution>()),
    distributors: nullable(column.json<readonly string[]>()),
    metadata: column.json<Metadata>(),
    capturedGoods: column.amount(),
    capturedShipping: column.amount(),
    refundedGoods: column.amount(),
    refundedShipping: column.amount(),
    canceled: column.integer(),
    fulfilled: column.integer(),
    delivered: column.integer(),
    comingBack: column.integer(),
    returned: column.integer(),
  },
  indexes: [
    { name: 'order_line_order', columns: ['orderId', 'position'], unique: true },
    { name: 'order_line_supplier_order', columns: ['supplierOrderId'] },
  ],
  foreignKeys: [
    { name: 'order_line_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] },
    { name: 'order_line_part_fk', columns: ['supplierOrderId'], references: () => supplierOrderTable, referenced: ['id'] },
  ],
  checks: {
    order_line_quantity: 'quantity > 0 AND goods >= 0 AND shipping >= 0',
    order_line_captured: 'captured_goods >= 0 AND captured_goods <= goods AND captured_shipping >= 0 AND captured_shipping <= shipping',
    order_line_refunded:
      'refunded_goods >= 0 AND refunded_goods <= captured_goods AND refunded_shipping >= 0 AND refunded_shipping <= captured_shipping',
    order_line_fulfilled: 'canceled >= 0 AND fulfilled >= 0 AND canceled + fulfilled <= quantity',
    order_line_delivered: 'delivered >= 0 AND delivered <= fulfilled',
    order_line_returned: 'coming_back >= 0 AND returned >= 0 AND coming_back + returned <= fulfilled',
  },
})

export const orderTimelineTable: Table<TimelineEntry> = defineTable<TimelineEntry>({
  name: 'order_timeline',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    type: column.string(60),
    at: column.time(),
    by: column.string(200),
    details: column.json<Metadata>(),
  },
  indexes: [{ name: 'order_timeline_order', columns: ['orderId', 'id'] }],
  foreignKeys: [{ name: 'order_timeline_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] }],
  appendOnly: true,
})

export interface OrderRefundRow {
  id: string
  orderId: string
  reason: string
  amount: number
  goodwill: number
  goodwillFundedBy: string | null
  at: string
  by: string
}

export const orderRefundTable: Table<OrderRefundRow> = defineTable<OrderRefundRow>({
  name: 'order_refund',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    reason: column.string(500),
    amount: column.amount(),
    goodwill: column.amount(),
    goodwillFundedBy: nullable(column.string(120)),
    at: column.time(),
    by: column.string(200),
  },
  indexes: [{ name: 'order_refund_order', columns: ['orderId', 'id'] }],
  foreignKeys: [{ name: 'order_refund_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] }],
  appendOnly: true,
})

export interface OrderRefundLineRow {
  refundId: string
  lineId: string
  orderId: string
  amount: number
  shipping: number
  quantity: number | null
}

export const orderRefundLineTable: Table<OrderRefundLineRow> = defineTable<OrderRefundLineRow>({
  name: 'order_refund_line',
  primaryKey: ['refundId', 'lineId'],
  columns: {
    refundId: column.id(),
    lineId: column.id(),
    orderId: column.id(),
    amount: column.amount(),
    shipping: column.amount(),
    quantity: nullable(column.integer()),
  },
  indexes: [{ name: 'order_refund_line_order', columns: ['orderId'] }],
  foreignKeys: [
    { name: 'order_refund_line_refund_fk', columns: ['refundId'], references: () => orderRefundTable, referenced: ['id'] },
    { name: 'order_refund_line_line_fk', columns: ['lineId'], references: () => orderLineTable, referenced: ['id'] },
  ],
  checks: { order_refund_line_amount: 'amount >= 0 AND shipping >= 0 AND (quantity IS NULL OR quantity > 0)' },
  appendOnly: true,
})

export interface OrderChargebackRow {
  disputeId: string
  orderId: string
  /** What was taken from the order, and so from its parties. */
  amount: number
  /** The same by lines: what a won dispute gives back. */
  parts: readonly LinePart[]
  at: string
  wonAt: string | null
}

export const orderChargebackTable: Table<OrderChargebackRow> = defineTable<OrderChargebackRow>({
  name: 'order_chargeback',
  primaryKey: ['disputeId'],
  columns: {
    disputeId: column.id(),
    orderId: column.id(),
    amount: column.amount(),
    parts: column.json<readonly LinePart[]>(),
    at: column.time(),
    wonAt: nullable(column.time()),
  },
  indexes: [{ name: 'order_chargeback_order', columns: ['orderId'] }],
  foreignKeys: [{ name: 'order_chargeback_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] }],
  checks: { order_chargeback_amount: 'amount > 0' },
})
