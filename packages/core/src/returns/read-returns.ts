import * as z from 'zod'
import { columns, groupBy, join, type Reader, type Sql, sql } from '../kernel/index.js'
import { returnNotFound } from './errors.js'
import { id } from './inputs.js'
import { type ReturnLineRow, type ReturnRow, returnLineTable, returnTable } from './return.entity.js'
import type { Return, ReturnStatus } from './return.js'

/** Which returns; a member that is not given leaves it open. */
export interface ListReturnsInput {
  readonly orderId?: string | undefined
  readonly supplierId?: string | undefined
  readonly status?: ReturnStatus | undefined
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** A part of a list, in the order of ids, which is the order of the requests. */
export interface ReturnPage {
  readonly items: readonly Return[]
  /** Give it as `after` to read on; null at the end. */
  readonly next: string | null
}

export const listReturnsInput: z.ZodType<ListReturnsInput> = z.object({
  orderId: id.optional(),
  supplierId: id.optional(),
  status: z.enum(['requested', 'approved', 'rejected', 'canceled', 'closed']).optional(),
  limit: z.int().min(1).max(200).optional(),
  after: id.optional(),
})

/** @throws return.not_found */
export async function getReturn(reader: Reader, { returnId }: { readonly returnId: string }): Promise<Return> {
  const row = await reader.findOne(returnTable, { id: returnId })
  if (!row) throw returnNotFound({ returnId })
  return toReturn(row, await reader.find(returnLineTable, { returnId }, { orderBy: ['lineId'] }))
}

/** Two statements. */
export async function listReturns(
  reader: Reader,
  { limit = 50, after = '', orderId, supplierId, status }: ListReturnsInput,
): Promise<ReturnPage> {
  const equal = (column: Sql, value: string | undefined): readonly Sql[] => (value === undefined ? [] : [sql`${column} = ${value}`])
  const conditions = [
    sql`id > ${after}`,
    ...equal(sql`order_id`, orderId),
    ...equal(sql`supplier_id`, supplierId),
    ...equal(sql`status`, status),
  ]
  // One more than asked for tells whether there is a next page.
  const rows = await reader.all(
    sql`SELECT ${columns(returnTable)} FROM ${returnTable} WHERE ${join(conditions, ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  const page = rows.slice(0, limit).map(returnTable.read)
  const lines = groupBy(
    await reader.find(returnLineTable, { returnId: page.map((row) => row.id) }, { orderBy: ['lineId'] }),
    (line) => line.returnId,
  )
  return { items: page.map((row) => toReturn(row, lines.get(row.id) ?? [])), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

export function toReturn(row: ReturnRow, lines: readonly ReturnLineRow[]): Return {
  return { ...row, lines: lines.map(({ returnId: _, ...line }) => line) }
}
