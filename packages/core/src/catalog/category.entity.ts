import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { Localized } from './localized.js'

export interface CategoryRow {
  id: string
  parentId: string | null
  slug: string
  /** The slugs from the top down, kept with every row so that a subtree is one condition. */
  path: string
  names: Localized
  metadata: Metadata
  createdAt: string
}

export const categoryTable: Table<CategoryRow> = defineTable<CategoryRow>({
  name: 'category',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    parentId: nullable(column.id()),
    slug: column.string(80),
    path: column.string(700),
    names: column.json<Localized>(),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
  },
  indexes: [
    { name: 'category_path', columns: ['path'], unique: true },
    { name: 'category_parent', columns: ['parentId'] },
  ],
  foreignKeys: [{ name: 'category_parent_fk', columns: ['parentId'], references: () => categoryTable, referenced: ['id'] }],
})

export interface BrandRow {
  id: string
  names: Localized
  logoUrl: string | null
  metadata: Metadata
  createdAt: string
}

export const brandTable: Table<BrandRow> = defineTable<BrandRow>({
  name: 'brand',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    names: column.json<Localized>(),
    logoUrl: nullable(column.text()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
  },
})
