import * as z from 'zod'
import { addMillis, amount, type Caller, id, quantity, reason, type Tx } from '../kernel/index.js'
import { type CreatedPayment, clearingOf } from '../payment/index.js'
import { completeExchange, planExchange, readyExchangeCash } from './complete-exchange.js'
import type { OrderDeps } from './deps.js'
import { notExchangeable, notSellableInstead } from './errors.js'
import { type ExchangeRow, exchangeTable, toExchange } from './exchange.entity.js'
import { type ExchangeTerms, exchangedLine, type OrderExchange } from './exchange.js'
import type { OrderAggregate, OrderLine } from './order.js'
import { lockOrder } from './order-store.js'

export interface ExchangeLineInput {
  readonly orderId: string
  /** The line whose goods come back. */
  readonly lineId: string
  /** Units. @default all that were not refunded */
  readonly quantity?: number | undefined
  /** What is sent instead: an offer of the same supplier, in the order's currency. @default the same */
  readonly offerId?: string | undefined
  /** Minor units of a new unit, with tax where the old price had it. @default the offer's price; without `offerId`, the old line's */
  readonly unitPrice?: number | undefined
  /** By which commission terms the new line is split. @default 'current' */
  readonly terms?: ExchangeTerms | undefined
  /** How a difference to pay is paid. @default as the order was: its first payment's provider */
  readonly payment?:
    | { readonly provider: string; readonly returnUrl?: string | undefined; readonly data?: Readonly<Record<string, unknown>> | undefined }
    | undefined
  /** Kept in the timeline and shown to the customer. */
  readonly reason: string
}

