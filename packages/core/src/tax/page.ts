import * as z from 'zod'
import { columns, join, type Reader, type Sql, sql, type Table } from '../kernel/index.js'
import { id } from './inputs.js'

/** Where a list begins and how much of it comes. */
export interface PageInput {
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** A part of a list, in the order of ids, which is the order of creation. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Give it as `after` to read on; null at the end. */
  readonly next: string | null
}

export const pageShape: { readonly limit: z.ZodType<number | undefined>; readonly after: z.ZodType<string | undefined> } = {
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
}

/** Reads one page by one statement. */
export async function readPage<Row extends { readonly id: string }>(
  reader: Reader,
  table: Table<Row>,
  conditions: readonly Sql[],
  { limit = 50, after = '' }: PageInput,
): Promise<Page<Row>> {
  // One row more than asked for tells whether there is a next page.
  const rows = await reader.all(
    sql`SELECT ${columns(table)} FROM ${table} WHERE ${join([sql`id > ${after}`, ...conditions], ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map(table.read)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** The same page of what rows are shown as. */
export function mapPage<Row, Item>({ items, next }: Page<Row>, show: (row: Row) => Item): Page<Item> {
  return { items: items.map(show), next }
}
