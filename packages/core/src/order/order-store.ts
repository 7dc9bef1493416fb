/** Loading, locking and counting: the statements of this room. Each is one, whatever the number of lines. */
import { groupBy, identifier, inList, join, numberByKey, type Reader, type Sql, sql, type Table, type Tx } from '../kernel/index.js'
import { notFound } from './errors.js'
import { fulfilmentStatus, moveFulfilment } from './fulfilment-state.js'
import { orderLineTable, orderTable, supplierOrderTable } from './order.entity.js'
import type { OrderAggregate, OrderLine, OrderRecord, OrderWithLines, SupplierOrder } from './order.js'
import { moveReturn, returnStatus } from './return-state.js'

/** Orders with their parts and lines; ids that do not exist are missing. Three statements. */
export async function loadOrders(reader: Reader, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderAggregate>> {
  return withParts(reader, await reader.find(orderTable, { id: orderIds }))
}

/** Parts and lines of orders that are read already. */
export async function withParts(reader: Reader, orders: readonly OrderRecord[]): Promise<ReadonlyMap<string, OrderAggregate>> {
  if (orders.length === 0) return new Map()
  const orderId = orders.map((order) => order.id)
  const parts = groupBy(await reader.find(supplierOrderTable, { orderId }, { orderBy: ['id'] }), (part) => part.orderId)
  const lines = groupBy(await reader.find(orderLineTable, { orderId }, { orderBy: ['position'] }), (line) => line.orderId)
  return new Map(orders.map((order) => [order.id, { order, supplierOrders: parts.get(order.id) ?? [], lines: lines.get(order.id) ?? [] }]))
}

/** The lines of an order that is read already. */
export async function withLines(reader: Reader, order: OrderRecord): Promise<OrderWithLines> {
  return { order, lines: await reader.find(orderLineTable, { orderId: order.id }, { orderBy: ['position'] }) }
}

/** The parts of an order whose lines are read already. */
export async function whole(reader: Reader, { order, lines }: OrderWithLines): Promise<OrderAggregate> {
  return { order, lines, supplierOrders: await reader.find(supplierOrderTable, { orderId: order.id }, { orderBy: ['id'] }) }
}

/** The one lock of an order: whoever changes any part of it holds its row. @throws order.not_found */
export async function lockOrder(tx: Tx, orderId: string): Promise<OrderAggregate> {
  const aggregate = (await lockOrders(tx, [orderId])).get(orderId)
  if (!aggregate) throw notFound({ orderId })
  return aggregate
}

/** Locks several in the order of their ids, by as many statements as one. @throws order.not_found */
export async function lockOrders(tx: Tx, orderIds: readonly string[]): Promise<ReadonlyMap<string, OrderAggregate>> {
  const locked = await withParts(tx, await tx.lock(orderTable, { id: orderIds }))
  const missing = orderIds.find((orderId) => !locked.has(orderId))
  if (missing !== undefined) throw notFound({ orderId: missing })
  return locked
}

/** Changes the order's own row; it is locked. @returns the order as it is now */
export async function changeOrder(tx: Tx, order: OrderRecord, set: Partial<OrderRecord>): Promise<OrderRecord> {
  await tx.update(orderTable, set, { id: order.id })
  return { ...order, ...set }
}

/** The counters of a line that grow, and `comingBack`, which also shrinks. */
export type LineCounter =
  | 'capturedGoods'
  | 'capturedShipping'
  | 'refundedGoods'
  | 'refundedShipping'
  | 'canceled'
  | 'fulfilled'
  | 'delivered'
  | 'comingBack'
  | 'returned'

/** What is added to a line's counters. */
export interface LineChange {
  readonly lineId: string
  readonly add: Partial<Record<LineCounter, number>>
}

const columnOf: Readonly<Record<LineCounter, string>> = {
  capturedGoods: 'captured_goods',
  capturedShipping: 'captured_shipping',
  refundedGoods: 'refunded_goods',
  refundedShipping: 'refunded_shipping',
  canceled: 'canceled',
  fulfilled: 'fulfilled',
  delivered: 'delivered',
  comingBack: 'coming_back',
  returned: 'returned',
}

/** Counts on many lines, of many orders, by one statement. @returns the lines as they are now */
export async function countLines(tx: Tx, lines: readonly OrderLine[], changes: readonly LineChange[]): Promise<readonly OrderLine[]> {
  const counters = Object.keys(columnOf).filter((name): name is LineCounter => name in columnOf)
  const sets = counters.flatMap((counter): Sql[] => {
    const numbers = changes.flatMap(({ lineId, add }): [string, number][] => (add[counter] ? [[lineId, add[counter]]] : []))
    const column = sql`${identifier(columnOf[counter])}`
    return numbers.length === 0 ? [] : [sql`${column} = ${column} + ${numberByKey(sql`id`, numbers)}`]
  })
  if (sets.length === 0) return lines
  await tx.run(
    sql`UPDATE ${orderLineTable} SET ${join(sets)} WHERE ${inList(
      sql`id`,
      changes.map((change) => change.lineId),
    )}`,
  )
  const byLine = new Map(changes.map((change) => [change.lineId, change.add]))
  return lines.map((line) => added(line, byLine.get(line.id) ?? {}))
}

function added(line: OrderLine, add: Partial<Record<LineCounter, number>>): OrderLine {
  const counted = Object.entries(add).map(([counter, by]) => [counter, line[counter as LineCounter] + by])
  return { ...line, ...Object.fromEntries(counted) }
}

/**
 * Brings the fulfilment and return states of orders and their parts to what the lines say: one statement for each state that some of them move to, however
 * many they are. @returns the orders as they are now
 */
export async function settleStates(tx: Tx, aggregates: readonly OrderAggregate[]): Promise<readonly OrderAggregate[]> {
  const settled = aggregates.map(({ order, supplierOrders, lines }): OrderAggregate => {
    const its = groupBy(lines, (line) => line.supplierOrderId)
    return {
      order: { ...order, ...statesOf(order.id, order, lines) },
      supplierOrders: supplierOrders.map((part) => ({ ...part, ...statesOf(order.id, part, its.get(part.id) ?? []) })),
      lines,
    }
  })
  await storeStates(
    tx,
    orderTable,
    moved(
      aggregates.map(({ order }) => order),
      settled.map(({ order }) => order),
    ),
  )
  await storeStates(
    tx,
    supplierOrderTable,
    moved(
      aggregates.flatMap((before) => before.supplierOrders),
      settled.flatMap((after) => after.supplierOrders),
    ),
  )
  return settled
}

type States = Pick<SupplierOrder, 'fulfilmentStatus' | 'returnStatus'>

function statesOf(orderId: string, from: States, lines: readonly OrderLine[]): States {
  return {
    fulfilmentStatus: moveFulfilment(orderId, from.fulfilmentStatus, fulfilmentStatus(lines)),
    returnStatus: moveReturn(orderId, from.returnStatus, returnStatus(lines)),
  }
}

function moved<Of extends States>(before: readonly Of[], after: readonly Of[]): readonly Of[] {
  return after.filter(
    (now, index) => now.fulfilmentStatus !== before[index]?.fulfilmentStatus || now.returnStatus !== before[index].returnStatus,
  )
}

async function storeStates<Row extends States & { readonly id: string }>(tx: Tx, table: Table<Row>, rows: readonly Row[]): Promise<void> {
  for (const [first, ...others] of groupBy(rows, (row) => `${row.fulfilmentStatus} ${row.returnStatus}`).values()) {
    if (!first) continue
    const ids = [first, ...others].map((row) => row.id)
    await tx.run(
      sql`UPDATE ${table} SET fulfilment_status = ${first.fulfilmentStatus}, return_status = ${first.returnStatus} WHERE ${inList(sql`id`, ids)}`,
    )
  }
}
