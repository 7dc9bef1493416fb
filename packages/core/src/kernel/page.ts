import * as z from 'zod'
import { id } from './inputs.js'
import { join, type Sql, sql } from './sql.js'
import type { Table } from './table.js'
import { columns, conditions, type Reader, type Where } from './transaction.js'

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

/** The members that the schema of every list has. */
export const pageShape: { readonly limit: z.ZodType<number | undefined>; readonly after: z.ZodType<string | undefined> } = {
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
}

export const defaultLimit = 50

/** What a list goes by: a column that tells its rows apart. */
export interface PageKey<Row> {
  readonly column: Sql
  readonly of: (row: Row) => string
}

/** Reads one page by one statement, in the order of a key: rows that meet every condition. */
export async function readPageBy<Row>(
  reader: Reader,
  table: Table<Row>,
  key: PageKey<Row>,
  conditions: readonly Sql[],
  { limit = defaultLimit, after = '' }: PageInput,
): Promise<Page<Row>> {
  const all = join([sql`${key.column} > ${after}`, ...conditions], ' AND ')
  const rows = await reader.all(sql`SELECT ${columns(table)} FROM ${table} WHERE ${all} ORDER BY ${key.column} LIMIT ${limit + 1}`)
  return pageOf(rows.map(table.read), limit, key.of)
}

/** Reads one page by one statement, in the order of ids: rows that equal what `where` gives, and meet every further condition. */
export function readPage<Row extends { readonly id: string }>(
  reader: Reader,
  table: Table<Row>,
  where: Where<Row>,
  page: PageInput,
  further: readonly Sql[] = [],
): Promise<Page<Row>> {
  return readPageBy(reader, table, { column: sql`id`, of: (row) => row.id }, [...conditions(table, where), ...further], page)
}

/** A page out of rows of which one more than the limit was read: whether it came says whether there is more. */
export function pageOf<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? idOf(last) : null }
}

/** The same page of what rows are shown as. */
export function mapPage<Row, Item>({ items, next }: Page<Row>, show: (row: Row) => Item): Page<Item> {
  return { items: items.map(show), next }
}
