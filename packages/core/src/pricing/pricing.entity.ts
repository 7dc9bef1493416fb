import { offerTable } from '../catalog/index.js'
import { type AnyTable, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { PriceList } from './price-list.js'

export interface PriceListRow {
  id: string
  name: string
  currency: string
  status: PriceList['status']
  validFrom: string
  validTo: string | null
  channel: string | null
  customerGroup: string | null
  distributorId: string | null
  metadata: Metadata
  createdAt: string
}

export const priceListTable: Table<PriceListRow> = defineTable<PriceListRow>({
  name: 'price_list',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(200),
    currency: column.string(3),
    status: column.string<PriceList['status']>(8),
    validFrom: column.time(),
    validTo: nullable(column.time()),
    channel: nullable(column.string(80)),
    customerGroup: nullable(column.string(80)),
    distributorId: nullable(column.id()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
  },
  checks: { price_list_validity: 'valid_to IS NULL OR valid_to > valid_from' },
})

export interface PriceListItemRow {
  id: string
  priceListId: string
  offerId: string
  minQuantity: number
  price: number
}

export const priceListItemTable: Table<PriceListItemRow> = defineTable<PriceListItemRow>({
  name: 'price_list_item',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    priceListId: column.id(),
    offerId: column.id(),
    minQuantity: column.integer(),
    price: column.amount(),
  },
  indexes: [
    { name: 'price_list_item_tier', columns: ['offerId', 'priceListId', 'minQuantity'], unique: true },
    { name: 'price_list_item_list', columns: ['priceListId', 'id'] },
  ],
  foreignKeys: [
    { name: 'price_list_item_list_fk', columns: ['priceListId'], references: () => priceListTable, referenced: ['id'] },
    { name: 'price_list_item_offer_fk', columns: ['offerId'], references: () => offerTable, referenced: ['id'] },
  ],
  checks: { price_list_item_price: 'price >= 0', price_list_item_quantity: 'min_quantity >= 1' },
})

/** What a price was and became. */
export interface PriceChangeRow {
  id: string
  offerId: string
  /** Null: the offer's own price. */
  priceListId: string | null
  minQuantity: number
  /** Null: there was none. */
  before: number | null
  /** Null: there is none any more. */
  after: number | null
  currency: string
  by: string
  at: string
}

export const priceChangeTable: Table<PriceChangeRow> = defineTable<PriceChangeRow>({
  name: 'price_change',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    offerId: column.id(),
    priceListId: nullable(column.id()),
    minQuantity: column.integer(),
    before: nullable(column.amount()),
    after: nullable(column.amount()),
    currency: column.string(3),
    by: column.string(255),
    at: column.time(),
  },
  indexes: [{ name: 'price_change_offer', columns: ['offerId', 'id'] }],
  foreignKeys: [{ name: 'price_change_offer_fk', columns: ['offerId'], references: () => offerTable, referenced: ['id'] }],
  appendOnly: true,
})

/** Referenced tables first; the catalog's come before all of them. */
export const pricingTables: readonly AnyTable[] = [priceListTable, priceListItemTable, priceChangeTable]
