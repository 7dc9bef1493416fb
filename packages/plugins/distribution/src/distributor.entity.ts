import { column, defineTable, type Metadata, nullable, type Table } from '@entrepot/core'
import type { Distributor, DistributorStatus, TrailEntry } from './distributor.js'

/** `distributor.ts` says what the members mean; the row holds nothing else. */
export const distributorTable: Table<Distributor> = defineTable<Distributor>({
  name: 'distribution_distributor',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(200),
    customerId: nullable(column.id()),
    externalId: nullable(column.string(120)),
    parentId: nullable(column.id()),
    code: column.string(32),
    level: nullable(column.string(60)),
    status: column.string<DistributorStatus>(12),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    updatedAt: column.time(),
  },
  indexes: [
    { name: 'distribution_distributor_customer', columns: ['customerId'], unique: true },
    { name: 'distribution_distributor_external', columns: ['externalId'], unique: true },
    { name: 'distribution_distributor_code', columns: ['code'], unique: true },
    { name: 'distribution_distributor_parent', columns: ['parentId', 'id'] },
  ],
  foreignKeys: [
    { name: 'distribution_distributor_parent_fk', columns: ['parentId'], references: () => distributorTable, referenced: ['id'] },
  ],
  checks: { distribution_distributor_root: 'parent_id IS NULL OR parent_id <> id' },
})

export const trailTable: Table<TrailEntry> = defineTable<TrailEntry>({
  name: 'distribution_trail',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    distributorId: column.id(),
    action: column.string<TrailEntry['action']>(20),
    from: nullable(column.string<DistributorStatus>(12)),
    to: column.string<DistributorStatus>(12),
    reason: nullable(column.string(2000)),
    by: column.string(120),
    at: column.time(),
  },
  indexes: [{ name: 'distribution_trail_distributor', columns: ['distributorId', 'id'] }],
  foreignKeys: [
    { name: 'distribution_trail_distributor_fk', columns: ['distributorId'], references: () => distributorTable, referenced: ['id'] },
  ],
  appendOnly: true,
})
