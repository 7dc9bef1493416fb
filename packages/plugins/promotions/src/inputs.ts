/** What the plugin's schemas are made of; every bound is that of the column behind it. */
import { isCurrency, type Metadata, timestamp } from '@entrepot/core'
import * as z from 'zod'

/** One line of text; PostgreSQL stores no NUL. */
export function text(most: number): z.ZodType<string> {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
}

export const id: z.ZodType<string> = text(64)
/** Minor units, and more than none. */
export const amount: z.ZodType<number> = z.int().positive()
export const currency: z.ZodType<string> = z.string().refine(isCurrency, 'must be an ISO 4217 currency code')
export const time: z.ZodType<string> = z.iso.datetime({ offset: true }).transform((value) => timestamp(value))
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** In percent, up to 100, with at most four decimals: what can be held exactly. */
export const percent: z.ZodType<number> = z
  .number()
  .positive()
  .max(100)
  .refine((value) => Math.round(value * 10_000) / 10_000 === value, 'must have at most four decimals')

/** A coupon code as people type it: case, the width of letters and blanks around it do not count. */
export const code: z.ZodType<string> = text(64).transform(sameCode).pipe(z.string().min(1).max(64))

/** The one way in which a code is written, however it was typed; capitals may be longer, and put together anew. */
export function sameCode(typed: string): string {
  return typed.normalize('NFKC').toUpperCase().normalize('NFKC').trim()
}

export interface PromotionIdInput {
  readonly promotionId: string
}

export const promotionIdInput: z.ZodType<PromotionIdInput> = z.strictObject({ promotionId: id })
