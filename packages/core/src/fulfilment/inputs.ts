/** What this room's schemas are made of; every bound is that of the column behind it. */
import * as z from 'zod'
import { timestamp } from '../kernel/index.js'
import type { Metadata } from './shipment.js'

// PostgreSQL stores no NUL character, and no id or tracking number has a control character.
const printable = /^\P{Cc}*$/u

export const text = (most: number): z.ZodType<string> =>
  z.string().trim().min(1).max(most).regex(printable, 'must be one line without control characters')

export const id: z.ZodType<string> = text(64)
export const units: z.ZodType<number> = z.int().min(1).max(1_000_000)
export const time: z.ZodType<string> = z.iso.datetime({ offset: true }).transform((value) => timestamp(value))
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** Units of lines, each line once. */
export const lines: z.ZodType<readonly { readonly lineId: string; readonly quantity: number }[]> = z
  .array(z.object({ lineId: id, quantity: units }))
  .min(1)
  .max(1000)
  .refine((all) => new Set(all.map((line) => line.lineId)).size === all.length, 'must name each line once')

/** By whom a parcel travels, and under which number. */
export const tracking: {
  readonly carrier: z.ZodType<string | undefined>
  readonly trackingNumber: z.ZodType<string | undefined>
  readonly trackingUrl: z.ZodType<string | undefined>
} = {
  carrier: text(40).optional(),
  trackingNumber: text(120).optional(),
  // It becomes a link in front of customers: no javascript: in it.
  trackingUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
}
