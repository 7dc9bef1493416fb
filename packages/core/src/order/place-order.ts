import * as z from 'zod'
import type { PricedCart } from '../cart/index.js'
import { addMillis, amount, type Call, type Callable, type Caller, CommerceError, id, type Tx } from '../kernel/index.js'
import { clearingOf } from '../payment/index.js'
import { allParts, bookCaptures } from './capture-order.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { draftFromCart } from './draft.js'
import { numberTaken, totalChanged } from './errors.js'
import { orderLineTable, orderTable, supplierOrderTable } from './order.entity.js'
import type { OrderAggregate, OrderRecord } from './order.js'
import { stockItems } from './order-stock.js'
import { lockOrder } from './order-store.js'
import { keepingIds, type PayOutcome, payWhatIsDue } from './pay-order.js'
import { choicesShape, intentsFor, oneForm, oneFormMessage, type PaymentChoices } from './payment-choice.js'

export interface PlaceOrderInput extends PaymentChoices {
  readonly cartId: string
  /** The total that the customer saw, minor units: with it, an order that would come to anything else is refused. */
  readonly expectedTotal?: number | undefined
}

export const placeOrderSchema: z.ZodType<PlaceOrderInput> = z
  .object({ cartId: id, expectedTotal: amount.optional(), ...choicesShape })
  .refine(oneForm, oneFormMessage)

/**
 * Makes a cart an order, in one transaction: stock is reserved, every amount frozen, and the order waits for its payment before any money moves. The cart's
 * first order is its only one: a second attempt gets it, and pays what of it is still due.
 * @throws cart.not_found, cart.closed, cart.empty, cart.changed, cart.not_sellable, cart.address_missing, cart.shipping_missing, cart.tax_unknown,
 * inventory.insufficient, order.total_changed, order.payments_mismatch, payment.provider_unknown, and what those throw who join 'order.placing'
 */
export function placeOrder(deps: OrderDeps) {
  const [place, again] = [placeFirst(deps), placeAgain(deps)]
  return async (tx: Tx, input: PlaceOrderInput, caller: Pick<Caller, 'by'>): Promise<PayOutcome> => {
    const claimed = await claim(deps, tx, input.cartId)
    return 'orderId' in claimed ? again(tx, claimed.orderId, input, caller) : place(tx, claimed.cart, input, caller)
  }
}

/** A cart that changes between the calculator's answer and the lock is asked about anew; whoever changes it a third time meanwhile is told. */
const timesQuoted = 3

/** Places with the tax calculator asked beforehand, since nothing outside is called in a transaction. @throws as placeOrder, and tax.calculator_failed */
export function withQuotedTax<Output>(
  { carts }: Pick<OrderDeps, 'carts'>,
  place: Callable<PlaceOrderInput, Output>,
): (input: PlaceOrderInput, call: Call) => Promise<Output> {
  return async (input, call) => {
    for (let tries = 1; ; tries++) {
      await carts.quoteTax({ cartId: input.cartId }, call)
      try {
        return await place(input, call)
      } catch (error) {
        const unknown = CommerceError.is(error) && error.code === 'cart.tax_unknown'
        if (!unknown || call.tx !== undefined || tries === timesQuoted) throw error
      }
    }
  }
}

/** The cart, locked until the order is written, or the order that it has become: of attempts at once all but the first wait here and then find it. */
async function claim({ carts }: OrderDeps, tx: Tx, cartId: string): Promise<{ readonly cart: PricedCart } | { readonly orderId: string }> {
  try {
    return { cart: await carts.claim(tx, cartId) }
  } catch (error) {
    const orderId = CommerceError.is(error) && error.code === 'cart.completed' ? error.details.orderId : undefined
    if (typeof orderId === 'string') return { orderId }
    throw error
  }
}