export const exchangeLineSchema: z.ZodType<ExchangeLineInput> = z.strictObject({
  orderId: id,
  lineId: id,
  quantity: quantity.optional(),
  offerId: id.optional(),
  unitPrice: amount.optional(),
  terms: z.enum(['inherit', 'current']).optional(),
  payment: z
    .strictObject({
      provider: z.string().min(1).max(40),
      returnUrl: z.url().max(2000).optional(),
      data: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  reason,
})

/** What an exchange has set in motion. */
export interface ExchangeOutcome {
  readonly exchange: OrderExchange
  /** To be started after the commit: where a difference is to be paid. */
  readonly payments: readonly CreatedPayment[]
  /** Refunds of the payment room: where a difference goes back. */
  readonly paymentRefunds: readonly string[]
}

/**
 * Gives goods of a paid line back against others. The old goods are reversed by R4, without shipping; the new line is sold at its unit price without discounts, at
 * the same tax terms; the customer pays or gets back the difference alone. Where something is to be paid, the exchange waits for it, its goods set aside.
 * Goods that the customer still has come back by a return, as those of a refund do.
 * @throws order.not_found, order.line_not_found, order.not_exchangeable, order.not_sellable_instead, refund.exceeds_captured, inventory.insufficient, payment.provider_unknown
 */
export function exchangeLine(deps: OrderDeps) {
  const complete = completeExchange(deps)
  const { kernel, inventory, payments } = deps
  return async (tx: Tx, input: ExchangeLineInput, { by }: Pick<Caller, 'by'>): Promise<ExchangeOutcome> => {
    const aggregate = await lockOrder(tx, input.orderId)
    const { order } = aggregate
    const waiting = await tx.find(exchangeTable, { orderId: order.id, status: 'awaiting_payment' })
    if (order.status !== 'open' || order.paidAt === null)
      throw notExchangeable({
        orderId: order.id,
        lineId: input.lineId,
        reason: `the order is ${order.status}, its payment ${order.paymentStatus}`,
      })
    if (waiting.some(({ lineId }) => lineId === input.lineId))
      throw notExchangeable({ orderId: order.id, lineId: input.lineId, reason: `exchange ${waiting[0]?.id} still waits for its payment` })
    const part = await planExchange(tx, aggregate, input)
    const old = aggregate.lines.find((line) => line.id === input.lineId)
    if (!part || !old || part.quantity === null)
      throw notExchangeable({ orderId: order.id, lineId: input.lineId, reason: 'nothing of it is left that was not refunded' })

    const newLine = exchangedLine(old, {
      id: kernel.ids('oln'),
      position: Math.max(...aggregate.lines.map((line) => line.position)) + 1,
      quantity: part.quantity,
      ...(await newGoods(deps, tx, aggregate, old, input)),
    })
    const difference = newLine.goods - part.goods
    const awaited = difference > 0 && order.paidBy === null
    const row: ExchangeRow = {
      id: kernel.ids('exc'),
      orderId: order.id,
      lineId: old.id,
      newLineId: newLine.id,
      newLine,
      status: awaited ? 'awaiting_payment' : 'completed',
      quantity: part.quantity,
      terms: input.terms ?? 'current',
      credit: part.goods,
      price: newLine.goods,
      difference,
      paymentId: null,
      reason: input.reason,
      by,
      at: tx.now,
      expiresAt: awaited ? addMillis(tx.now, deps.payWithinMillis) : null,
      endedAt: awaited ? null : tx.now,
    }
    if (!awaited) {
      await tx.insert(exchangeTable, [row])
      // Money that never came through our payments comes by the same door, at once.
      if (difference > 0 && order.paidBy !== null) {
        const cash = { captureId: row.id, clearing: clearingOf(order.paidBy), amount: difference, at: tx.now, currency: order.currency }
        await readyExchangeCash(deps, tx, row, cash)
      }
      const paymentRefunds = await complete(tx, aggregate, row, part)
      return { exchange: toExchange(row), payments: [], paymentRefunds }
    }
    if (newLine.offerId !== null) {
      const items = [{ lineId: newLine.id, offerId: newLine.offerId, quantity: newLine.quantity }]
      await inventory.reserve(tx, { reference: row.id, expiresAt: row.expiresAt, distributorId: order.distributorId, items, fresh: true })
    }
    const provider = input.payment?.provider ?? (await payments.ofReference(tx, order.id))[0]?.provider
    if (provider === undefined)
      throw notExchangeable({
        orderId: order.id,
        lineId: old.id,
        reason: `say by payment how the difference of ${difference} is to be paid`,
      })
    const created = await payments.create(tx, [
      {
        ...input.payment,
        reference: order.id,
        provider,
        amount: difference,
        currency: order.currency,
        customerId: order.customerId,
        capture: 'automatic',
        metadata: { exchangeId: row.id },
      },
    ])
    const waitingRow = { ...row, paymentId: created[0]?.id ?? null }
    await tx.insert(exchangeTable, [waitingRow])
    await deps.note(tx, [
      {
        orderId: order.id,
        type: 'exchange_requested',
        by,
        details: { exchangeId: row.id, lineId: old.id, difference, currency: order.currency },
      },
    ])
    return { exchange: toExchange(waitingRow), payments: created, paymentRefunds: [] }
  }
}

/** @throws order.not_sellable_instead */
async function newGoods(
  { catalog }: OrderDeps,
  tx: Tx,
  { order }: OrderAggregate,
  old: OrderLine,
  { offerId, unitPrice }: ExchangeLineInput,
): Promise<Pick<Parameters<typeof exchangedLine>[1], 'offer' | 'unitPrice'>> {
  if (offerId === undefined) return { offer: undefined, unitPrice: unitPrice ?? old.unitPrice }
  const offer = (await catalog.offers(tx, [offerId])).get(offerId)
  const reasons = [
    [offer === undefined, 'there is no such offer'],
    [offer?.supplierId !== old.supplierId, 'it is another supplier’s; refund the line and place a new order'],
    [
      offer?.currency !== order.currency && unitPrice === undefined,
      `its price is in ${offer?.currency}; give unitPrice in ${order.currency}`,
    ],
    [offer?.sellable === false, `it cannot be sold: ${offer?.notSellableReason}`],
  ] as const
  const reason = reasons.find(([holds]) => holds)?.[1]
  if (offer === undefined || reason !== undefined) throw notSellableInstead({ offerId, lineId: old.id, reason: reason ?? '' })
  return { offer, unitPrice: unitPrice ?? offer.price }
}
