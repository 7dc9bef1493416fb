/** Shapes of input that the use cases share; every bound is that of the column behind it. */
import * as z from 'zod'

// A control character is never meant, and PostgreSQL refuses NUL in text.
const controls = /^\P{Cc}*$/u

/** The most of one line: what an integer column, a carrier and a person can all handle. */
export const mostUnits = 1_000_000

export const id: z.ZodType<string> = z
  .string()
  .max(64)
  .regex(/^[\w:.-]+$/, 'must be an id')
export const quantity: z.ZodType<number> = z.int().min(1).max(mostUnits)
export const text = (most: number): z.ZodType<string> =>
  z.string().trim().min(1).max(most).regex(controls, 'must be one line without control characters')

/** Where a sale came from. */
export interface AttributionInput {
  /** A distributor's code or link, as the customer brought it. */
  readonly referral?: string | undefined
  /** The article, video or live stream that led here. */
  readonly content?: string | undefined
}

export const attribution: z.ZodType<AttributionInput> = z.object({ referral: text(120).optional(), content: text(120).optional() })

export interface CartIdInput {
  readonly cartId: string
}

export const cartIdSchema: z.ZodType<CartIdInput> = z.strictObject({ cartId: id })
