/** What this room's schemas are made of. */
import * as z from 'zod'
import { timestamp } from '../kernel/index.js'
import type { Metadata } from './supplier.js'

/** Text of limited length. PostgreSQL stores no NUL character, so none is let in. */
export const text = (max: number): z.ZodType<string> =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not contain a NUL character')

export const id: z.ZodType<string> = text(64)

/** Why something was done: read by people, kept in the trail. */
export const reason: z.ZodType<string> = text(2000)

export const time: z.ZodType<string> = z.iso.datetime({ offset: true }).transform((value) => timestamp(value))

/** Whatever JSON can hold. */
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** In percent, 0 to 100, with at most four decimals: what `money/` can hold exactly. */
export const percent: z.ZodType<number> = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 10_000) / 10_000 === value, 'must have at most four decimals')

// Alliances, "unknown" and the regions that software is tested with are no countries, though Intl names them.
const noCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])
const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || noCountries.has(code)) return false
  // Intl also reads old and second names, such as UK, and says GB.
  return regionNames.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code
}

/** ISO 3166-1 alpha-2, in upper case. */
export const country: z.ZodType<string> = z.string().refine(isCountry, 'must be a country code of ISO 3166-1, like GB')
