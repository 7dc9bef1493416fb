/** What this room's schemas are made of. */
import * as z from 'zod'
import type { Address } from './address.js'
import type { Metadata } from './customer.js'

/** Text of limited length. PostgreSQL stores no NUL character, so none is let in. */
export const text = (max: number): z.ZodType<string> =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !value.includes('\0'), 'must not contain a NUL character')

export const id: z.ZodType<string> = text(64)

export const email: z.ZodType<string> = z.email().max(320)

export const phone: z.ZodType<string> = text(40)

/** Whatever JSON can hold. */
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())

/** BCP 47, in its canonical form. */
export const locale: z.ZodType<string> = text(35).transform((tag, context) => {
  try {
    return new Intl.Locale(tag).toString()
  } catch {
    context.addIssue('must be a language tag of BCP 47, like zh-Hans-CN')
    return z.NEVER
  }
})

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

export const address: z.ZodType<Address> = z.strictObject({
  name: text(200),
  company: text(200).optional(),
  phone: phone.optional(),
  email: email.optional(),
  country,
  region: text(64).optional(),
  city: text(120).optional(),
  postalCode: text(20).optional(),
  line1: text(255),
  line2: text(255).optional(),
})
