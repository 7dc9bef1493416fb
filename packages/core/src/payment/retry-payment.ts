import * as z from 'zod'
import { id, type Tx } from '../kernel/index.js'
import { createIntents } from './create-payments.js'
import type { PaymentDeps } from './deps.js'
import { notRetryable, paymentNotFound } from './errors.js'
import { paymentTable, toPayment } from './payment.entity.js'
import type { Payment } from './payment.js'

/** Tries a failed payment again, perhaps by another way. */
export interface RetryPaymentInput {
  readonly paymentId: string
  /** @default the same provider */
  readonly provider?: string | undefined
  /** Handed to the provider at the start and then forgotten: another card's token. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** Where the customer's browser comes back to. */
  readonly returnUrl?: string | undefined
}

export const retrySchema: z.ZodType<RetryPaymentInput> = z.object({
  paymentId: id,
  provider: z.string().min(1).max(40).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  returnUrl: z.url().max(2000).optional(),
})

/**
 * A payment of the same amount in the place of a failed one, whose id the provider would recognise; asked for twice, it is the same.
 * @throws payment.not_found, payment.not_retryable, payment.provider_unknown
 */
export function retryPayment(deps: PaymentDeps) {
  const create = createIntents(deps)
  return async (tx: Tx, { paymentId, provider, data, returnUrl }: RetryPaymentInput): Promise<Payment> => {
    const [failed] = await tx.lock(paymentTable, { id: paymentId })
    if (!failed) throw paymentNotFound({ paymentId })
    const successor = await tx.findOne(paymentTable, { retryOf: paymentId })
    if (successor) return toPayment(successor)
    if (failed.status !== 'failed' || failed.canceledAt !== null) throw notRetryable({ paymentId, status: failed.status })
    await deps.hooks.run(tx, 'payment.retrying', { payment: toPayment(failed) })
    const { reference, amount, currency, customerId, capture, metadata } = failed
    const intent = {
      reference,
      provider: provider ?? failed.provider,
      amount,
      currency,
      customerId,
      capture,
      metadata,
      data,
      returnUrl,
      retryOf: paymentId,
    }
    const [payment] = await create(tx, [intent])
    if (!payment) throw paymentNotFound({ paymentId })
    return toPayment(payment)
  }
}
