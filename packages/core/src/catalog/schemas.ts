/** Shapes of input that the use cases share. Every bound is that of the column behind it, so that nothing fails in the database. */

import * as z from 'zod'
import { line, text } from '../kernel/index.js'
import type { Localized } from './localized.js'
import type { Media, Specification } from './product.js'
import type { ProductOption } from './variant.js'

export const slug: z.ZodType<string> = z
  .string()
  .max(80)
  .regex(/^[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*$/u, 'must be letters and digits, joined by - or _')

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

/** Texts by language, each as long as that at most. */
export function localized(most: number): z.ZodType<Localized> {
  return z
    .record(z.string().refine(isLanguageTag, 'must be a BCP 47 language tag'), text(most))
    .refine((texts) => Object.keys(texts).length > 0, 'must have the text in at least one language')
}

/** The texts of a product that may have none. */
export const descriptions: z.ZodType<Localized> = z.record(
  z.string().refine(isLanguageTag, 'must be a BCP 47 language tag'),
  z.string().max(50_000),
)

function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

export const options: z.ZodType<readonly ProductOption[]> = z
  .array(
    z.strictObject({
      name: line(60),
      values: z.array(line(60)).min(1).max(200).refine(distinct, 'must be distinct'),
      names: localized(60).optional(),
      valueNames: z.record(z.string(), localized(60)).optional(),
    }),
  )
  .max(5)
  .refine((all) => distinct(all.map((option) => option.name)), 'must have distinct names')

export const specifications: z.ZodType<readonly Specification[]> = z
  .array(z.strictObject({ names: localized(120), values: localized(2000) }))
  .max(200)

export const media: z.ZodType<readonly Media[]> = z
  .array(z.strictObject({ type: z.enum(['image', 'video']), url: line(2000), alt: localized(400).optional() }))
  .max(100)
