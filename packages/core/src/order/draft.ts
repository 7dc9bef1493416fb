/** From what was agreed to the rows of an order, all its money frozen. Pure but for the ids. */
import type { PricedCart, PricedLine } from '../cart/index.js'
import type { IdGenerator } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import type { OrderAggregate, OrderLine, OrderRecord, SupplierOrder } from './order.js'
import { orderNumber } from './order-number.js'
import { paymentStatus } from './payment-state.js'

/** What is known of an order before its lines are added up. */
export type OrderHeading = Pick<
  OrderRecord,
  | 'cartId'
  | 'externalId'
  | 'customerId'
  | 'contactId'
  | 'currency'
  | 'channel'
  | 'attribution'
  | 'distributorId'
  | 'codes'
  | 'paidBy'
  | 'placedAt'
  | 'placedBy'
  | 'paidAt'
  | 'expiresAt'
  | 'metadata'
> & {
  /** As its source has it; one of our own unless given. */
  readonly number?: string | undefined
}

type Placed = 'id' | 'orderId' | 'supplierOrderId' | 'position'
type Counted =
  | 'capturedGoods'
  | 'capturedShipping'
  | 'refundedGoods'
  | 'refundedShipping'
  | 'canceled'
  | 'fulfilled'
  | 'delivered'
  | 'comingBack'
  | 'returned'

/** A line before it has its place in an order. */
export type LineTerms = Omit<OrderLine, Placed | Counted>

/** How a supplier's goods are sent. */
export type Shipping = Pick<SupplierOrder, 'shippingMethodId' | 'shippingMethodName'>

/**
 * Splits an order by supplier, in line order, and adds it up. What is paid already (`paidAt`) is counted as captured, and an order of nothing to pay is paid.
 */
export function draftOrder(
  ids: IdGenerator,
  heading: OrderHeading,
  terms: readonly LineTerms[],
  shipping: ReadonlyMap<string, Shipping> = new Map(),
): OrderAggregate {
  const orderId = ids('ord')
  const number = heading.number ?? orderNumber(ids, heading.placedAt)
  const paid = heading.paidAt !== null
  const partIds = new Map([...new Set(terms.map((line) => line.supplierId))].map((supplierId) => [supplierId, ids('sor')]))
  const lines = terms.map(
    (line, index): OrderLine => ({
      ...line,
      id: ids('oln'),
      orderId,
      supplierOrderId: partIds.get(line.supplierId) ?? '',
      position: index + 1,
      capturedGoods: paid ? line.goods : 0,
      capturedShipping: paid ? line.shipping : 0,
      refundedGoods: 0,
      refundedShipping: 0,
      canceled: 0,
      fulfilled: 0,
      delivered: 0,
      comingBack: 0,
      returned: 0,
    }),
  )
  const supplierOrders = [...partIds].map(([supplierId, id], index): SupplierOrder => {
    const its = lines.filter((line) => line.supplierId === supplierId)
    return {
      id,
      orderId,
      supplierId,
      number: `${number}-${index + 1}`,
      goods: sumAmounts(its.map((line) => line.goods)),
      shipping: sumAmounts(its.map((line) => line.shipping)),
      ...(shipping.get(supplierId) ?? { shippingMethodId: null, shippingMethodName: null }),
      fulfilmentStatus: 'unfulfilled',
      returnStatus: 'none',
    }
  })
  const goods = sumAmounts(lines.map((line) => line.goods))
  const shippingAmount = sumAmounts(lines.map((line) => line.shipping))
  const total = sumAmounts([goods, shippingAmount])
  const captured = paid ? total : 0
  const order: OrderRecord = {
    ...heading,
    id: orderId,
    number,
    status: 'open',
    paymentStatus: paymentStatus({ total, authorized: 0, captured, refunded: 0, closed: false }),
    fulfilmentStatus: 'unfulfilled',
    returnStatus: 'none',
    goods,
    shipping: shippingAmount,
    total,
    discount: sumAmounts(lines.flatMap((line) => line.discounts.map((discount) => discount.amount))),
    tax: sumAmounts(lines.map((line) => line.tax?.amount ?? 0)),
    captured,
    refunded: 0,
    chargedBack: 0,
    goodwill: 0,
    paidAt: total === 0 ? (heading.paidAt ?? heading.placedAt) : heading.paidAt,
    expiresAt: total === 0 ? null : heading.expiresAt,
    closedAt: null,
    closeReason: null,
  }
  return { order, supplierOrders, lines }
}

/** What `expiresAt` says: until when the stock waits for the payment. */
export function draftFromCart(
  ids: IdGenerator,
  cart: PricedCart,
  placing: Pick<OrderHeading, 'placedAt' | 'placedBy' | 'expiresAt'>,
): OrderAggregate {
  const heading: OrderHeading = {
    cartId: cart.id,
    externalId: null,
    customerId: cart.customerId,
    contactId: cart.contactId,
    currency: cart.currency,
    channel: cart.channel,
    attribution: cart.attribution,
    distributorId: cart.distributorId,
    codes: cart.codes,
    paidBy: null,
    paidAt: null,
    ...placing,
    metadata: cart.metadata,
  }
  const shipping = cart.parcels.flatMap(({ supplierId, shipping: method }): [string, Shipping][] =>
    method ? [[supplierId, { shippingMethodId: method.methodId, shippingMethodName: method.name }]] : [],
  )
  return draftOrder(ids, heading, cart.lines.map(fromCartLine), new Map(shipping))
}

function fromCartLine(line: PricedLine): LineTerms {
  const { id: _lineId, paid, tax, ...terms } = line
  return {
    ...terms,
    goods: paid,
    tax: tax && { percent: tax.percent, included: tax.included, remits: tax.remits, amount: tax.amount },
    distributors: null,
    metadata: {},
  }
}
