import * as z from 'zod'
import { type Contact, contactTable, toContact } from '../customer/index.js'
import { columns, id, joined, type Page, type PageInput, pageShape, type Reader, readPage, type Sql, sql } from '../kernel/index.js'
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
import { whole, withLines } from './order-store.js'
import { sincePlaced } from './since-placed.js'
import { placingEntry } from './timeline.js'

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
export function getOrder(deps: Pick<OrderDeps, 'payments'>) {
  return async (reader: Reader, { orderId }: OrderIdInput): Promise<Order> => {
    const found = await findOrder(reader, sql`o.id = ${orderId}`)
    if (!found) throw notFound({ orderId })
    return inFull(deps, reader, found)
  }
}

/** @throws order.not_found */
export function findByNumber(deps: Pick<OrderDeps, 'payments'>) {
  return async (reader: Reader, { number }: OrderNumberInput): Promise<Order> => {
    const found = await findOrder(reader, sql`o.number = ${number}`)
    if (!found) throw notFound({ orderId: number })
    return inFull(deps, reader, found)
  }
}

/** The order that the caller has just placed, with what its payments have changed. @param payments all that it placed, as they are now */
export function getPlaced(deps: Pick<OrderDeps, 'payments'>) {
  return async (reader: Reader, placed: OrderAggregate, payments: readonly Payment[]): Promise<Order> => {
    const orderId = placed.order.id
    const found = await findOrder(reader, sql`o.id = ${orderId}`)
    if (!found) throw notFound({ orderId })
    const now = sincePlaced(placed, found.order, payments)
    if (!now) return inFull(deps, reader, found)
    return { ...now.order, supplierOrders: now.supplierOrders, lines: now.lines, payments, contact: found.contact }
  }
}

type FoundOrder = Pick<OrderAggregate, 'order'> & Pick<Order, 'contact'>

const contactJoin = joined(contactTable, 'c')

/** An order and where it goes. */
async function findOrder(reader: Reader, condition: Sql): Promise<FoundOrder | undefined> {
  const [row] = await reader.all(sql`
    SELECT ${columns(orderTable, 'o')}, ${contactJoin.columns}
    FROM ${orderTable} o LEFT JOIN ${contactTable} c ON c.id = o.contact_id
    WHERE ${condition}`)
  if (!row) return undefined
  const contact = contactJoin.read(row)
  return { order: orderTable.read(row), contact: contact ? toContact(contact) : null }
}

async function inFull({ payments }: Pick<OrderDeps, 'payments'>, reader: Reader, { order, contact }: FoundOrder): Promise<Order> {
  const { supplierOrders, lines } = await whole(reader, await withLines(reader, order))
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
export async function readTimeline(reader: Reader, { orderId }: OrderIdInput): Promise<readonly TimelineEntry[]> {
  const order = await reader.findOne(orderTable, { id: orderId })
  if (!order) return []
  return [placingEntry(order), ...(await reader.find(orderTimelineTable, { orderId }, { orderBy: ['id'] }))]
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
