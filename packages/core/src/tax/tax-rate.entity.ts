import { type AnyTable, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { RegionalTaxRate, TaxRate, TaxRemitter } from './tax-rate.js'

export interface TaxRateRow {
  id: string
  country: string
  /** As `regionKey` gives it. */
  region: string | null
  taxClass: string
  /** Parts per million. */
  rate: number
  included: boolean
  remits: TaxRemitter
  per: 'line' | 'order' | null
  validFrom: string
  validTo: string | null
  metadata: Metadata
  createdAt: string
  createdBy: string
}

export const taxRateTable: Table<TaxRateRow> = defineTable<TaxRateRow>({
  name: 'tax_rate',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    country: column.string(2),
    region: nullable(column.string(200)),
    taxClass: column.string(64),
    rate: column.integer(),
    included: column.flag(),
    remits: column.string<TaxRemitter>(8),
    per: nullable(column.string<'line' | 'order'>(5)),
    validFrom: column.time(),
    validTo: nullable(column.time()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    createdBy: column.text(),
  },
  indexes: [{ name: 'tax_rate_place', columns: ['country', 'taxClass', 'validFrom'] }],
  checks: { tax_rate_part: 'rate BETWEEN 0 AND 1000000', tax_rate_validity: 'valid_to IS NULL OR valid_to >= valid_from' },
})

/** The room's tables, in the order in which they can be created. */
export const taxTables: readonly AnyTable[] = [taxRateTable]

export function toTaxRate({ id, rate, included, remits, per }: TaxRateRow): TaxRate {
  return { id, percent: rate / 10_000, included, remits, per }
}

export function toRegionalTaxRate(row: TaxRateRow): RegionalTaxRate {
  const { country, region, taxClass, validFrom, validTo, metadata, createdAt, createdBy } = row
  return { ...toTaxRate(row), country, region, taxClass, validFrom, validTo, metadata, createdAt, createdBy }
}
