/** What a refund gives back, line by line and payment by payment. Pure. */

import { allocateByDeficit, quantityRefund, sumAmounts } from '../money/index.js'
import type { Payment } from '../payment/index.js'
import { exceedsCaptured, lineNotFound, supplierOrderNotFound } from './errors.js'
import type { RefundingLine } from './hooks.js'
import type { OrderAggregate, OrderLine, OrderRefundLine } from './order.js'

/** What of a line's goods goes back; amounts in minor units, tax in, shipping not. */
export type RefundLineInput =
  | { readonly lineId: string; readonly amount: number }
  /** Units: up(goods · k'/n), less what was refunded by units before; k' counts all units refunded. */
  | { readonly lineId: string; readonly quantity: number }
  /** All that is left of it. */
  | { readonly lineId: string; readonly all: true }

/** What of the shipping goes back: of one line, or of a supplier's parcel over its lines. */
export type RefundShippingInput =
  | { readonly lineId: string; readonly amount: number }
  | { readonly supplierId: string; readonly amount: number }

export interface RefundPlanInput {
  readonly lines?: readonly RefundLineInput[] | undefined
  readonly shipping?: readonly RefundShippingInput[] | undefined
}

/**
 * @param past every refund line of the order so far
 * @throws order.line_not_found, order.supplier_order_not_found, refund.exceeds_captured
 */
export function planRefund(aggregate: OrderAggregate, past: readonly OrderRefundLine[], input: RefundPlanInput): readonly RefundingLine[] {
  const { order, lines } = aggregate
  const goods = new Map(
    (input.lines ?? []).map((wish) => [wish.lineId, goodsBack(lineOf(aggregate, wish.lineId), unitsBefore(past, wish.lineId), wish)]),
  )
  const shipping = new Map<string, number>()
  for (const wish of input.shipping ?? []) {
    for (const [lineId, amount] of shippingBack(aggregate, wish)) shipping.set(lineId, (shipping.get(lineId) ?? 0) + amount)
  }
  return lines.flatMap((line): RefundingLine[] => {
    const back = goods.get(line.id)
    const sent = shipping.get(line.id) ?? 0
    const left = line.capturedShipping - line.refundedShipping
    if (sent > left) throw exceedsCaptured({ of: `shipping of line ${line.id} of order ${order.id}`, refund: sent, refundable: left })
    if (!back && sent === 0) return []
    const before = unitsBefore(past, line.id).units
    const quantity = back?.quantity ?? null
    return [{ lineId: line.id, goods: back?.amount ?? 0, shipping: sent, quantity, refundedUnits: before + (quantity ?? 0) }]
  })
}

/** Everything that is left of these lines, shipping and units too. */
export function planRefundOfAll(lines: readonly OrderLine[], past: readonly OrderRefundLine[]): readonly RefundingLine[] {
  return lines.flatMap((line): RefundingLine[] => {
    const { amount, quantity } = restOf(line, unitsBefore(past, line.id).units)
    const shipping = line.capturedShipping - line.refundedShipping
    return amount + shipping === 0 && !(line.goods === 0 && quantity)
      ? []
      : [{ lineId: line.id, goods: amount, shipping, quantity, refundedUnits: line.quantity }]
  })
}

/** Units of a line that have come back and are counted as such. */
export interface ReturnedUnits {
  readonly lineId: string
  readonly quantity: number
  /** Units of the line that were refunded by hand since these were announced: they were these, as far as they are neither canceled nor back already. */
  readonly refundedSince: number
}

/**
 * What still goes back for units that have come back: nothing twice for one that was refunded while it was on its way, and never more than is left of its line.
 * @throws order.line_not_found
 */
export function planRefundOfReturned(
  aggregate: OrderAggregate,
  past: readonly OrderRefundLine[],
  came: readonly ReturnedUnits[],
): readonly RefundingLine[] {
  return came.flatMap(({ lineId, quantity, refundedSince }): RefundingLine[] => {
    const line = lineOf(aggregate, lineId)
    const before = unitsBefore(past, lineId)
    const refundedElsewhere = Math.max(0, before.units - line.canceled - (line.returned - quantity))
    const units = Math.min(quantity - Math.min(refundedSince, refundedElsewhere), line.quantity - before.units)
    if (units <= 0) return []
    const goods = Math.min(byUnits(line, before, units), line.capturedGoods - line.refundedGoods)
    if (goods === 0 && line.goods > 0) return []
    return [{ lineId, goods, shipping: 0, quantity: units, refundedUnits: before.units + units }]
  })
}

/**
 * Units that will not be sent, since they are refunded first. A unit that is refunded is one that came back; else one that has not been sent; else one that
 * the customer keeps.
 */
