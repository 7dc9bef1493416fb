import type { Call, Page } from '../kernel/index.js'
import { type CancelOrderInput, cancelOrder, cancelOrderSchema } from './close-order.js'
import type { OrderDeps } from './deps.js'
import { refundAndEnd } from './end-refunded.js'
import { exchangeTable, toExchange } from './exchange.entity.js'
import type { OrderExchange } from './exchange.js'
import { type ExchangeLineInput, exchangeLine, exchangeLineSchema } from './exchange-line.js'
import { type ImportOrdersInput, type ImportOrdersOutput, importOrders, importOrdersSchema } from './import-orders.js'
import type { OrderRecord, OrderRefund, TimelineEntry } from './order.js'
import { type PayOrderInput, payOrder, payOrderSchema } from './pay-order.js'
import { type PlaceOrderInput, placeOrder, placeOrderSchema, withQuotedTax } from './place-order.js'
import * as read from './read-orders.js'
import { type RefundManyInput, refundMany, refundManySchema } from './refund-many.js'
import { type RefundOrderInput, refundOrderSchema } from './refund-order.js'

/**
 * What `commerce.orders` is. Payment providers are asked after the transaction; where a host owns it, a job asks them once it has committed, and the order that
 * comes back still waits for its payment.
 */
export interface OrderService {
  /**
   * Makes a cart an order and asks for its payment. A second attempt gives the first order, and pays what of it is still due.
   * @throws cart.not_found, cart.closed, cart.empty, cart.changed, cart.not_sellable, cart.address_missing, cart.shipping_missing, cart.tax_unknown,
   * tax.calculator_failed, inventory.insufficient, order.total_changed (`details.total` is what it comes to), order.payments_mismatch, payment.provider_unknown
   */
  place(input: PlaceOrderInput, call?: Call): Promise<read.Order>
  /** Another try for what is still due, after a failed payment or an expiry. @throws order.not_found, order.not_payable, order.payments_mismatch, payment.provider_unknown */
  pay(input: PayOrderInput, call?: Call): Promise<read.Order>
  /** Cancels an order, or one supplier's part of a paid one, of which nothing was sent; what was paid goes back. @throws order.not_found, order.supplier_order_not_found, order.not_cancelable */
  cancel(input: CancelOrderInput, call?: Call): Promise<read.Order>
  /**
   * Gives money back, to every payment its part. An order of which all is given back before anything was sent ends by it: it is `canceled`.
   * @throws order.not_found, order.line_not_found, order.supplier_order_not_found, order.nothing_to_refund, refund.exceeds_captured
   */
  refund(input: RefundOrderInput, call?: Call): Promise<OrderRefund>
  /**
   * Many refunds, of any orders, all or none, by few statements; jobs pay them out. For the host's own code also with the time at which they were given.
   * @returns in the order of the input @throws as refund, and order.refund_time
   */
  refundMany(input: RefundManyInput, call?: Call): Promise<readonly OrderRefund[]>
  /** For the host's own code alone: past orders, as they were. @throws order.import_refused, order.unknown_supplier, order.number_taken */
  import(input: ImportOrdersInput, call?: Call): Promise<ImportOrdersOutput>
  /** @throws order.not_found */
  get(input: read.OrderIdInput, call?: Call): Promise<read.Order>
  /** @throws order.not_found */
  findByNumber(input: read.OrderNumberInput, call?: Call): Promise<read.Order>
  /** Without their lines, in the order of creation. */
  list(input?: read.ListOrdersInput, call?: Call): Promise<Page<OrderRecord>>
  /** One supplier's parts, with their lines. */
  listSupplierOrders(input: read.ListSupplierOrdersInput, call?: Call): Promise<Page<read.SupplierOrderDetail>>
  /** First to last. */
  timeline(input: read.OrderIdInput, call?: Call): Promise<readonly TimelineEntry[]>
  /**
   * Exchanges goods of a paid line against others; the difference alone is paid or goes back. Where it is to be paid, the exchange waits for it.
   * @throws order.not_found, order.line_not_found, order.not_exchangeable, order.not_sellable_instead, refund.exceeds_captured, inventory.insufficient, payment.provider_unknown
   */
  exchange(input: ExchangeLineInput, call?: Call): Promise<OrderExchange>
  /** First to last. */
  listExchanges(input: read.OrderIdInput, call?: Call): Promise<readonly OrderExchange[]>
  /** First to last. */
  listRefunds(input: read.OrderIdInput, call?: Call): Promise<readonly OrderRefund[]>
}

