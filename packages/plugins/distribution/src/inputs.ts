/** What the plugin's schemas are made of; every bound is that of the column behind it. */
import { type Metadata, timestamp } from '@entrepot/core'
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
export const reason: z.ZodType<string> = text(2000)
export const time: z.ZodType<string> = z.iso.datetime({ offset: true }).transform((value) => timestamp(value))
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** A referral code as people type it: case does not count. */
export const code: z.ZodType<string> = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9_-]{2,31}$/, 'must be 3 to 32 letters, digits, - or _')

export interface DistributorIdInput {
  readonly distributorId: string
}

export const distributorIdInput: z.ZodType<DistributorIdInput> = z.strictObject({ distributorId: id })
