import * as z from 'zod'

/** An id as it may come in: no longer than its column. */
export const idSchema: z.ZodString = z.string().min(1).max(64)

/** Names one payment. */
export interface PaymentIdInput {
  readonly paymentId: string
}

export const paymentIdSchema: z.ZodType<PaymentIdInput> = z.object({ paymentId: idSchema })
