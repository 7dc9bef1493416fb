/** What a refund does, for any number of orders by the same statements: it is counted, the parties' claims shrink by it, and the money goes back to where it came from. */
import type { Timestamp, Tx } from '../kernel/index.js'
import { inList, numberByKey, sql, textByKey } from '../kernel/index.js'
import type { AccountRef, PostJournal } from '../ledger/index.js'
import { sumAmounts } from '../money/index.js'
import { clearingOf } from '../payment/index.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { nothingToRefund } from './errors.js'
import type { RefundingLine } from './hooks.js'
import { orderRefundLineTable, orderRefundTable, orderTable } from './order.entity.js'
import type { Goodwill, OrderAggregate, OrderRecord, OrderRefund } from './order.js'
import { countLines } from './order-store.js'
import { movePayment, paymentStatus } from './payment-state.js'
import { allocateOverPayments } from './refund-plan.js'

/** What a refund has set in motion. */
export interface RefundOutcome {
  readonly refund: OrderRefund
  /** Refunds of the payment room, one per payment that gives something back; a job executes them, or whoever waits for them at once, outside of the transaction. */
  readonly paymentRefunds: readonly string[]
  readonly aggregate: OrderAggregate
}

/** The account out of which customers are paid back, whichever room put the money there. */
export const refundsPayable: AccountRef = { party: 'refunds', purpose: 'payable' }

/** Whether anything moves by it. A line that cost nothing is refunded by its units, for what its funders paid once the order was paid. */
export function givesBack({ order }: OrderAggregate, parts: readonly RefundingLine[]): boolean {
  return parts.some(({ goods, shipping, quantity: units }) => goods + shipping > 0 || (units !== null && order.paidAt !== null))
}

/** A refund that is worked out. */
export interface GiveBack {
  readonly parts: readonly RefundingLine[]
  readonly goodwill: Goodwill | null
  readonly reason: string
  readonly by: string
  /** When it was given, where that is not now. */
  readonly at?: Timestamp | undefined
  /** Where the parties' shares go, for whoever pays for something else with them; nobody is paid back then. @default refunds/payable */
  readonly payable?: AccountRef | undefined
}

/** A refund of an order as it is before it. */
export interface GivingBack extends GiveBack {
  readonly before: OrderAggregate
}

interface MadeOut extends GivingBack {
  readonly refund: OrderRefund
}

interface Counted extends MadeOut {
  readonly aggregate: OrderAggregate
}

/** One refund. @throws as giveBackAll */
export function giveBackParts(deps: OrderDeps) {
  const giveBack = giveBackAll(deps)
  return async (tx: Tx, before: OrderAggregate, wish: GiveBack): Promise<RefundOutcome> => {
    const [outcome] = await giveBack(tx, [{ ...wish, before }])
    if (!outcome) throw nothingToRefund({ orderId: before.order.id })
    return outcome
  }
}

/**
 * Counts refunds, each of another order, has the claims shrunk by them, and sends the money back to where it came from. The orders are locked.
 * @throws order.nothing_to_refund, refund.exceeds_captured
 */
export function giveBackAll(deps: OrderDeps) {
  const { kernel, hooks, note } = deps
  return async (tx: Tx, wishes: readonly GivingBack[]): Promise<readonly RefundOutcome[]> => {
    const made = wishes.map((wish): MadeOut => {
      if (!givesBack(wish.before, wish.parts) && wish.goodwill === null) throw nothingToRefund({ orderId: wish.before.order.id })
      return { ...wish, refund: newRefund(kernel.ids('rfo'), wish, wish.at ?? tx.now) }
    })
    await storeRefunds(tx, made)
    const counted = await countRefunds(tx, made)
    await hooks.run(tx, 'order.refunding', {
      orders: counted.map(({ aggregate, refund, parts, payable = refundsPayable }) => ({
        ...aggregate,
        refund,
        parts,
        payable,
        at: refund.at,
      })),
    })
    const toCustomers = counted.filter(({ payable }) => payable === undefined)
    const paid = await payBackAll(deps, tx, toCustomers)
    await note(
      tx,
      toCustomers.map(({ aggregate, refund }) => ({
        orderId: refund.orderId,
        type: 'refunded',
        by: refund.by,
        at: refund.at,
        details: {
          refundId: refund.id,
          amount: refund.amount,
          goodwill: refund.goodwill?.amount ?? 0,
          currency: aggregate.order.currency,
          reason: refund.reason,
        },
      })),
    )
    for (const { aggregate, refund } of toCustomers) {
      emitOrder(tx, 'order.refunded', refund.orderId, {
        orderId: refund.orderId,
        refundId: refund.id,
        amount: refund.amount,
        goodwill: refund.goodwill?.amount ?? 0,
        currency: aggregate.order.currency,
      })
    }
    return counted.map(({ refund, aggregate }) => ({ refund, aggregate, paymentRefunds: paid.get(refund.id) ?? [] }))
  }
}

function newRefund(refundId: string, { before, parts, goodwill, reason, by }: GivingBack, at: Timestamp): OrderRefund {
  const lines = parts.map(({ lineId, goods, shipping, quantity }) => ({ lineId, amount: goods, shipping, quantity }))
  const amount = sumAmounts(parts.flatMap(({ goods, shipping }) => [goods, shipping]))
  return { id: refundId, orderId: before.order.id, reason, amount, goodwill, lines, at, by }
}

