/** What a new product, variant or offer is made of; `create`, `import` and `addVariants` share it. */

import * as z from 'zod'
import { amount, id, line, type Metadata, metadata } from '../kernel/index.js'
import { currency } from '../money/index.js'
import type { Localized } from './localized.js'
import type { Media, Specification } from './product.js'
import { descriptions, localized, media, options, specifications } from './schemas.js'
import type { ProductOption } from './variant.js'

export interface OfferDraft {
  /** The supplier's own number, distinct among its offers. */
  readonly sku: string
  /** Minor units of `currency`. */
  readonly price: number
  readonly currency: string
  /** Days until it ships. */
  readonly leadTimeDays?: number | undefined
  readonly metadata?: Metadata | undefined
}

export interface VariantDraft {
  readonly sku?: string | undefined
  /** A value for every option of the product. */
  readonly optionValues?: Readonly<Record<string, string>> | undefined
  /** @default 0 */
  readonly weightGrams?: number | undefined
  readonly barcode?: string | undefined
  /** @default 'standard' */
  readonly taxClass?: string | undefined
  /** @default true */
  readonly shippable?: boolean | undefined
  readonly metadata?: Metadata | undefined
  /** Made with it for the product's supplier, and listed. */
  readonly offer?: OfferDraft | undefined
}

export interface ProductDraft {
  /** The supplier that creates it; none where the platform does. */
  readonly supplierId?: string | undefined
  readonly categoryId?: string | undefined
  readonly brandId?: string | undefined
  readonly names: Localized
  readonly descriptions?: Localized | undefined
  readonly options?: readonly ProductOption[] | undefined
  readonly specifications?: readonly Specification[] | undefined
  readonly media?: readonly Media[] | undefined
  /** At least one. */
  readonly variants: readonly VariantDraft[]
  readonly metadata?: Metadata | undefined
}

export const leadTimeDays: z.ZodInt = z.int().min(0).max(3650)

/** What an offer is made of, beside what it is an offer of. */
export const offerFields: {
  readonly sku: z.ZodType<string>
  readonly price: z.ZodType<number>
  readonly currency: z.ZodType<string>
  readonly leadTimeDays: z.ZodType<number | undefined>
  readonly metadata: z.ZodType<Metadata | undefined>
} = { sku: line(80), price: amount, currency, leadTimeDays: leadTimeDays.optional(), metadata: metadata.optional() }

export const variants: z.ZodType<readonly VariantDraft[]> = z
  .array(
    z.strictObject({
      sku: line(80).optional(),
      optionValues: z.record(z.string(), z.string()).optional(),
      weightGrams: z.int().min(0).max(100_000_000).optional(),
      barcode: line(80).optional(),
      taxClass: line(40).optional(),
      shippable: z.boolean().optional(),
      metadata: metadata.optional(),
      offer: z.strictObject(offerFields).optional(),
    }),
  )
  .min(1)
  .max(1000)

export const productDraft: z.ZodType<ProductDraft> = z
  .object({
    supplierId: id.optional(),
    categoryId: id.optional(),
    brandId: id.optional(),
    names: localized(400),
    descriptions: descriptions.optional(),
    options: options.optional(),
    specifications: specifications.optional(),
    media: media.optional(),
    variants,
    metadata: metadata.optional(),
  })
  .refine((draft) => draft.supplierId !== undefined || draft.variants.every((variant) => variant.offer === undefined), {
    path: ['supplierId'],
    message: 'is missing: an offer is a supplier’s, so name it, or leave the offers out',
  })
