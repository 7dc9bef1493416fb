/** What upper rooms tell of goods on their way: counted on the lines, and followed by the states of parts and order. */
import { groupBy, sumBy, type Timestamp, type Tx } from '../kernel/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { exceedsQuantity, lineNotFound, notPaid } from './errors.js'
import { isCovered, type OrderAggregate, type OrderLine, type OrderRecord } from './order.js'
import { countLines, type LineChange, lockOrders, settleStates } from './order-store.js'

/** Units of a line. */
export interface LineUnits {
  readonly orderId: string
  readonly lineId: string
  readonly quantity: number
  /** When, in the timeline. @default now */
  readonly at?: Timestamp | undefined
}

/** `requested`: announced by the customer; `received`: they are here; `withdrawn`: they will not come after all. */
export type ReturnStep = 'requested' | 'received' | 'withdrawn'

type Step = 'fulfilled' | 'delivered' | ReturnStep

/** How many units a step has left to take, what it counts, and what it is called in the timeline. */
interface StepRule {
  readonly left: (line: OrderLine) => number
  readonly add: (line: OrderLine, quantity: number) => LineChange['add']
  readonly type: string
}

const rules: Readonly<Record<Step, StepRule>> = {
  fulfilled: {
    left: (line) => line.quantity - line.canceled - line.fulfilled,
    add: (_line, quantity) => ({ fulfilled: quantity }),
    type: 'fulfilled',
  },
  delivered: { left: (line) => line.fulfilled - line.delivered, add: (_line, quantity) => ({ delivered: quantity }), type: 'delivered' },
  requested: {
    left: (line) => line.fulfilled - line.comingBack - line.returned,
    add: (_line, quantity) => ({ comingBack: quantity }),
    type: 'return_requested',
  },
  // What was announced arrives first; goods may also come unannounced.
  received: {
    left: (line) => line.fulfilled - line.returned,
    add: (line, quantity) => ({ returned: quantity, comingBack: -Math.min(quantity, line.comingBack) }),
    type: 'returned',
  },
  withdrawn: { left: (line) => line.comingBack, add: (_line, quantity) => ({ comingBack: -quantity }), type: 'return_withdrawn' },
}

function assertPaid(order: OrderRecord): void {
  if (isCovered(order)) return
  const { id, status, paymentStatus } = order
  throw notPaid({ orderId: id, paymentStatus: status === 'open' ? paymentStatus : status })
}

/**
 * Counts one step of units of lines, of any number of orders, by a number of statements that does not grow. @returns the lines that were counted, as they are now
 * @throws order.not_found, order.line_not_found, order.not_paid, order.exceeds_quantity
 */
export function recordStep({ note }: Pick<OrderDeps, 'note'>) {
  return async (tx: Tx, step: Step, units: readonly LineUnits[], by: string): Promise<readonly OrderLine[]> => {
    if (units.length === 0) return []
    const byOrder = groupBy(units, (unit) => unit.orderId)
    const orders = await lockOrders(tx, [...byOrder.keys()])
    const changes = [...orders.values()].flatMap((aggregate) => {
      if (step === 'fulfilled') assertPaid(aggregate.order)
      return changesOf(aggregate, step, byOrder.get(aggregate.order.id) ?? [])
    })
    const lines = await countLines(
      tx,
      [...orders.values()].flatMap((aggregate) => aggregate.lines),
      changes,
    )
    const linesOf = groupBy(lines, (line) => line.orderId)
    const settled = await settleStates(
      tx,
      [...orders.values()].map((aggregate) => ({ ...aggregate, lines: linesOf.get(aggregate.order.id) ?? [] })),
    )
    const told = settled.map(({ order }) => ({
      order,
      units: (byOrder.get(order.id) ?? []).map(({ lineId, quantity }) => ({ lineId, quantity })),
      at: latest(byOrder.get(order.id)),
    }))
    await note(
      tx,
      told.map(({ order, units: counted, at }) => ({ orderId: order.id, type: rules[step].type, by, at, details: { lines: counted } })),
    )
    for (const { order, units: counted } of told) tell(tx, step, order, counted)
    const touched = new Set(changes.map((change) => change.lineId))
    return lines.filter((line) => touched.has(line.id))
  }
}

function changesOf({ order, lines }: OrderAggregate, step: Step, units: readonly LineUnits[]): readonly LineChange[] {
  const { left, add } = rules[step]
  return [...groupBy(units, (unit) => unit.lineId)].map(([lineId, its]) => {
    const line = lines.find((candidate) => candidate.id === lineId)
    if (!line) throw lineNotFound({ orderId: order.id, lineId })
    const quantity = sumBy(its, (unit) => unit.quantity)
    if (quantity > left(line)) throw exceedsQuantity({ orderId: order.id, lineId, step, wanted: quantity, left: left(line) })
    return { lineId, add: add(line, quantity) }
  })
}

function latest(units: readonly LineUnits[] = []): Timestamp | undefined {
  return units.reduce<Timestamp | undefined>(
    (last, { at }) => (at !== undefined && (last === undefined || at > last) ? at : last),
    undefined,
  )
}

function tell(
  tx: Tx,
  step: Step,
  { id: orderId, fulfilmentStatus, returnStatus }: OrderRecord,
  lines: readonly { readonly lineId: string; readonly quantity: number }[],
): void {
  if (step === 'fulfilled') emitOrder(tx, 'order.fulfilled', orderId, { orderId, lines, complete: fulfilmentStatus === 'fulfilled' })
  if (step === 'delivered') emitOrder(tx, 'order.delivered', orderId, { orderId, lines, complete: fulfilmentStatus === 'delivered' })
  if (step === 'received') emitOrder(tx, 'order.returned', orderId, { orderId, lines, complete: returnStatus === 'returned' })
}
