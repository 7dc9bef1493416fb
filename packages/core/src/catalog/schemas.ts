/** Shapes of input that the use cases share. Every bound is that of the column behind it, so that nothing fails in the database. */
import * as z from 'zod'
import { isCurrency } from '../money/index.js'
import type { Localized, Metadata } from './localized.js'
import type { Media, Specification } from './product.js'
import type { ProductOption } from './variant.js'

// A control character is never meant, and PostgreSQL refuses NUL in text.
const controls = /^\P{Cc}*$/u

/** One line of text. */
export function line(most: number): z.ZodType<string> {
  return z.string().trim().min(1).max(most).regex(controls, 'must be one line without control characters')
}

/** Text of several lines. */
export function prose(most: number): z.ZodType<string> {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !text.includes('\0'), 'must not contain NUL')
}

export const id: z.ZodType<string> = z
  .string()
  .max(64)
  .regex(/^[\w:.-]+$/, 'must be an id')
export const price: z.ZodType<number> = z.int().min(0)
export const currency: z.ZodType<string> = z.string().refine(isCurrency, 'must be an ISO 4217 currency code')
export const metadata: z.ZodType<Metadata> = z.record(z.string().max(200), z.json())
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
  const text = prose(most)
  return z
    .record(z.string().refine(isLanguageTag, 'must be a BCP 47 language tag'), text)
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

/** Where a list is read on. */
export interface PageInput {
  /** How many at most, 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Give it as `after` to read on; null at the end. */
  readonly next: string | null
}

export const pageShape: { readonly limit: z.ZodType<number | undefined>; readonly after: z.ZodType<string | undefined> } = {
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
}

export const defaultLimit = 50

/** A page out of rows of which one more than the limit was read: whether it came says whether there is more. */
export function pageOf<Row, Item>(rows: readonly Row[], limit: number, idOf: (row: Row) => string, toItem: (row: Row) => Item): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(toItem), next: rows.length > limit && last !== undefined ? idOf(last) : null }
}
