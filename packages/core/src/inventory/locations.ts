import * as z from 'zod'
import { columns, join, type Kernel, type Reader, sql, type Tx } from '../kernel/index.js'
import { type LocationRow, locationTable } from './inventory.entity.js'
import type { Location, LocationKind } from './location.js'
import { idSchema, limitSchema } from './schemas.js'

export interface CreateLocationInput {
  /** For people, at most 200 characters. */
  readonly name: string
  /** @default 'warehouse' */
  readonly kind?: LocationKind | undefined
  /** Whose place it is; the platform's, unless given. */
  readonly supplierId?: string | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

export const createLocationSchema: z.ZodType<CreateLocationInput> = z.strictObject({
  name: z.string().min(1).max(200),
  kind: z.enum(['warehouse', 'shop']).optional(),
  supplierId: idSchema.optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
})

export function createLocation({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: CreateLocationInput) => Promise<Location> {
  return async (tx, input) => {
    const { name, kind = 'warehouse', supplierId = null, metadata = {} } = input
    const location: LocationRow = { id: ids('loc'), name, kind, supplierId, metadata, createdAt: tx.now }
    await tx.insert(locationTable, [location])
    return location
  }
}

export interface ListLocationsInput {
  /** Only this supplier's. */
  readonly supplierId?: string | undefined
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export interface LocationPage {
  readonly items: readonly Location[]
  readonly next: string | null
}

export const listLocationsSchema: z.ZodType<ListLocationsInput> = z.strictObject({
  supplierId: idSchema.optional(),
  limit: limitSchema,
  after: idSchema.optional(),
})

export async function listLocations(reader: Reader, { supplierId, limit = 50, after = '' }: ListLocationsInput): Promise<LocationPage> {
  const conditions = [sql`id > ${after}`, ...(supplierId === undefined ? [] : [sql`supplier_id = ${supplierId}`])]
  const rows = await reader.all(
    sql`SELECT ${columns(locationTable)} FROM ${locationTable} WHERE ${join(conditions, ' AND ')} ORDER BY id LIMIT ${limit + 1}`,
  )
  return pageOf(rows.map(locationTable.read), limit)
}

/** A page of rows of which one more than the limit was read, to know whether there is a next. */
export function pageOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  limit: number,
): { readonly items: readonly Row[]; readonly next: string | null } {
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
