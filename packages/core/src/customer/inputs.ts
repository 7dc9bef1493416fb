/** What this room's schemas are made of. */
import * as z from 'zod'
import { country, line } from '../kernel/index.js'
import type { Address } from './address.js'

export const email: z.ZodType<string> = z.email().max(320)

export const phone: z.ZodType<string> = line(40)

/** BCP 47, in its canonical form. */
export const locale: z.ZodType<string> = line(35).transform((tag, context) => {
  try {
    return new Intl.Locale(tag).toString()
  } catch {
    context.addIssue('must be a language tag of BCP 47, like zh-Hans-CN')
    return z.NEVER
  }
})

export const address: z.ZodType<Address> = z.strictObject({
  name: line(200),
  company: line(200).optional(),
  phone: phone.optional(),
  email: email.optional(),
  country,
  region: line(64).optional(),
  city: line(120).optional(),
  postalCode: line(20).optional(),
  line1: line(255),
  line2: line(255).optional(),
})