function placeFirst(deps: OrderDeps) {
  const { kernel, carts, inventory, payments, hooks } = deps
  return async (tx: Tx, cart: PricedCart, input: PlaceOrderInput, { by }: Pick<Caller, 'by'>): Promise<PayOutcome> => {
    const aggregate = draftFromCart(kernel.ids, cart, {
      placedAt: tx.now,
      placedBy: by,
      expiresAt: addMillis(tx.now, deps.payWithinMillis),
    })
    const { order, lines } = aggregate
    requireExpected(input, order)
    const intents = intentsFor(order, order.total, input)

    await inventory.reserve(tx, {
      reference: order.id,
      expiresAt: order.expiresAt,
      distributorId: order.distributorId,
      items: stockItems(lines),
      fresh: true,
    })
    await storeOrders(tx, [aggregate])
    await carts.complete(tx, input.cartId, order.id)
    emitOrder(tx, 'order.placed', order.id, {
      orderId: order.id,
      number: order.number,
      customerId: order.customerId,
      suppliers: aggregate.supplierOrders.map((part) => part.supplierId),
      total: order.total,
      currency: order.currency,
    })
    await hooks.run(tx, 'order.placing', { orders: [{ ...aggregate, imported: false }] })
    if (order.total === 0) await payNothing(deps, tx, aggregate)
    const created = intents.length === 0 ? [] : await payments.create(tx, intents)
    return keepingIds({ orderId: order.id, payments: created, placed: aggregate })
  }
}

/** A discount without a code that has ended, a cheaper way of shipping that has gone: whatever it was, the customer agreed to another total. @throws order.total_changed */
function requireExpected({ cartId, expectedTotal: expected }: PlaceOrderInput, { total, currency }: OrderRecord): void {
  if (expected !== undefined && expected !== total) throw totalChanged({ cartId, expected, total, currency })
}

/** Writes new orders by three statements. @throws order.number_taken */
export async function storeOrders(tx: Tx, aggregates: readonly OrderAggregate[]): Promise<void> {
  const stored = await tx.insertMissing(
    orderTable,
    aggregates.map((aggregate) => aggregate.order),
  )
  if (stored !== aggregates.length) throw numberTaken({ orders: aggregates.length - stored })
  await tx.insert(
    supplierOrderTable,
    aggregates.flatMap((aggregate) => aggregate.supplierOrders),
  )
  await tx.insert(
    orderLineTable,
    aggregates.flatMap((aggregate) => aggregate.lines),
  )
}

/** An order of nothing to pay is paid as it is placed: its claims, which its discounts' funders pay, are booked like any other's. */
async function payNothing(deps: OrderDeps, tx: Tx, aggregate: OrderAggregate): Promise<void> {
  const { id: orderId, number, customerId } = aggregate.order
  await deps.note(tx, [{ orderId, type: 'paid', by: 'system' }])
  emitOrder(tx, 'order.paid', orderId, { orderId, number, customerId })
  const capture = { paymentId: null, captureId: orderId, amount: 0, complete: true, clearing: clearingOf('none'), at: tx.now }
  await bookCaptures(deps, tx, [{ ...aggregate, ...capture, parts: allParts(aggregate.lines) }])
}

/** A later attempt: the first order, with payments for what is due, and those that were never begun once more. */
function placeAgain(deps: OrderDeps) {
  const payRest = payWhatIsDue(deps)
  return async (tx: Tx, orderId: string, input: PlaceOrderInput, { by }: Pick<Caller, 'by'>): Promise<PayOutcome> => {
    const aggregate = await lockOrder(tx, orderId)
    requireExpected(input, aggregate.order)
    const waiting = (await deps.payments.ofReference(tx, orderId)).filter(
      (payment) => payment.status === 'pending' && payment.canceledAt === null,
    )
    const { payments } = aggregate.order.status === 'canceled' ? { payments: [] } : await payRest(tx, aggregate, input, by)
    return keepingIds({ orderId, payments: [...waiting.map((payment) => payment.id), ...payments] })
  }
}
