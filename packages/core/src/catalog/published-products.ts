/** The shelf: what customers see, read by three statements however long the page is. */
import {
  column,
  columns,
  defaultLimit,
  defineTable,
  inList,
  type Metadata,
  mapPage,
  nullable,
  type Page,
  pageOf,
  type Reader,
  type Sql,
  sql,
  type Table,
} from '../kernel/index.js'
import { supplierTable } from '../supplier/index.js'
import { and, withinCategory } from './catalog.sql.js'
import { categoryTable } from './category.entity.js'
import { containing, type Localized } from './localized.js'
import { offerTable, variantTable } from './offer.entity.js'
import { productMediaTable, productTable } from './product.entity.js'

/** Which part of the shelf. */
export interface ShelfFilter {
  /** This category and those below it: `shoes`. */
  readonly categoryPath?: string | undefined
  /** What this supplier sells; other suppliers' offers are then left out. */
  readonly supplierId?: string | undefined
  /** Text that a name contains, in any language and either case. */
  readonly query?: string | undefined
  readonly after?: string | undefined
  /** @default 50 */
  readonly limit?: number | undefined
}

export interface ShelfOffer {
  readonly id: string
  readonly variantId: string
  /** `red / 42` */
  readonly variantTitle: string
  readonly supplierId: string
  /** Minor units of `currency`, before price lists. */
  readonly price: number
  readonly currency: string
}

/** A published product with what a list shows of it. */
export interface ShelfProduct {
  readonly id: string
  readonly names: Localized
  readonly categoryId: string | null
  readonly categoryPath: string | null
  readonly brandId: string | null
  /** Its first. */
  readonly image: { readonly url: string; readonly alt: Localized | null } | null
  /** Those that sell, at least one, in the variants' order. */
  readonly offers: readonly ShelfOffer[]
  readonly metadata: Metadata
}

type ShelfRow = Pick<ShelfProduct, 'names' | 'categoryId' | 'categoryPath' | 'brandId' | 'metadata'> & { readonly id: string }

const shelfRow: Table<ShelfRow> = defineTable<ShelfRow>({
  name: 'shelf_row',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    names: column.json<Localized>(),
    categoryId: nullable(column.id()),
    categoryPath: nullable(column.string(700)),
    brandId: nullable(column.id()),
    metadata: column.json<Metadata>(),
  },
})

/** Published products that someone sells, in the order of their ids. */
export async function publishedProducts(reader: Reader, filter: ShelfFilter): Promise<Page<ShelfProduct>> {
  const { categoryPath, supplierId, query, after = '', limit = defaultLimit } = filter
  const rows = await reader.all(sql`
    SELECT p.id, p.names, p.category_id, c.path AS category_path, p.brand_id, p.metadata
    FROM ${productTable} p LEFT JOIN ${categoryTable} c ON c.id = p.category_id
    WHERE p.status = ${'published'} AND p.id > ${after}
      AND EXISTS (SELECT 1 FROM ${sellableOffers(supplierId)} AND o.product_id = p.id)
      ${and(categoryPath, withinCategory)}
      ${and(query, (text) => sql`p.search_text LIKE ${containing(text)} ESCAPE '!'`)}
    ORDER BY p.id LIMIT ${limit + 1}`)
  const page = pageOf(rows.map(shelfRow.read), limit, (row) => row.id)
  const productIds = page.items.map((row) => row.id)
  if (productIds.length === 0) return { items: [], next: null }
  const images = await firstImages(reader, productIds)
  const offers = await offersByProduct(reader, productIds, supplierId)
  const show = ({ id, ...product }: ShelfRow): ShelfProduct => ({
    id,
    ...product,
    image: images.get(id) ?? null,
    offers: offers.get(id) ?? [],
  })
  return mapPage(page, show)
}

/** FROM and WHERE of the offers `o` that their suppliers may sell. */
function sellableOffers(supplierId: string | undefined): Sql {
  return sql`${offerTable} o JOIN ${supplierTable} s ON s.id = o.supplier_id JOIN ${variantTable} v ON v.id = o.variant_id
    WHERE o.listed = 1 AND s.status = 'approved'${and(supplierId, (value) => sql`o.supplier_id = ${value}`)}`
}

async function firstImages(reader: Reader, productIds: readonly string[]): Promise<ReadonlyMap<string, ShelfProduct['image']>> {
  const rows = await reader.all(sql`
    SELECT ${columns(productMediaTable, 'm')} FROM ${productMediaTable} m
    WHERE ${inList(sql`m.product_id`, productIds)} AND m.type = 'image' AND m.position = (
      SELECT MIN(first.position) FROM ${productMediaTable} first WHERE first.product_id = m.product_id AND first.type = 'image')`)
  return new Map(rows.map(productMediaTable.read).map(({ productId, url, alt }) => [productId, { url, alt }]))
}

async function offersByProduct(
  reader: Reader,
  productIds: readonly string[],
  supplierId: string | undefined,
): Promise<ReadonlyMap<string, readonly ShelfOffer[]>> {
  const rows = await reader.all(sql`
    SELECT ${columns(offerTable, 'o')}, v.title FROM ${sellableOffers(supplierId)} AND ${inList(sql`o.product_id`, productIds)}
    ORDER BY v.position, o.id`)
  const byProduct = new Map<string, ShelfOffer[]>()
  for (const raw of rows) {
    const { id, productId, variantId, supplierId, price, currency } = offerTable.read(raw)
    const offers = byProduct.get(productId) ?? []
    offers.push({ id, variantId, variantTitle: String(raw.title), supplierId, price, currency })
    byProduct.set(productId, offers)
  }
  return byProduct
}
