/** Lets the orders happen again, in the order of time: placed and paid, delivered, refunded, settled. */
import { setImmediate as pause } from 'node:timers/promises'
import { addDays, type ImportOrder, type Timestamp } from '@entrepot/core'
import { cycleEnd } from './cycle-end.js'
import type { Marketplace } from './marketplace.js'
import type { Plan } from './plan.js'
import type { StagedEvent, StagedLine, StagedOrder, Staging } from './staging.js'

export interface Replay {
  readonly marketplace: Marketplace
  readonly plan: Plan
  readonly staging: Staging
  /** The last event's time. */
  readonly last: Timestamp
  /** Told how many events are done, and where the clock stands. */
  readonly progress: (done: number, now: Timestamp) => void
  readonly signal: AbortSignal | undefined
}

const pageSize = 1000
/** Lines in one import, in one delivery, and refunds at once. */
const batchLines = 400
const eventsBetweenPauses = 100
/** After the last event, time goes on for so long: holds end, and a month's cycle comes round. */
const runOutDays = 31

export async function replay({ marketplace, plan, staging, last, progress, signal }: Replay): Promise<void> {
  const { commerce, clock } = marketplace
  const queues = createQueues(marketplace, plan, staging)
  let boundary = cycleEnd(plan.settlement.cycle, clock.now())

  const settleUntil = async (time: Timestamp): Promise<void> => {
    for (; boundary !== undefined && boundary < time; boundary = cycleEnd(plan.settlement.cycle, boundary)) await reach(boundary)
  }
  /** All that happened until then is told first; then what is due runs. A cycle catches up: each end that was passed is settled as of itself. */
  const reach = async (time: Timestamp): Promise<void> => {
    await queues.flush()
    signal?.throwIfAborted()
    clock.set(time)
    await commerce.background.drain()
    const failure = marketplace.failure()
    if (failure !== undefined) throw failure
  }

  let done = 0
  for (let page = staging.events(0, pageSize); page.length > 0; page = staging.events(done, pageSize)) {
    for (const event of page) {
      // On SQLite nothing here ever waits, and an interruption would not be heard.
      if (event.no % eventsBetweenPauses === 0) await pause()
      signal?.throwIfAborted()
      // What happens at the very end of a cycle is still part of it.
      await settleUntil(event.at)
      await queues.take(event)
      done = event.no
      progress(done, event.at)
    }
  }
  const end = addDays(last, runOutDays)
  await settleUntil(end)
  await reach(end)
}

interface Queues {
  take(event: StagedEvent): Promise<void>
  /** Tells all that waits. */
  flush(): Promise<void>
}

/**
 * What happened is told in bulk: orders that were placed, lines that were delivered and refunds wait for each other, each with its own time. Nothing depends on
 * the order in which they are told within a cycle, but that an order comes before what happens to it.
 */
function createQueues({ commerce, clock }: Marketplace, plan: Plan, staging: Staging): Queues {
  let placed: StagedOrder[] = []
  let placedLines = 0
  let delivered: StagedEvent[] = []
  const deliveredOrders = new Set<number>()
  let refunded: StagedEvent[] = []

  const importPlaced = async (): Promise<void> => {
    if (placed.length === 0) return
    const orders = placed.map((order) => ({ order, lines: staging.lines(order.no) }))
    const { orders: imported } = await commerce.orders.import({
      orders: orders.map(({ order, lines }) => importOf(order, lines, plan, staging)),
    })
    for (const [index, { id: orderId, lineIds }] of imported.entries()) {
      const { order, lines } = orders[index] ?? { order: undefined, lines: [] }
      if (order)
        staging.imported(
          order.no,
          orderId,
          lines.map((line, position) => [line.no, lineIds[position] ?? '']),
        )
    }
    placed = []
    placedLines = 0
  }

  const deliver = async (): Promise<void> => {
    if (delivered.length === 0) return
    await importPlaced()
    const lines = delivered.flatMap(({ order: orderNo, line: lineNo }) => {
      const { orderId, unrefunded } = staging.order(orderNo)
      const { orderLineId, deliveredAt } = staging.line(lineNo)
      // What was given back in full before it arrived has no claims left that a hold could release, and is not sent any more.
      return orderId === null || orderLineId === null || unrefunded === 0 ? [] : [{ orderId, lineId: orderLineId, at: deliveredAt }]
    })
    if (lines.length > 0) await commerce.fulfilment.deliverLines({ lines })
    delivered = []
    deliveredOrders.clear()
  }

  const takeRefund = async (event: StagedEvent): Promise<void> => {
    const { refundAmount, price } = staging.line(event.line)
    if (refundAmount === null || refundAmount === 0) return
    // A line that is given back in full is not waited for any more; if it has arrived, that is told first.
    if (refundAmount === price && deliveredOrders.has(event.order)) await deliver()
    staging.refunded(event.order, refundAmount)
    refunded.push(event)
    if (refunded.length >= batchLines) await refund()
  }

  const refund = async (): Promise<void> => {
    if (refunded.length === 0) return
    await importPlaced()
    const refunds = refunded.map(({ order: orderNo, line: lineNo, at }) => {
      const { orderLineId, refundAmount } = staging.line(lineNo)
      const lines = [{ lineId: orderLineId ?? '', amount: refundAmount ?? 0 }]
      return { orderId: staging.order(orderNo).orderId ?? '', lines, at, reason: 'refunded' }
    })
    await commerce.orders.refundMany({ refunds })
    refunded = []
  }

  return {
    async take(event) {
      clock.set(event.at)
      if (event.kind === 'refunded') return takeRefund(event)
      if (event.kind === 'delivered') {
        delivered.push(event)
        deliveredOrders.add(event.order)
        if (delivered.length >= batchLines) await deliver()
        return
      }
      const order = staging.order(event.order)
      placed.push(order)
      placedLines += order.lines
      if (placedLines >= batchLines) await importPlaced()
    },
    async flush() {
      await importPlaced()
      await refund()
      await deliver()
    },
  }
}

function importOf(
  { ref, placedAt }: StagedOrder,
  lines: readonly StagedLine[],
  { currency, distribution }: Plan,
  staging: Staging,
): ImportOrder {
  return {
    externalId: ref,
    currency,
    placedAt,
    paid: { provider: 'external', capturedAt: placedAt },
    lines: lines.map(({ supplierId, product, quantity, price, shipping, distributors }) => ({
      supplierId,
      productRef: product,
      quantity,
      price,
      shipping,
      // Nobody knows of distributors where the plan has none.
      distributors: distribution === undefined || distributors === '' ? [] : distributors.split('|').map((no) => staging.idOf(Number(no))),
    })),
  }
}
