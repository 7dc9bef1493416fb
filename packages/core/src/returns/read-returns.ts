import * as z from 'zod'
import { groupBy, id, mapPage, type Page, type PageInput, pageShape, type Reader, readPage } from '../kernel/index.js'
import { returnNotFound } from './errors.js'
import { type ReturnLineRow, type ReturnRow, returnLineTable, returnTable } from './return.entity.js'
import type { Return, ReturnStatus } from './return.js'

/** Which returns; a member that is not given leaves it open. */
export interface ListReturnsInput extends PageInput {
  readonly orderId?: string | undefined
  readonly supplierId?: string | undefined
  readonly status?: ReturnStatus | undefined
}

export const listReturnsInput: z.ZodType<ListReturnsInput> = z.object({
  orderId: id.optional(),
  supplierId: id.optional(),
  status: z.enum(['requested', 'approved', 'rejected', 'canceled', 'closed']).optional(),
  ...pageShape,
})

/** @throws return.not_found */
export async function getReturn(reader: Reader, { returnId }: { readonly returnId: string }): Promise<Return> {
  const row = await reader.findOne(returnTable, { id: returnId })
  if (!row) throw returnNotFound({ returnId })
  return toReturn(row, await reader.find(returnLineTable, { returnId }, { orderBy: ['lineId'] }))
}

/** Two statements. */
export async function listReturns(reader: Reader, { limit, after, ...where }: ListReturnsInput): Promise<Page<Return>> {
  const page = await readPage(reader, returnTable, where, { limit, after })
  const lines = groupBy(
    await reader.find(returnLineTable, { returnId: page.items.map((row) => row.id) }, { orderBy: ['lineId'] }),
    (line) => line.returnId,
  )
  return mapPage(page, (row) => toReturn(row, lines.get(row.id) ?? []))
}

export function toReturn(row: ReturnRow, lines: readonly ReturnLineRow[]): Return {
  return { ...row, lines: lines.map(({ returnId: _, ...line }) => line) }
}
