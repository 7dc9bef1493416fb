import * as z from 'zod'
import { id } from '../kernel/index.js'

/** Names one payment. */
export interface PaymentIdInput {
  readonly paymentId: string
}

export const paymentIdSchema: z.ZodType<PaymentIdInput> = z.object({ paymentId: id })
