/** What this room's schemas are made of. */
import * as z from 'zod'
import { id, line, quantity } from '../kernel/index.js'
import { eachLineOnce } from '../order/index.js'

/** Units of lines, each line once. */
export const lines: z.ZodType<readonly { readonly lineId: string; readonly quantity: number }[]> = eachLineOnce(
  z.object({ lineId: id, quantity }),
  1000,
)

/** By whom a parcel travels, and under which number. */
export const tracking: {
  readonly carrier: z.ZodType<string | undefined>
  readonly trackingNumber: z.ZodType<string | undefined>
  readonly trackingUrl: z.ZodType<string | undefined>
} = {
  carrier: line(40).optional(),
  trackingNumber: line(120).optional(),
  // It becomes a link in front of customers: no javascript: in it.
  trackingUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
}
