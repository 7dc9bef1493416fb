import * as z from 'zod'
import {
  columns,
  country,
  holdsAt,
  inList,
  mapPage,
  type Page,
  type PageInput,
  pageShape,
  type Reader,
  readPage,
  sql,
  type Timestamp,
  time,
} from '../kernel/index.js'
import { taxRateTable, toRegionalTaxRate, toTaxRate } from './tax-rate.entity.js'
import { type RegionalTaxRate, regionKey, type TaxRate } from './tax-rate.js'

/** Where goods go, what they are, and when they are bought. */
export interface RatesInput {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly region: string | null
  readonly classes: readonly string[]
  readonly at: Timestamp
}

export interface ListTaxRatesInput extends PageInput {
  /** Only those of this country, its regions in. */
  readonly country?: string | undefined
  /** Only those that hold at this moment. */
  readonly at?: string | undefined
}

export const listTaxRatesSchema: z.ZodType<ListTaxRatesInput> = z.strictObject({
  country: country.optional(),
  at: time.optional(),
  ...pageShape,
})

/**
 * The rate of each class, by one statement; a class without one is missing, and bears no tax. A rate of the region goes before one of the country; then the
 * later `validFrom`; then the newer rate.
 */
export async function findTaxRates(reader: Reader, { country, region, classes, at }: RatesInput): Promise<ReadonlyMap<string, TaxRate>> {
  const rows = await reader.all(
    sql`SELECT ${columns(taxRateTable)} FROM ${taxRateTable}
        WHERE country = ${country} AND (region IS NULL OR region = ${region === null ? '' : regionKey(country, region)})
          AND ${inList(sql`tax_class`, classes)} AND ${holdsAt(at)}
        ORDER BY CASE WHEN region IS NULL THEN 0 ELSE 1 END, valid_from, id`,
  )
  // In the order of precedence, so that what holds comes last and stays in the map.
  return new Map(rows.map(taxRateTable.read).map((row) => [row.taxClass, toTaxRate(row)]))
}

export async function listTaxRates(reader: Reader, { country, at, ...page }: ListTaxRatesInput): Promise<Page<RegionalTaxRate>> {
  return mapPage(await readPage(reader, taxRateTable, { country }, page, at === undefined ? [] : [holdsAt(at)]), toRegionalTaxRate)
}
