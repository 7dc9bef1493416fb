import * as z from 'zod'
import { defaultLimit, id, line, mapPage, type Page, type PageInput, pageOf, pageShape, type Reader, sql } from '../kernel/index.js'
import { and, selectOffers, selectProducts, toSummary, withinCategory } from './catalog.sql.js'
import { productNotFound } from './errors.js'
import { type VariantRow, variantTable } from './offer.entity.js'
import { productMediaTable, productTrailTable } from './product.entity.js'
import type { Product, ProductSummary, ProductTrailEntry } from './product.js'
import type { ProductStatus } from './product-status.js'
import type { Variant } from './variant.js'

export interface ProductIdInput {
  readonly productId: string
}

export const productIdInput: z.ZodType<ProductIdInput> = z.strictObject({ productId: id })

/** A whole product, by four statements. @throws catalog.product_not_found */
export async function readProduct(reader: Reader, productId: string): Promise<Product> {
  const [row] = await selectProducts(reader, sql`WHERE p.id = ${productId}`)
  if (!row) throw productNotFound({ productId })
  const media = await reader.find(productMediaTable, { productId }, { orderBy: ['position'] })
  const variants = await reader.find(variantTable, { productId }, { orderBy: ['position'] })
  const offers = await selectOffers(reader, sql`WHERE o.product_id = ${productId} ORDER BY v.position, o.id`)
  const { descriptions, brandNames, options, specifications } = row
  return {
    ...toSummary(row),
    descriptions,
    brandNames,
    options,
    specifications,
    media: media.map(({ type, url, alt }) => (alt === null ? { type, url } : { type, url, alt })),
    variants: variants.map(toVariant),
    offers,
  }
}

function toVariant({ id, productId: _product, position: _position, ...variant }: VariantRow): Variant {
  return { id, ...variant }
}

/** @throws catalog.product_not_found */
export async function readSummary(reader: Reader, productId: string): Promise<ProductSummary> {
  const [row] = await selectProducts(reader, sql`WHERE p.id = ${productId}`)
  if (!row) throw productNotFound({ productId })
  return toSummary(row)
}

export interface ListProductsInput extends PageInput {
  readonly status?: ProductStatus | undefined
  /** Products that this supplier created. */
  readonly supplierId?: string | undefined
  /** Products of this category and of those below it. */
  readonly categoryPath?: string | undefined
}

export const listProductsInput: z.ZodType<ListProductsInput> = z.strictObject({
  status: z.enum(['draft', 'submitted', 'approved', 'rejected', 'published', 'archived']).optional(),
  supplierId: id.optional(),
  categoryPath: line(700).optional(),
  ...pageShape,
})

export async function listProducts(reader: Reader, input: ListProductsInput): Promise<Page<ProductSummary>> {
  const { status, supplierId, categoryPath, limit = defaultLimit, after = '' } = input
  const rows = await selectProducts(
    reader,
    sql`WHERE p.id > ${after}
      ${and(status, (value) => sql`p.status = ${value}`)}
      ${and(supplierId, (value) => sql`p.supplier_id = ${value}`)}
      ${and(categoryPath, withinCategory)}
    ORDER BY p.id LIMIT ${limit + 1}`,
  )
  return mapPage(
    pageOf(rows, limit, (row) => row.id),
    toSummary,
  )
}

/** Who did what with a product, first to last. @throws catalog.product_not_found */
export async function readTimeline(reader: Reader, { productId }: ProductIdInput): Promise<readonly ProductTrailEntry[]> {
  const rows = await reader.find(productTrailTable, { productId }, { orderBy: ['id'] })
  // Every product has at least its creation.
  if (rows.length === 0) throw productNotFound({ productId })
  return rows.map(({ action, by, at, status, reason }) => ({ action, by, at, status, reason }))
}
