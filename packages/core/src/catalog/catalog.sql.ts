/** The catalog's joined reads. */
import {
  column,
  columns,
  defineTable,
  inList,
  nullable,
  type RawRow,
  type Reader,
  type Sql,
  sql,
  type Table,
  when,
} from '../kernel/index.js'
import { supplierTable } from '../supplier/index.js'
import { brandTable, categoryTable } from './category.entity.js'
import type { Localized } from './localized.js'
import { offerTable, variantTable } from './offer.entity.js'
import { type Offer, whyNotSellable } from './offer.js'
import { type ProductRow, productTable } from './product.entity.js'
import type { ProductSummary } from './product.js'
import type { ProductStatus } from './product-status.js'

/** What a joined offer has beside its own columns; a table only so that its values are read and checked like any other's. */
interface OfferContext {
  supplierStatus: string
  productStatus: ProductStatus
  names: Localized
  categoryId: string | null
  categoryPath: string | null
  variantTitle: string
  taxClass: string
  weightGrams: number
  shippable: boolean
}
const offerContext: Table<OfferContext> = defineTable<OfferContext>({
  name: 'offer_context',
  primaryKey: [],
  columns: {
    supplierStatus: column.string(40),
    productStatus: column.string<ProductStatus>(12),
    names: column.json<Localized>(),
    categoryId: nullable(column.id()),
    categoryPath: nullable(column.string(700)),
    variantTitle: column.string(320),
    taxClass: column.string(40),
    weightGrams: column.integer(),
    shippable: column.flag(),
  },
})

/** An offer with what decides whether it sells, as a SELECT names it: `o` (offer), `v` (variant) and `p` (product). An upper room joins its rows to `o`. */
export const offerJoin: { readonly columns: Sql; readonly tables: Sql; readonly read: (raw: RawRow) => Offer } = {
  columns: sql`${columns(offerTable, 'o')}, s.status AS supplier_status, p.status AS product_status, p.names, p.category_id, c.path AS category_path,
      v.title AS variant_title, v.tax_class, v.weight_grams, v.shippable`,
  tables: sql`${offerTable} o
    JOIN ${variantTable} v ON v.id = o.variant_id
    JOIN ${productTable} p ON p.id = o.product_id
    JOIN ${supplierTable} s ON s.id = o.supplier_id
    LEFT JOIN ${categoryTable} c ON c.id = p.category_id`,
  read: toOffer,
}

/** Offers by one statement; `ending` is the WHERE clause and what follows. */
export async function selectOffers(reader: Reader, ending: Sql): Promise<readonly Offer[]> {
  const rows = await reader.all(sql`SELECT ${offerJoin.columns} FROM ${offerJoin.tables} ${ending}`)
  return rows.map(offerJoin.read)
}

function toOffer(raw: RawRow): Offer {
  const { id, listed, supplierId, variantId, productId, sku, price, currency, leadTimeDays, metadata } = offerTable.read(raw)
  const { productStatus, ...context } = offerContext.read(raw)
  const notSellableReason = whyNotSellable({ listed, productStatus, supplierStatus: context.supplierStatus })
  return {
    id,
    supplierId,
    variantId,
    productId,
    sku,
    price,
    currency,
    leadTimeDays,
    ...context,
    sellable: notSellableReason === null,
    notSellableReason,
    metadata,
  }
}

export async function readOffers(reader: Reader, offerIds: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
  if (offerIds.length === 0) return new Map()
  const offers = await selectOffers(reader, sql`WHERE ${inList(sql`o.id`, [...new Set(offerIds)])}`)
  return new Map(offers.map((offer) => [offer.id, offer]))
}

interface ProductContext {
  categoryPath: string | null
  brandNames: Localized | null
}
const productContext: Table<ProductContext> = defineTable<ProductContext>({
  name: 'product_context',
  primaryKey: [],
  columns: { categoryPath: nullable(column.string(700)), brandNames: nullable(column.json<Localized>()) },
})

export type JoinedProduct = ProductRow & ProductContext

/** Products with their category's path and brand; `ending` is the WHERE clause and what follows, on `p` (product), `c` (category) and `b` (brand). */
export async function selectProducts(reader: Reader, ending: Sql): Promise<readonly JoinedProduct[]> {
  const rows = await reader.all(sql`
    SELECT ${columns(productTable, 'p')}, c.path AS category_path, b.names AS brand_names
    FROM ${productTable} p
    LEFT JOIN ${categoryTable} c ON c.id = p.category_id
    LEFT JOIN ${brandTable} b ON b.id = p.brand_id
    ${ending}`)
  return rows.map((raw) => ({ ...productTable.read(raw), ...productContext.read(raw) }))
}

export function toSummary(row: JoinedProduct): ProductSummary {
  const { id, status, supplierId, categoryId, categoryPath, brandId, names, rejectionReason, metadata, createdAt, updatedAt, publishedAt } =
    row
  return {
    id,
    status,
    supplierId,
    categoryId,
    categoryPath,
    brandId,
    names,
    rejectionReason,
    metadata,
    createdAt,
    updatedAt,
    publishedAt,
  }
}

/** True where `c.path` is the category or lies below it. By prefix and not by LIKE, which SQLite compares without case. */
export function withinCategory(path: string): Sql {
  const prefix = `${path}/`
  return sql`(c.path = ${path} OR substr(c.path, 1, ${[...prefix].length}) = ${prefix})`
}

/** `AND` and the part, where there is one to compare with. */
export function and<Value>(value: Value | undefined, part: (value: Value) => Sql): Sql {
  return value === undefined ? when(false, sql``) : sql` AND ${part(value)}`
}
