/** An exchange: goods of a line are given back and others are sold in their place, so that only the difference of price moves cash. Pure. */
import type { Offer } from '../catalog/index.js'
import type { Timestamp } from '../kernel/index.js'
import { assertAmount, percentage, sumAmounts, taxOfLines } from '../money/index.js'
import type { OrderLine } from './order.js'

/**
 * - `awaiting_payment`: the new goods cost more, and the difference has not come in; until `expiresAt` they are set aside.
 * - `completed`: old goods are given back in the books, the new line stands in the order.
 * - `canceled`: the difference did not come in time, or the line had changed meanwhile; what came in for it goes back.
 */
export type ExchangeStatus = 'awaiting_payment' | 'completed' | 'canceled'

/** `inherit`: the new line is split by the terms that the old one was sold at; `current`: by those of the moment. */
export type ExchangeTerms = 'inherit' | 'current'

export interface OrderExchange {
  /** `exc_…` */
  readonly id: string
  readonly orderId: string
  /** The line whose goods are given back. */
  readonly lineId: string
  /** The line that stands in their place; it is in the order once the exchange is completed. */
  readonly newLineId: string
  readonly status: ExchangeStatus
  readonly quantity: number
  readonly terms: ExchangeTerms
  /** Minor units that the old goods were paid with, tax in. */
  readonly credit: number
  /** Minor units that the new goods cost, tax in. */
  readonly price: number
  /** What the customer pays (positive) or gets back (negative): price less credit. */
  readonly difference: number
  /** By which the difference is paid; null where none is asked for. */
  readonly paymentId: string | null
  readonly reason: string
  readonly by: string
  readonly at: Timestamp
  readonly expiresAt: Timestamp | null
  readonly endedAt: Timestamp | null
}

/** What is sold in the place of a line: the same goods, or another offer of the same supplier, at a unit price. */
export interface NewGoods {
  readonly id: string
  readonly position: number
  readonly quantity: number
  /** Minor units, as prices of the old line are: with tax where that is included. */
  readonly unitPrice: number
  readonly offer: Offer | undefined
}

/** The new line: no discount, no shipping, the old line's tax terms; counted as nothing yet. */
export function exchangedLine(old: OrderLine, { id, position, quantity, unitPrice, offer }: NewGoods): OrderLine {
  const price = assertAmount(unitPrice * quantity, `the price of the new goods for line ${old.id}`)
  const tax = old.tax && { ...old.tax, amount: taxOf(old.tax, price) }
  const goods = tax && !tax.included ? sumAmounts([price, tax.amount]) : price
  return {
    ...old,
    ...(offer ? goodsOf(offer, quantity) : { weightGrams: old.weightGrams && Math.round((old.weightGrams * quantity) / old.quantity) }),
    id,
    position,
    quantity,
    unitPrice,
    priceListId: null,
    price,
    discounts: [],
    tax,
    goods,
    shipping: 0,
    capturedGoods: 0,
    capturedShipping: 0,
    refundedGoods: 0,
    refundedShipping: 0,
    canceled: 0,
    fulfilled: 0,
    delivered: 0,
    comingBack: 0,
    returned: 0,
  }
}

function taxOf({ percent, included }: NonNullable<OrderLine['tax']>, price: number): number {
  return taxOfLines({ amounts: [price], rate: percentage(percent), included })[0] ?? 0
}

function goodsOf(
  { id: offerId, productId, variantId, categoryPath, sku, names, variantTitle, weightGrams, shippable }: Offer,
  quantity: number,
): Partial<OrderLine> {
  return { offerId, productId, variantId, categoryPath, sku, names, variantTitle, weightGrams: weightGrams * quantity, shippable }
}
