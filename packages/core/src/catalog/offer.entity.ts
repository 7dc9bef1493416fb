import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import { supplierTable } from '../supplier/index.js'
import { productTable } from './product.entity.js'

export interface VariantRow {
  id: string
  productId: string
  position: number
  sku: string | null
  title: string
  optionValues: Readonly<Record<string, string>>
  weightGrams: number
  barcode: string | null
  taxClass: string
  shippable: boolean
  metadata: Metadata
}

export const variantTable: Table<VariantRow> = defineTable<VariantRow>({
  name: 'product_variant',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    productId: column.id(),
    position: column.integer(),
    sku: nullable(column.string(80)),
    title: column.string(320),
    optionValues: column.json<Readonly<Record<string, string>>>(),
    weightGrams: column.integer(),
    barcode: nullable(column.string(80)),
    taxClass: column.string(40),
    shippable: column.flag(),
    metadata: column.json<Metadata>(),
  },
  indexes: [{ name: 'product_variant_title', columns: ['productId', 'title'], unique: true }],
  foreignKeys: [{ name: 'product_variant_product_fk', columns: ['productId'], references: () => productTable, referenced: ['id'] }],
  checks: { product_variant_weight: 'weight_grams >= 0' },
})

export interface OfferRow {
  id: string
  supplierId: string
  variantId: string
  /** The variant's, kept here so that a product's offers are one indexed condition. */
  productId: string
  sku: string
  price: number
  currency: string
  leadTimeDays: number | null
  listed: boolean
  metadata: Metadata
  createdAt: string
  updatedAt: string
}

export const offerTable: Table<OfferRow> = defineTable<OfferRow>({
  name: 'offer',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    supplierId: column.id(),
    variantId: column.id(),
    productId: column.id(),
    sku: column.string(80),
    price: column.amount(),
    currency: column.string(3),
    leadTimeDays: nullable(column.integer()),
    listed: column.flag(),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    updatedAt: column.time(),
  },
  indexes: [
    { name: 'offer_sku', columns: ['supplierId', 'sku'], unique: true },
    { name: 'offer_product', columns: ['productId'] },
    { name: 'offer_variant', columns: ['variantId'] },
  ],
  foreignKeys: [
    { name: 'offer_supplier_fk', columns: ['supplierId'], references: () => supplierTable, referenced: ['id'] },
    { name: 'offer_variant_fk', columns: ['variantId'], references: () => variantTable, referenced: ['id'] },
    { name: 'offer_product_fk', columns: ['productId'], references: () => productTable, referenced: ['id'] },
  ],
  checks: { offer_price: 'price >= 0', offer_lead_time: 'lead_time_days IS NULL OR lead_time_days >= 0' },
})
