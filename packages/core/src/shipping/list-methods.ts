import * as z from 'zod'
import { id, type Page, type PageInput, pageShape, type Reader, readPage } from '../kernel/index.js'
import { shippingMethodTable } from './shipping.entity.js'
import type { ShippingMethod } from './shipping-method.js'

export interface ListShippingMethodsInput extends PageInput {
  /** Only this supplier's own; null: only those for everybody. */
  readonly supplierId?: string | null | undefined
}

export const listMethodsSchema: z.ZodType<ListShippingMethodsInput> = z.strictObject({ supplierId: id.nullable().optional(), ...pageShape })

/** Methods that are offered, oldest first. */
export function listMethods(reader: Reader, { supplierId, ...page }: ListShippingMethodsInput): Promise<Page<ShippingMethod>> {
  return readPage(reader, shippingMethodTable, { supplierId, removedAt: null }, page)
}
