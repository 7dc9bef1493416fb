/** Lists, page by page. */
import { columns, join, type Page, type PageInput, type Reader, type Sql, sql, type Table } from '@entrepot/core'
import * as z from 'zod'
import { id } from './inputs.js'

export const pageShape: { readonly limit: z.ZodType<number | undefined>; readonly after: z.ZodType<string | undefined> } = {
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
}

/** What a list goes by: a column that tells its rows apart. */
export interface PageKey<Row> {
  readonly column: Sql
  readonly of: (row: Row) => string
}

/** Reads one page by one statement. */
export async function readPage<Row>(
  reader: Reader,
  table: Table<Row>,
  key: PageKey<Row>,
  conditions: readonly Sql[],
  { limit = 50, after = '' }: PageInput,
): Promise<Page<Row>> {
  const where = join([sql`${key.column} > ${after}`, ...conditions], ' AND ')
  // One row more than asked for tells whether there is a next page.
  const rows = await reader.all(sql`SELECT ${columns(table)} FROM ${table} WHERE ${where} ORDER BY ${key.column} LIMIT ${limit + 1}`)
  const items = rows.slice(0, limit).map(table.read)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? key.of(last) : null }
}
