/**
 * Orders: a cart that was agreed on, split by supplier, and how far it is paid, sent, delivered and returned.
 *
 * - One cart becomes one order, however often and from wherever it is placed.
 * - Every amount is frozen when the order is placed: total = goods + shipping; refunded ≤ captured ≤ total, for the order and for each line (CHECKs).
 * - Paid implies allocated: money that comes late, twice or for what is gone goes back by itself, through an escrow that the books show.
 * - Payment, fulfilment and return are three machines that do not know each other; each follows from counters, and moves only along its table.
 * - Whoever changes an order holds its row's lock: the order before its payments, its payments before stock.
 * - The number of statements of any operation does not depend on the number of lines; an import's not on the number of orders.
 */
export type { CancelOrderInput } from './close-order.js'
export { exchangePaymentKey } from './complete-exchange.js'
export type { OrderEvents } from './events.js'
export type { ExchangeStatus, ExchangeTerms, OrderExchange } from './exchange.js'
export type { ExchangeLineInput } from './exchange-line.js'
export type { FulfilmentStatus } from './fulfilment-state.js'
export { type RefundOutcome, refundsPayable } from './give-back.js'
export type {
  LinePart,
  OrderCapture,
  OrderChargeback,
  OrderChargebackFee,
  OrderExchanging,
  OrderHooks,
  OrderPlacing,
  OrderRefunding,
  RefundingLine,
} from './hooks.js'
export type { ImportedOrder, ImportLine, ImportOrder, ImportOrdersInput, ImportOrdersOutput } from './import-orders.js'
export { eachLineOnce } from './inputs.js'
export { orderLineTable, orderTable, supplierOrderTable } from './order.entity.js'
export {
  type Goodwill,
  isCovered,
  type LineDiscount,
  type LineTax,
  type OrderAggregate,
  type OrderLine,
  type OrderRecord,
  type OrderRefund,
  type OrderRefundLine,
  type OrderStatus,
  type OrderWithLines,
  type SupplierOrder,
  type TimelineEntry,
} from './order.js'
export type { OrderService } from './order-service.js'
export { type CreateOrdersDeps, createOrders, type OrderOptions, type Orders } from './orders.js'
export type { PayOrderInput } from './pay-order.js'
export type { PaymentChoice, PaymentChoices } from './payment-choice.js'
export type { PaymentStatus } from './payment-state.js'
export type { PlaceOrderInput } from './place-order.js'
export type {
  ListOrdersInput,
  ListSupplierOrdersInput,
  Order,
  OrderIdInput,
  OrderNumberInput,
  SupplierOrderDetail,
} from './read-orders.js'
export type { LineUnits, ReturnStep } from './record-progress.js'
export type { RefundManyInput, RefundOfMany } from './refund-many.js'
export type { RefundOrderInput } from './refund-order.js'
export type { RefundLineInput, RefundShippingInput } from './refund-plan.js'
export { escrowKey } from './return-payment.js'
export type { ReturnStatus } from './return-state.js'
export { orderTables } from './tables.js'
export type { Note, TimelineNote } from './timeline.js'
