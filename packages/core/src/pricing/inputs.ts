/** What this room's schemas are made of; every bound is that of the column behind it. */
import * as z from 'zod'
import { type Timestamp, timestamp } from '../kernel/index.js'
import { isCurrency } from '../money/index.js'

export const id: z.ZodType<string> = z
  .string()
  .max(64)
  .regex(/^[\w:.-]+$/, 'must be an id')

/** One line of text; PostgreSQL stores no NUL. */
export function text(most: number): z.ZodType<string> {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
}

export const currency: z.ZodType<string> = z.string().refine(isCurrency, 'must be an ISO 4217 currency code')
export const quantity: z.ZodInt = z.int().min(1).max(1_000_000)
export const price: z.ZodType<number> = z.int().min(0)
export const time: z.ZodType<Timestamp> = z.iso.datetime({ offset: true }).transform((value) => timestamp(value))
