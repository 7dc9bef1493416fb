/** Shapes of input that the use cases share; every bound is that of the column behind it. */
import * as z from 'zod'
import { id, line } from '../kernel/index.js'

/** Where a sale came from. */
export interface AttributionInput {
  /** A distributor's code or link, as the customer brought it. */
  readonly referral?: string | undefined
  /** The article, video or live stream that led here. */
  readonly content?: string | undefined
}

export const attribution: z.ZodType<AttributionInput> = z.object({ referral: line(120).optional(), content: line(120).optional() })

export interface CartIdInput {
  readonly cartId: string
}

export const cartIdSchema: z.ZodType<CartIdInput> = z.strictObject({ cartId: id })
