import * as z from 'zod'
import type { Page, PageInput } from '../catalog/index.js'
import { columns, join, type Reader, type Sql, sql, type Table } from '../kernel/index.js'
import type { PriceListIdInput } from './archive-price-list.js'
import { toPriceList } from './create-price-list.js'
import { priceListNotFound } from './errors.js'
import { id } from './inputs.js'
import type { ListPrice, PriceList } from './price-list.js'
import { priceChangeTable, priceListItemTable, priceListTable } from './pricing.entity.js'

const pageShape = { limit: z.int().min(1).max(200).optional(), after: id.optional() }

async function readPage<Row extends { readonly id: string }, Item>(
  reader: Reader,
  table: Table<Row>,
  conditions: readonly Sql[],
  { limit = 50, after = '' }: PageInput,
  show: (row: Row) => Item,
): Promise<Page<Item>> {
  // One row more than asked for tells whether there is a next page.
  const rows = await reader.all(
    sql`SELECT ${columns(table)} FROM ${table} WHERE ${join([sql`id > ${after}`, ...conditions], ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map(table.read)
  return { items: items.map(show), next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export interface ListPriceListsInput extends PageInput {
  readonly status?: PriceList['status'] | undefined
}

export const listPriceListsInput: z.ZodType<ListPriceListsInput> = z.strictObject({
  status: z.enum(['active', 'archived']).optional(),
  ...pageShape,
})

export function listPriceLists(reader: Reader, { status, ...page }: ListPriceListsInput): Promise<Page<PriceList>> {
  return readPage(reader, priceListTable, status === undefined ? [] : [sql`status = ${status}`], page, toPriceList)
}

/** @throws pricing.price_list_not_found */
export async function getPriceList(reader: Reader, { priceListId }: PriceListIdInput): Promise<PriceList> {
  const row = await reader.findOne(priceListTable, { id: priceListId })
  if (!row) throw priceListNotFound({ priceListId })
  return toPriceList(row)
}

export interface ListPricesInput extends PageInput {
  readonly priceListId: string
}

export const listPricesInput: z.ZodType<ListPricesInput> = z.strictObject({ priceListId: id, ...pageShape })

/** The prices of a list, in the order in which they came into it. */
export function listPrices(reader: Reader, { priceListId, ...page }: ListPricesInput): Promise<Page<ListPrice>> {
  const ofList = sql`price_list_id = ${priceListId}`
  return readPage(reader, priceListItemTable, [ofList], page, ({ offerId, minQuantity, price }) => ({ offerId, minQuantity, price }))
}

export interface PriceHistoryInput extends PageInput {
  readonly offerId: string
}

export const priceHistoryInput: z.ZodType<PriceHistoryInput> = z.strictObject({ offerId: id, ...pageShape })

/** One change of a price: who, when, from what to what. */
export interface PriceChange {
  readonly offerId: string
  /** Null: the offer's own price. */
  readonly priceListId: string | null
  readonly minQuantity: number
  /** Minor units of `currency`; null: there was none. */
  readonly before: number | null
  /** Null: there is none any more. */
  readonly after: number | null
  readonly currency: string
  readonly by: string
  readonly at: string
}

/** First to last. */
export function readHistory(reader: Reader, { offerId, ...page }: PriceHistoryInput): Promise<Page<PriceChange>> {
  return readPage(reader, priceChangeTable, [sql`offer_id = ${offerId}`], page, ({ id: _, ...change }) => change)
}
