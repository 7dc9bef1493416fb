import * as z from 'zod'
import { columns, join, type Reader, sql } from '../kernel/index.js'
import { shippingMethodTable } from './shipping.entity.js'
import type { ShippingMethod } from './shipping-method.js'

export interface ListShippingMethodsInput {
  /** Only this supplier's own; null: only those for everybody. */
  readonly supplierId?: string | null | undefined
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export interface ShippingMethodPage {
  readonly items: readonly ShippingMethod[]
  readonly next: string | null
}

export const listMethodsSchema: z.ZodType<ListShippingMethodsInput> = z.strictObject({
  supplierId: z.string().min(1).max(64).nullable().optional(),
  limit: z.int().min(1).max(200).optional(),
  after: z.string().min(1).max(64).optional(),
})

/** Methods that are offered, oldest first. */
export async function listMethods(
  reader: Reader,
  { supplierId, limit = 50, after = '' }: ListShippingMethodsInput,
): Promise<ShippingMethodPage> {
  const conditions = [sql`removed_at IS NULL`, sql`id > ${after}`]
  if (supplierId !== undefined) conditions.push(supplierId === null ? sql`supplier_id IS NULL` : sql`supplier_id = ${supplierId}`)
  // One row more than asked for tells whether there is a next page.
  const rows = await reader.all(
    sql`SELECT ${columns(shippingMethodTable)} FROM ${shippingMethodTable} WHERE ${join(conditions, ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map(shippingMethodTable.read)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
