import * as z from 'zod'
import { id, mapPage, type Page, type PageInput, pageShape, type Reader, readPage } from '../kernel/index.js'
import type { PriceListIdInput } from './archive-price-list.js'
import { priceListNotFound } from './errors.js'
import type { ListPrice, PriceList } from './price-list.js'
import { priceChangeTable, priceListItemTable, priceListTable } from './pricing.entity.js'

export interface ListPriceListsInput extends PageInput {
  readonly status?: PriceList['status'] | undefined
}

export const listPriceListsInput: z.ZodType<ListPriceListsInput> = z.strictObject({
  status: z.enum(['active', 'archived']).optional(),
  ...pageShape,
})

export async function listPriceLists(reader: Reader, { status, ...page }: ListPriceListsInput): Promise<Page<PriceList>> {
  return readPage(reader, priceListTable, { status }, page)
}

/** @throws pricing.price_list_not_found */
export async function getPriceList(reader: Reader, { priceListId }: PriceListIdInput): Promise<PriceList> {
  const row = await reader.findOne(priceListTable, { id: priceListId })
  if (!row) throw priceListNotFound({ priceListId })
  return row
}

export interface ListPricesInput extends PageInput {
  readonly priceListId: string
}

export const listPricesInput: z.ZodType<ListPricesInput> = z.strictObject({ priceListId: id, ...pageShape })

/** The prices of a list, in the order in which they came into it. */
export async function listPrices(reader: Reader, { priceListId, ...page }: ListPricesInput): Promise<Page<ListPrice>> {
  const items = await readPage(reader, priceListItemTable, { priceListId }, page)
  return mapPage(items, ({ offerId, minQuantity, price }) => ({ offerId, minQuantity, price }))
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
export async function readHistory(reader: Reader, { offerId, ...page }: PriceHistoryInput): Promise<Page<PriceChange>> {
  return mapPage(await readPage(reader, priceChangeTable, { offerId }, page), ({ id: _, ...change }) => change)
}
