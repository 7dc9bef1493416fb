import type { Carts } from '../cart/index.js'
import type { Catalog } from '../catalog/index.js'
import type { Inventory } from '../inventory/index.js'
import type { Caller, Kernel, Reader, Tx } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Payments } from '../payment/index.js'
import type { OrderDeps } from './deps.js'
import { refundAndEnd } from './end-refunded.js'
import { expireExchanges } from './expire-exchanges.js'
import { expireOrders } from './expire-orders.js'
import type { RefundOutcome } from './give-back.js'
import type { OrderHooks } from './hooks.js'
import { joinDisputes } from './on-dispute.js'
import { joinPayments } from './on-payment.js'
import type { OrderAggregate, OrderLine } from './order.js'
import { createService, type OrderService } from './order-service.js'
import { loadOrders, lockOrder, lockOrders } from './order-store.js'
import { findLines } from './read-orders.js'
import { type LineUnits, type ReturnStep, recordStep } from './record-progress.js'
import { type RefundOrderInput, type RefundReturnedInput, refundReturned } from './refund-order.js'
import { createNote, type Note } from './timeline.js'

/** The order room, as `createCommerce` and upper rooms hold it. */
export interface Orders {
  readonly service: OrderService
  /** The one lock of an order: whoever changes anything about it takes this first. @throws order.not_found */
  lock(tx: Tx, orderId: string): Promise<OrderAggregate>
  /** Several, in the order of their ids, by as many statements. @throws order.not_found */
  lockMany(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderAggregate>>
  /** As they are, by three statements; ids that do not exist are missing. */
  load(reader: Reader, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderAggregate>>
  /** By one statement; ids that do not exist are missing. */
  lines(reader: Reader, lineIds: readonly string[]): Promise<ReadonlyMap<string, OrderLine>>
  /** Units have left. @returns the lines, as they are now @throws order.not_found, order.line_not_found, order.not_paid, order.exceeds_quantity */
  recordFulfilment(tx: Tx, units: readonly LineUnits[], by: string): Promise<readonly OrderLine[]>
  /** Units have arrived. @returns the lines, as they are now @throws order.not_found, order.line_not_found, order.exceeds_quantity */
  recordDelivery(tx: Tx, units: readonly LineUnits[], by: string): Promise<readonly OrderLine[]>
  /** Units are announced to come back, have come back, or will not. @returns the lines, as they are now @throws order.not_found, order.line_not_found, order.exceeds_quantity */
  recordReturn(tx: Tx, step: ReturnStep, units: readonly LineUnits[], by: string): Promise<readonly OrderLine[]>
  /**
   * Gives money back; the order is locked by it. A job pays it out; who waits for it calls `payments.executeRefund` after the commit.
   * @throws order.not_found, order.line_not_found, order.supplier_order_not_found, order.nothing_to_refund, refund.exceeds_captured
   */
  refund(tx: Tx, input: RefundOrderInput, caller: Pick<Caller, 'by'>): Promise<RefundOutcome>
  /** Refunds goods that have come back, counted by `recordReturn` before, as far as they were not refunded by hand meanwhile. @returns null where nothing is left to go back @throws order.not_found, order.line_not_found */
  refundReturned(tx: Tx, input: RefundReturnedInput, caller: Pick<Caller, 'by'>): Promise<RefundOutcome | null>
  /** Writes to timelines. */
  readonly note: Note
  /** What the recurring job does: closes orders that nobody paid in time. @returns how many */
  expire(): Promise<number>
}

export interface CreateOrdersDeps {
  readonly kernel: Kernel
  readonly carts: Pick<Carts, 'quoteTax' | 'claim' | 'complete'>
  readonly catalog: Pick<Catalog, 'offers'>
  readonly inventory: Pick<Inventory, 'reserve' | 'confirm' | 'release'>
  readonly payments: Payments
  readonly ledger: Pick<Ledger, 'post'>
}

export interface OrderOptions {
  /** How long the stock of an unpaid order waits for its payment. @default 30 */
  readonly payWithinMinutes?: number | undefined
}

const minuteMillis = 60_000

export function createOrders(
  { kernel, carts, catalog, inventory, payments, ledger }: CreateOrdersDeps,
  { payWithinMinutes = 30 }: OrderOptions = {},
): Orders {
  const note = createNote(kernel.ids)
  const hooks = kernel.hooks<OrderHooks>()
  const deps: OrderDeps = {
    kernel,
    hooks,
    carts,
    catalog,
    inventory,
    payments,
    ledger,
    note,
    payWithinMillis: payWithinMinutes * minuteMillis,
  }
  const expire = expireOrders(deps)
  const expireWaiting = expireExchanges(deps)
  const record = recordStep(deps)
  joinPayments(deps)
  joinDisputes(deps)
  kernel.jobs.every('order.expire', { everyMillis: minuteMillis }, async () => {
    await expire()
    await expireWaiting()
  })
  return {
    service: createService(deps),
    lock: lockOrder,
    lockMany: lockOrders,
    load: loadOrders,
    lines: findLines,
    recordFulfilment: (tx, units, by) => record(tx, 'fulfilled', units, by),
    recordDelivery: (tx, units, by) => record(tx, 'delivered', units, by),
    recordReturn: record,
    refund: refundAndEnd(deps),
    refundReturned: refundReturned(deps),
    note,
    expire,
  }
}
