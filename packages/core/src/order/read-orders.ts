import * as z from 'zod'
import type { Contact } from '../customer/index.js'
import { id, type Page, type PageInput, pageShape, type Reader, readPage } from '../kernel/index.js'
import type { Payment } from '../payment/index.js'
import type { OrderDeps } from './deps.js'
import { notFound } from './errors.js'
import {
  orderLineTable,
  orderRefundLineTable,
  orderRefundTable,
  orderTable,
  orderTimelineTable,
  supplierOrderTable,
} from './order.entity.js'
import type { OrderAggregate, OrderLine, OrderRecord, OrderRefund, SupplierOrder, TimelineEntry } from './order.js'
import { loadOrders } from './order-store.js'

/** An order in full. */
export interface Order extends OrderRecord {
  /** One per supplier. */
  readonly supplierOrders: readonly SupplierOrder[]
  readonly lines: readonly OrderLine[]
  /** All attempts, oldest first; what the customer must do next stands in their `action`. */
  readonly payments: readonly Payment[]
  /** Where the goods go; null where nothing is sent. Personal data. */
  readonly contact: Contact | null
}

export interface OrderIdInput {
  readonly orderId: string
}

export interface OrderNumberInput {
  readonly number: string
}

/** Orders that fit all that is given. */
export interface ListOrdersInput extends PageInput {
  readonly customerId?: string | undefined
  readonly distributorId?: string | undefined
  readonly status?: OrderRecord['status'] | undefined
  readonly paymentStatus?: OrderRecord['paymentStatus'] | undefined
  readonly fulfilmentStatus?: OrderRecord['fulfilmentStatus'] | undefined
  readonly returnStatus?: OrderRecord['returnStatus'] | undefined
}

/** One supplier's parts of orders: what it sees and sends. */
export interface ListSupplierOrdersInput extends PageInput {
  readonly supplierId: string
  readonly fulfilmentStatus?: OrderRecord['fulfilmentStatus'] | undefined
}

/** A supplier's part with its own lines, and nothing of the other suppliers'. */
export interface SupplierOrderDetail extends SupplierOrder {
  readonly lines: readonly OrderLine[]
}

const fulfilmentStatus = z
  .enum(['unfulfilled', 'partially_fulfilled', 'fulfilled', 'partially_delivered', 'delivered', 'canceled'])
  .optional()

export const orderIdSchema: z.ZodType<OrderIdInput> = z.object({ orderId: id })
export const orderNumberSchema: z.ZodType<OrderNumberInput> = z.object({ number: z.string().min(1).max(40) })
export const listOrdersSchema: z.ZodType<ListOrdersInput> = z.object({
  ...pageShape,
  customerId: id.optional(),
  distributorId: id.optional(),
  status: z.enum(['open', 'expired', 'canceled']).optional(),
  paymentStatus: z.enum(['pending', 'authorized', 'partially_paid', 'paid', 'partially_refunded', 'refunded', 'canceled']).optional(),
  fulfilmentStatus,
  returnStatus: z.enum(['none', 'requested', 'partially_returned', 'returned']).optional(),
})
export const listSupplierOrdersSchema: z.ZodType<ListSupplierOrdersInput> = z.object({ ...pageShape, supplierId: id, fulfilmentStatus })

/** @throws order.not_found */
export function getOrder(deps: Pick<OrderDeps, 'payments' | 'customers'>) {
  return async (reader: Reader, { orderId }: OrderIdInput): Promise<Order> => {
    const aggregate = (await loadOrders(reader, [orderId])).get(orderId)
    if (!aggregate) throw notFound({ orderId })
    return inFull(deps, reader, aggregate)
  }
}

/** @throws order.not_found */
export function findByNumber(deps: Pick<OrderDeps, 'payments' | 'customers'>) {
  const get = getOrder(deps)
  return async (reader: Reader, { number }: OrderNumberInput): Promise<Order> => {
    const order = await reader.findOne(orderTable, { number })
    if (!order) throw notFound({ orderId: number })
    return get(reader, { orderId: order.id })
  }
}

async function inFull(
  { payments, customers }: Pick<OrderDeps, 'payments' | 'customers'>,
  reader: Reader,
  { order, supplierOrders, lines }: OrderAggregate,
): Promise<Order> {
  const contact = order.contactId === null ? null : ((await customers.contacts(reader, [order.contactId])).get(order.contactId) ?? null)
  return { ...order, supplierOrders, lines, payments: await payments.ofReference(reader, order.id), contact }
}

/** Orders without their lines. */
export function listOrders(reader: Reader, { limit, after, ...where }: ListOrdersInput): Promise<Page<OrderRecord>> {
  return readPage(reader, orderTable, where, { limit, after })
}

export async function listSupplierOrders(
  reader: Reader,
  { limit, after, ...where }: ListSupplierOrdersInput,
): Promise<Page<SupplierOrderDetail>> {
  const { items, next } = await readPage(reader, supplierOrderTable, where, { limit, after })
  const lines = await reader.find(orderLineTable, { supplierOrderId: items.map((part) => part.id) }, { orderBy: ['orderId', 'position'] })
  return { items: items.map((part) => ({ ...part, lines: lines.filter((line) => line.supplierOrderId === part.id) })), next }
}

/** What happened to an order, first to last. */
export function readTimeline(reader: Reader, { orderId }: OrderIdInput): Promise<readonly TimelineEntry[]> {
  return reader.find(orderTimelineTable, { orderId }, { orderBy: ['id'] })
}

/** What was given back of an order, first to last. */
export async function readRefunds(reader: Reader, { orderId }: OrderIdInput): Promise<readonly OrderRefund[]> {
  const refunds = await reader.find(orderRefundTable, { orderId }, { orderBy: ['id'] })
  const lines = await reader.find(orderRefundLineTable, { orderId })
  return refunds.map(({ goodwill, goodwillFundedBy, ...refund }) => ({
    ...refund,
    goodwill: goodwillFundedBy === null ? null : { amount: goodwill, fundedBy: goodwillFundedBy },
    lines: lines
      .filter((line) => line.refundId === refund.id)
      .map(({ lineId, amount, shipping, quantity }) => ({ lineId, amount, shipping, quantity })),
  }))
}

/** Lines by id, by one statement; those that do not exist are missing. */
export async function findLines(reader: Reader, lineIds: readonly string[]): Promise<ReadonlyMap<string, OrderLine>> {
  const lines = await reader.find(orderLineTable, { id: lineIds })
  return new Map(lines.map((line) => [line.id, line]))
}
