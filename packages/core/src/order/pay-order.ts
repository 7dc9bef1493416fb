import * as z from 'zod'
import { addMillis, type Caller, id, type Tx } from '../kernel/index.js'
import type { CreatedPayment } from '../payment/index.js'
import type { OrderDeps } from './deps.js'
import { notPayable } from './errors.js'
import type { OrderAggregate } from './order.js'
import { reopenOrder } from './order-stock.js'
import { changeOrder, lockOrder } from './order-store.js'
import { choicesShape, dueOf, intentsFor, oneForm, oneFormMessage, type PaymentChoices } from './payment-choice.js'

export interface PayOrderInput extends PaymentChoices {
  readonly orderId: string
}

export const payOrderSchema: z.ZodType<PayOrderInput> = z
  .object({ orderId: id, ...choicesShape })
  .refine(oneForm, oneFormMessage)
  .refine(({ payment, payments }) => payment !== undefined || payments !== undefined, 'say how it is paid: payment or payments')

/** What is left to be done once the transaction has committed. */
export interface PayOutcome {
  readonly orderId: string
  /** To be started: as they were created, or by id. */
  readonly payments: readonly (CreatedPayment | string)[]
  /** The order that this very call has placed. */
  readonly placed?: OrderAggregate | undefined
}

/** Under an idempotency key the ids alone are kept: what a repeated call needs beside them it reads, and a card's token is stored nowhere else. */
export function keepingIds({ orderId, payments, placed }: PayOutcome): PayOutcome {
  const kept: PayOutcome = { orderId, payments: payments.map((payment) => (typeof payment === 'string' ? payment : payment.id)) }
  const outcome = { orderId, payments, placed, toJSON: () => kept }
  return outcome
}

/**
 * Another try for what is still due: after a failure, or where nothing was chosen at placing. An order that expired is opened again.
 * @throws order.not_found, order.not_payable, order.payments_mismatch, payment.provider_unknown
 */
export function payOrder(deps: OrderDeps) {
  const payRest = payWhatIsDue(deps)
  return async (tx: Tx, { orderId, ...choices }: PayOrderInput, { by }: Pick<Caller, 'by'>): Promise<PayOutcome> => {
    const aggregate = await lockOrder(tx, orderId)
    const { status, total, captured } = aggregate.order
    if (status === 'canceled') throw notPayable({ orderId, reason: 'it is canceled; place another' })
    if (captured === total) throw notPayable({ orderId, reason: 'it is paid' })
    const paid = await payRest(tx, aggregate, choices, by)
    if (paid.due === 0)
      throw notPayable({ orderId, reason: 'payments for all of it are under way; finalize them, or void one by payments.void first' })
    return keepingIds({ orderId, payments: paid.payments })
  }
}

/** What is due, and the payments that were made for it. */
export interface Paying {
  readonly due: number
  readonly payments: readonly CreatedPayment[]
}

/** Makes payments for what of a locked order is due and not under way. @throws order.not_payable, order.payments_mismatch */
export function payWhatIsDue(deps: OrderDeps) {
  const reopen = reopenOrder(deps)
  return async (tx: Tx, before: OrderAggregate, choices: PaymentChoices, by: string): Promise<Paying> => {
    const orderId = before.order.id
    const due = dueOf(before.order, await deps.payments.ofReference(tx, orderId))
    const intents = intentsFor(before.order, due, choices)
    if (intents.length === 0) return { due, payments: [] }
    const expiresAt = addMillis(tx.now, deps.payWithinMillis)
    const aggregate = before.order.status === 'open' ? before : await reopen(tx, before, expiresAt, by)
    if (!aggregate) throw notPayable({ orderId, reason: 'it has expired and its goods are gone; fill another cart' })
    await changeOrder(tx, aggregate.order, { expiresAt })
    return { due, payments: await deps.payments.create(tx, intents) }
  }
}
