/** The shapes of inputs that several use cases share. Lengths are those of the columns, so that no database refuses what was let in. */
import * as z from 'zod'
import type { Metadata } from '../catalog/index.js'
import { timestamp } from '../kernel/index.js'
import { isCurrency } from '../money/index.js'

export const id: z.ZodString = z.string().min(1).max(64)
/** Minor units. */
export const amount: z.ZodInt = z.int().min(0)
export const quantity: z.ZodInt = z.int().min(1).max(1_000_000)
export const reason: z.ZodString = z.string().min(1).max(500)
export const currency: z.ZodType<string> = z.string().refine(isCurrency, 'must be an ISO 4217 code in capitals')
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(120), z.unknown())
export const time: z.ZodType<string> = z
  .string()
  .max(40)
  .refine((value) => !Number.isNaN(Date.parse(value)) && /(Z|[+-]\d\d:?\d\d)$/.test(value), 'must be an ISO 8601 time with an offset')
  .transform((value) => timestamp(value))