async function storeRefunds(tx: Tx, made: readonly MadeOut[]): Promise<void> {
  await tx.insert(
    orderRefundTable,
    made.map(({ refund: { id, orderId, reason, amount, goodwill, at, by } }) => ({
      id,
      orderId,
      reason,
      amount,
      goodwill: goodwill?.amount ?? 0,
      goodwillFundedBy: goodwill?.fundedBy ?? null,
      at,
      by,
    })),
  )
  await tx.insert(
    orderRefundLineTable,
    made.flatMap(({ refund: { id: refundId, orderId, lines } }) => lines.map((line) => ({ refundId, orderId, ...line }))),
  )
}

async function countRefunds(tx: Tx, made: readonly MadeOut[]): Promise<readonly Counted[]> {
  const lines = await countLines(
    tx,
    made.flatMap(({ before }) => before.lines),
    made.flatMap(({ parts }) =>
      parts.map(({ lineId, goods, shipping }) => ({ lineId, add: { refundedGoods: goods, refundedShipping: shipping } })),
    ),
  )
  const byId = new Map(lines.map((line) => [line.id, line]))
  const counted = made.map((one): Counted => {
    const { before, refund } = one
    const its = before.lines.map((line) => byId.get(line.id) ?? line)
    return { ...one, aggregate: { ...before, order: countedOrder(before.order, refund), lines: its } }
  })
  await storeOrders(
    tx,
    counted.map(({ aggregate }) => aggregate.order),
  )
  return counted
}

function countedOrder(order: OrderRecord, { amount, goodwill }: OrderRefund): OrderRecord {
  const { id: orderId, total, captured, status, paymentStatus: from } = order
  const refunded = sumAmounts([order.refunded, amount])
  return {
    ...order,
    refunded,
    goodwill: sumAmounts([order.goodwill, goodwill?.amount ?? 0]),
    paymentStatus:
      refunded === order.refunded
        ? from
        : movePayment(orderId, from, paymentStatus({ total, authorized: 0, captured, refunded, closed: status !== 'open' })),
  }
}

async function storeOrders(tx: Tx, orders: readonly OrderRecord[]): Promise<void> {
  if (orders.length === 0) return
  const key = sql`id`
  const refunded = orders.map((order) => [order.id, order.refunded] as const)
  const goodwill = orders.map((order) => [order.id, order.goodwill] as const)
  const status = orders.map((order) => [order.id, order.paymentStatus] as const)
  await tx.run(sql`
    UPDATE ${orderTable} SET refunded = ${numberByKey(key, refunded)}, goodwill = ${numberByKey(key, goodwill)},
      payment_status = ${textByKey(key, status)}
    WHERE ${inList(
      key,
      orders.map((order) => order.id),
    )}`)
}

/** Money on its way to a customer, out of `refunds/payable`. */
export interface PayBack {
  readonly aggregate: OrderAggregate
  readonly refund: Pick<OrderRefund, 'id' | 'amount' | 'goodwill' | 'reason'>
}

/** One customer's money. @returns the payment room's refunds @throws refund.exceeds_captured */
export async function payBack(deps: OrderDeps, tx: Tx, wish: PayBack): Promise<readonly string[]> {
  return (await payBackAll(deps, tx, [wish])).get(wish.refund.id) ?? []
}

/** @returns the payment room's refunds, by the order's */
async function payBackAll(
  { payments, ledger }: OrderDeps,
  tx: Tx,
  wishes: readonly PayBack[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const due = wishes
    .map((wish) => ({ ...wish, amount: sumAmounts([wish.refund.amount, wish.refund.goodwill?.amount ?? 0]) }))
    .filter(({ amount }) => amount > 0)
  // Money that never came through our payments leaves by the same door, at once.
  await ledger.post(
    tx,
    due.flatMap(({ aggregate: { order }, refund, amount }): PostJournal[] => {
      if (order.paidBy === null) return []
      const to = clearingOf(order.paidBy)
      const transfer = { from: refundsPayable, to, amount, commodity: order.currency, kind: 'refund', ref: refund.id }
      return [{ kind: 'refund', source: refund.id, key: `order.refund/${refund.id}`, effectiveAt: tx.now, transfers: [transfer] }]
    }),
  )
  const ours = due.filter(({ aggregate }) => aggregate.order.paidBy === null)
  if (ours.length === 0) return new Map()
  const paid = await payments.ofReferences(
    tx,
    ours.map(({ aggregate }) => aggregate.order.id),
  )
  const requested = await payments.requestRefunds(
    tx,
    ours.flatMap(({ aggregate: { order }, refund, amount }) =>
      allocateOverPayments(order.id, paid.get(order.id) ?? [], amount).map((part) => ({
        ...part,
        reference: refund.id,
        reason: refund.reason,
      })),
    ),
  )
  const byRefund = new Map<string, string[]>()
  for (const { id, reference } of requested) byRefund.set(reference, [...(byRefund.get(reference) ?? []), id])
  return byRefund
}
