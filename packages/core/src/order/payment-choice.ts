/** What of an order is due, and how it is to be paid: one way or several, their amounts adding up. Pure. */

import * as z from 'zod'
import { amount } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import type { Payment, PaymentIntent } from '../payment/index.js'
import { paymentsMismatch } from './errors.js'
import type { OrderRecord } from './order.js'

/** One way of paying. */
export interface PaymentChoice {
  /** Id of a payment provider. */
  readonly provider: string
  /** Minor units; what the others leave unless given, which at most one may do. */
  readonly amount?: number | undefined
  /** `manual`: captured by `payments.capture`, when the goods leave. @default 'automatic' */
  readonly capture?: 'automatic' | 'manual' | undefined
  /** Where the customer's browser comes back to. */
  readonly returnUrl?: string | undefined
  /** What the provider wants to know: a card's token. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

/** One way, or several beside each other: a balance first, and a card for the rest. */
export interface PaymentChoices {
  readonly payment?: PaymentChoice | undefined
  readonly payments?: readonly PaymentChoice[] | undefined
}

const choice: z.ZodType<PaymentChoice> = z.object({
  provider: z.string().min(1).max(40),
  amount: amount.min(1).optional(),
  capture: z.enum(['automatic', 'manual']).optional(),
  returnUrl: z.url().max(2000).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})

export const choicesShape: {
  readonly payment: z.ZodType<PaymentChoice | undefined>
  readonly payments: z.ZodType<readonly PaymentChoice[] | undefined>
} = {
  payment: choice.optional(),
  payments: z.array(choice).min(1).max(10).optional(),
}

export const oneForm = ({ payment, payments }: PaymentChoices): boolean => payment === undefined || payments === undefined
export const oneFormMessage = 'give payment or payments, not both'

/**
 * The payments to be made for what is due; none where nothing is.
 * @throws order.payments_mismatch
 */
export function intentsFor(order: OrderRecord, due: number, { payment, payments }: PaymentChoices): readonly PaymentIntent[] {
  const choices = payments ?? (payment ? [payment] : [])
  if (due === 0 || choices.length === 0) return []
  const given = sumAmounts(choices.map((way) => way.amount ?? 0))
  const open = choices.filter((way) => way.amount === undefined).length
  if (open > 1 || (open === 0 ? given !== due : given > due)) throw paymentsMismatch({ due, given, open })
  return choices
    .map(({ provider, amount: part = due - given, capture = 'automatic', returnUrl, data }) => ({
      reference: order.id,
      provider,
      amount: part,
      currency: order.currency,
      customerId: order.customerId,
      capture,
      returnUrl,
      data,
    }))
    .filter((intent) => intent.amount > 0)
}

/** What is still to be paid and not under way: what open payments may bring is counted as if it had come. */
export function dueOf(order: OrderRecord, payments: readonly Payment[]): number {
  const underWay = payments
    .filter((payment) => payment.canceledAt === null && isUnderWay(payment))
    .map((payment) => payment.amount - payment.captured)
  return Math.max(0, order.total - order.captured - sumAmounts(underWay))
}

function isUnderWay({ status }: Payment): boolean {
  return status === 'pending' || status === 'requires_action' || status === 'authorized'
}
