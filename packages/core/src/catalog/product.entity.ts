import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import { supplierTable } from '../supplier/index.js'
import { brandTable, categoryTable } from './category.entity.js'
import type { Localized } from './localized.js'
import type { Media, ProductAction, Specification } from './product.js'
import type { ProductStatus } from './product-status.js'
import type { ProductOption } from './variant.js'

export interface ProductRow {
  id: string
  status: ProductStatus
  supplierId: string | null
  categoryId: string | null
  brandId: string | null
  names: Localized
  /** The names in lower case, for LIKE. */
  searchText: string
  descriptions: Localized
  options: readonly ProductOption[]
  specifications: readonly Specification[]
  rejectionReason: string | null
  metadata: Metadata
  createdAt: string
  updatedAt: string
  publishedAt: string | null
}

export const productTable: Table<ProductRow> = defineTable<ProductRow>({
  name: 'product',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    status: column.string<ProductStatus>(12),
    supplierId: nullable(column.id()),
    categoryId: nullable(column.id()),
    brandId: nullable(column.id()),
    names: column.json<Localized>(),
    searchText: column.text(),
    descriptions: column.json<Localized>(),
    options: column.json<readonly ProductOption[]>(),
    specifications: column.json<readonly Specification[]>(),
    rejectionReason: nullable(column.text()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    updatedAt: column.time(),
    publishedAt: nullable(column.time()),
  },
  indexes: [
    { name: 'product_status', columns: ['status', 'id'] },
    { name: 'product_category', columns: ['categoryId', 'status'] },
    { name: 'product_supplier', columns: ['supplierId', 'status'] },
  ],
  foreignKeys: [
    { name: 'product_supplier_fk', columns: ['supplierId'], references: () => supplierTable, referenced: ['id'] },
    { name: 'product_category_fk', columns: ['categoryId'], references: () => categoryTable, referenced: ['id'] },
    { name: 'product_brand_fk', columns: ['brandId'], references: () => brandTable, referenced: ['id'] },
  ],
  checks: {
    product_status_known: "status IN ('draft', 'submitted', 'approved', 'rejected', 'published', 'archived')",
    product_rejected_with_reason: "status <> 'rejected' OR rejection_reason IS NOT NULL",
  },
})

export interface ProductMediaRow {
  id: string
  productId: string
  position: number
  type: Media['type']
  url: string
  alt: Localized | null
}

export const productMediaTable: Table<ProductMediaRow> = defineTable<ProductMediaRow>({
  name: 'product_media',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    productId: column.id(),
    position: column.integer(),
    type: column.string<Media['type']>(8),
    url: column.text(),
    alt: nullable(column.json<Localized>()),
  },
  indexes: [{ name: 'product_media_position', columns: ['productId', 'position'], unique: true }],
  foreignKeys: [{ name: 'product_media_product_fk', columns: ['productId'], references: () => productTable, referenced: ['id'] }],
})

export interface ProductTrailRow {
  id: string
  productId: string
  action: ProductAction
  status: ProductStatus
  reason: string | null
  by: string
  at: string
}

export const productTrailTable: Table<ProductTrailRow> = defineTable<ProductTrailRow>({
  name: 'product_trail',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    productId: column.id(),
    action: column.string<ProductAction>(20),
    status: column.string<ProductStatus>(12),
    reason: nullable(column.text()),
    by: column.string(255),
    at: column.time(),
  },
  indexes: [{ name: 'product_trail_product', columns: ['productId', 'id'] }],
  foreignKeys: [{ name: 'product_trail_product_fk', columns: ['productId'], references: () => productTable, referenced: ['id'] }],
  appendOnly: true,
})
