import { type AnyTable, column, defineTable, nullable, type Table } from '../kernel/index.js'

export interface PlanRow {
  id: string
  name: string
  version: number
  effectiveAt: string
  announcedAt: string
  announcedBy: string
  note: string | null
  withdrawnAt: string | null
}

/** Its rules name it. */
export const planTable: Table<PlanRow> = defineTable<PlanRow>({
  name: 'commission_plan',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(120),
    version: column.integer(),
    effectiveAt: column.time(),
    announcedAt: column.time(),
    announcedBy: column.text(),
    note: nullable(column.text()),
    withdrawnAt: nullable(column.time()),
  },
  // Of two versions announced at once, one is first.
  indexes: [{ name: 'commission_plan_version', columns: ['name', 'version'], unique: true }],
})

export interface LeaverRow {
  planId: string
  supplierId: string
  at: string
  by: string
}

/** Suppliers who do not go along with a plan, and leave at its beginning on the terms that they had. */
export const leaverTable: Table<LeaverRow> = defineTable<LeaverRow>({
  name: 'commission_plan_leaver',
  primaryKey: ['planId', 'supplierId'],
  columns: { planId: column.id(), supplierId: column.id(), at: column.time(), by: column.text() },
  indexes: [{ name: 'commission_plan_leaver_supplier', columns: ['supplierId'] }],
})

export const planTables: readonly AnyTable[] = [planTable, leaverTable]
