/** What this room's schemas are made of; every bound is that of the column behind it. */
import * as z from 'zod'
import type { Metadata } from './return.js'

// PostgreSQL stores no NUL character; the rest of the control characters are never meant.
const printable = /^[\P{Cc}\n\t]*$/u

const text = (most: number): z.ZodType<string> =>
  z.string().trim().min(1).max(most).regex(printable, 'must be text without control characters')

export const id: z.ZodType<string> = text(64)
/** Read by people, kept with the return. */
export const reason: z.ZodType<string> = text(500)
export const units: z.ZodType<number> = z.int().min(1).max(1_000_000)
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** Up to 1,000 lines, each once. */
export function eachOnce<Line extends { readonly lineId: string }>(line: z.ZodType<Line>): z.ZodType<readonly Line[]> {
  return z
    .array(line)
    .min(1)
    .max(1000)
    .refine((all) => new Set(all.map(({ lineId }) => lineId)).size === all.length, 'must name each line once')
}
