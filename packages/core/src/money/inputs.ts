/** What the schemas of those who take amounts and rates are made of. */
import * as z from 'zod'
import { isCurrency } from './commodity.js'

export const currency: z.ZodString = z.string().refine(isCurrency, 'must be an ISO 4217 currency code')

/** In percent, 0 to 100, with at most four decimals: what a `Percentage` holds exactly. */
export const percent: z.ZodType<number> = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 10_000) / 10_000 === value, 'must have at most four decimals')
