/** What the rooms' schemas are made of. Every bound is that of the columns behind it, so that nothing that was let in fails in a database. */
import * as z from 'zod'
import { timestamp } from './clock.js'

/** What a host keeps with a thing: whatever JSON can hold. */
export type Metadata = Readonly<Record<string, unknown>>

/** One line of text: a name, a number, a tag. */
export function line(most: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters')
}

/** Text of several lines, for people. What no database stores, `validate` refuses. */
export function text(most: number): z.ZodString {
  return z.string().trim().min(1).max(most)
}

export const id: z.ZodString = line(64)

/** Why something was done, for people. */
export const reason: z.ZodString = text(500)

/** ISO 8601 with an offset. */
export const time: z.ZodType<string, string> = z.iso.datetime({ offset: true }).transform((value) => timestamp(value))

export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** Minor units, none or more. */
export const amount: z.ZodInt = z.int().min(0)

/** The most of one line: what an integer column, a carrier and a person can all handle. */
export const mostUnits = 1_000_000

/** Units, one or more. */
export const quantity: z.ZodInt = z.int().min(1).max(mostUnits)

// Alliances, "unknown" and the regions that software is tested with are no countries, though Intl names them.
const noCountries: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])
const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** Whether a code is one of ISO 3166-1 alpha-2, in upper case. */
export function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code) || noCountries.has(code)) return false
  // Intl also reads old and second names, such as UK, and says GB.
  return regionNames.of(code) !== undefined && new Intl.Locale(`und-${code}`).region === code
}

export const country: z.ZodType<string> = z.string().refine(isCountry, 'must be a country code of ISO 3166-1, like GB')