export function unsentUnits(lines: readonly OrderLine[], parts: readonly RefundingLine[]): readonly CanceledUnits[] {
  const byId = new Map(lines.map((line) => [line.id, line]))
  return parts.flatMap(({ lineId, quantity, refundedUnits }) => {
    const line = byId.get(lineId)
    if (!line || quantity === null) return []
    // What was canceled was refunded, and never sent.
    const sentAndRefunded = Math.max(0, refundedUnits - quantity - line.canceled)
    const cameBack = Math.min(quantity, Math.max(0, line.returned - sentAndRefunded))
    const units = Math.min(quantity - cameBack, line.quantity - line.canceled - line.fulfilled)
    return units > 0 ? [{ lineId, quantity: units }] : []
  })
}

/**
 * Every payment gives back its own part of what it took (R4 over the payments, in the order of their making), so that money of a balance goes back to the
 * balance and a card's to the card, and none of them runs dry before the others.
 * @throws refund.exceeds_captured
 */
export function allocateOverPayments(
  orderId: string,
  payments: readonly Pick<Payment, 'id' | 'captured' | 'refunded' | 'refunding' | 'disputed'>[],
  amount: number,
): readonly { readonly paymentId: string; readonly amount: number }[] {
  const shares = payments.map((payment) => payment.captured)
  const done = payments.map((payment) => sumAmounts([payment.refunded, payment.refunding, payment.disputed]))
  const whole = sumAmounts(shares)
  const before = sumAmounts(done)
  if (amount > whole - before) throw exceedsCaptured({ of: `the payments of order ${orderId}`, refund: amount, refundable: whole - before })
  const parts = allocateByDeficit({ shares, whole, cumulative: before + amount, done })
  return payments.flatMap(({ id }, index) => (parts[index] ? [{ paymentId: id, amount: parts[index] }] : []))
}

/** Units of a line that will never be sent. */
export interface CanceledUnits {
  readonly lineId: string
  readonly quantity: number
}

interface Back {
  readonly amount: number
  readonly quantity: number | null
}

function goodsBack(line: OrderLine, before: { readonly units: number; readonly amount: number }, wish: RefundLineInput): Back {
  const left = line.capturedGoods - line.refundedGoods
  if ('all' in wish) return restOf(line, before.units)
  const back =
    'amount' in wish ? { amount: wish.amount, quantity: null } : { amount: byUnits(line, before, wish.quantity), quantity: wish.quantity }
  if (back.amount > left) throw exceedsCaptured({ of: `line ${line.id} of order ${line.orderId}`, refund: back.amount, refundable: left })
  return back
}

function byUnits(line: OrderLine, before: { readonly units: number; readonly amount: number }, quantity: number): number {
  const left = line.quantity - before.units
  if (quantity > left)
    throw exceedsCaptured({ of: `the units of line ${line.id} of order ${line.orderId}`, refund: quantity, refundable: left })
  return quantityRefund({
    net: line.goods,
    quantity: line.quantity,
    cumulativeUnits: before.units + quantity,
    refundedByUnits: before.amount,
  })
}

function restOf(line: OrderLine, unitsRefunded: number): Back {
  const units = line.quantity - unitsRefunded
  return { amount: line.capturedGoods - line.refundedGoods, quantity: units > 0 ? units : null }
}

function unitsBefore(past: readonly OrderRefundLine[], lineId: string): { readonly units: number; readonly amount: number } {
  const its = past.filter((line) => line.lineId === lineId && line.quantity !== null)
  return { units: sumAmounts(its.map((line) => line.quantity ?? 0)), amount: sumAmounts(its.map((line) => line.amount)) }
}

function shippingBack({ order, lines }: OrderAggregate, wish: RefundShippingInput): readonly (readonly [lineId: string, amount: number])[] {
  if ('lineId' in wish) return [[lineOf({ order, lines }, wish.lineId).id, wish.amount]]
  const its = lines.filter((line) => line.supplierId === wish.supplierId)
  if (its.length === 0) throw supplierOrderNotFound({ orderId: order.id, supplierId: wish.supplierId })
  const shares = its.map((line) => line.capturedShipping)
  const done = its.map((line) => line.refundedShipping)
  const left = sumAmounts(shares) - sumAmounts(done)
  if (wish.amount > left)
    throw exceedsCaptured({ of: `shipping of ${wish.supplierId} of order ${order.id}`, refund: wish.amount, refundable: left })
  const parts = allocateByDeficit({ shares, whole: sumAmounts(shares), cumulative: sumAmounts(done) + wish.amount, done })
  return its.map((line, index) => [line.id, parts[index] ?? 0])
}

function lineOf({ order, lines }: Pick<OrderAggregate, 'order' | 'lines'>, lineId: string): OrderLine {
  const line = lines.find((candidate) => candidate.id === lineId)
  if (!line) throw lineNotFound({ orderId: order.id, lineId })
  return line
}