export function createService(deps: OrderDeps): OrderService {
  const { command, query, process } = deps.kernel.useCases
  const get = query('orders.get', read.orderIdSchema, read.getOrder(deps))
  const list = query('orders.list', read.listOrdersSchema, read.listOrders)
  const place = process('orders.place', placeOrderSchema, withQuotedTax(deps, command('orders.place', placeOrderSchema, placeOrder(deps))))
  const pay = command('orders.pay', payOrderSchema, payOrder(deps))
  // What is kept under an idempotency key is what the call needs after the commit, not the whole order.
  const cancel = command('orders.cancel', cancelOrderSchema, async (tx, input, caller) => {
    const { paymentRefunds } = await cancelOrder(deps)(tx, input, caller)
    return { paymentRefunds }
  })
  const refund = command('orders.refund', refundOrderSchema, async (tx, input, caller) => {
    const outcome = await refundAndEnd(deps)(tx, input, caller)
    return { refund: outcome.refund, paymentRefunds: outcome.paymentRefunds }
  })

  const exchange = command('orders.exchange', exchangeLineSchema, async (tx, input, caller) => {
    const outcome = await exchangeLine(deps)(tx, input, caller)
    // A card's token is in no stored answer: the payment's own row holds it until it is begun.
    return { ...outcome, payments: outcome.payments.map((payment) => payment.id) }
  })
  const exchanges = query('orders.listExchanges', read.orderIdSchema, async (reader, { orderId }) =>
    (await reader.find(exchangeTable, { orderId }, { orderBy: ['id'] })).map(toExchange),
  )
  const getPlaced = read.getPlaced(deps)
  /** Does at once what jobs would do; where a provider gives no answer they still do it. */
  const execute = async (refundIds: readonly string[], call: Call | undefined): Promise<void> => {
    if (call?.tx !== undefined) return
    for (const refundId of refundIds) {
      await deps.payments
        .executeRefund(refundId)
        .catch((error: unknown) => deps.kernel.report(`refund ${refundId} is in doubt and will be tried again`, error))
    }
  }

  return {
    place: async (input, call) => {
      const { orderId, payments, placed } = await place(input, call)
      const started = await deps.payments.start(payments, call)
      return placed ? deps.kernel.database.read(call, (reader) => getPlaced(reader, placed, started)) : get({ orderId }, call)
    },
    pay: async (input, call) => {
      const { orderId, payments } = await pay(input, call)
      await deps.payments.start(payments, call)
      return get({ orderId }, call)
    },
    cancel: async (input, call) => {
      await execute((await cancel(input, call)).paymentRefunds, call)
      return get({ orderId: input.orderId }, call)
    },
    refund: async (input, call) => {
      const outcome = await refund(input, call)
      await execute(outcome.paymentRefunds, call)
      return outcome.refund
    },
    refundMany: command('orders.refundMany', refundManySchema, refundMany(deps)),
    import: command('orders.import', importOrdersSchema, importOrders(deps)),
    get,
    findByNumber: query('orders.findByNumber', read.orderNumberSchema, read.findByNumber(deps)),
    list: (input = {}, call) => list(input, call),
    listSupplierOrders: query('orders.listSupplierOrders', read.listSupplierOrdersSchema, read.listSupplierOrders),
    timeline: query('orders.timeline', read.orderIdSchema, read.readTimeline),
    exchange: async (input, call) => {
      const { exchange: made, payments, paymentRefunds } = await exchange(input, call)
      await deps.payments.start(payments, call)
      await execute(paymentRefunds, call)
      return (await exchanges({ orderId: made.orderId }, call)).find(({ id }) => id === made.id) ?? made
    },
    listExchanges: exchanges,
    listRefunds: query('orders.listRefunds', read.orderIdSchema, read.readRefunds),
  }
}
