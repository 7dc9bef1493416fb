import * as z from 'zod'
import { type Caller, country, id, line, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { contactSchema } from './apply-supplier.js'
import { emitSupplier } from './events.js'
import { lockSupplier, record, type SupplierDeps } from './record.js'
import { supplierTable, toSupplier } from './supplier.entity.js'
import { requireOpen, type Supplier, type SupplierContact } from './supplier.js'

/** Other particulars of a supplier. What is not given stays; null empties. */
export interface UpdateSupplierInput {
  readonly supplierId: string
  readonly name?: string | undefined
  readonly legalName?: string | null | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | null | undefined
  readonly contact?: SupplierContact | null | undefined
  /** Replaces all metadata. */
  readonly metadata?: Metadata | undefined
}

export const updateSupplierSchema: z.ZodType<UpdateSupplierInput> = z.strictObject({
  supplierId: id,
  name: line(200).optional(),
  legalName: line(200).nullable().optional(),
  country: country.nullable().optional(),
  contact: contactSchema.nullable().optional(),
  metadata: metadata.optional(),
})

/** Corrects a supplier's particulars; the trail names which. @throws supplier.not_found, supplier.rejected */
export function updateSupplier({ kernel }: SupplierDeps): (tx: Tx, input: UpdateSupplierInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId, ...changes }, caller) => {
    const row = await lockSupplier(tx, supplierId)
    requireOpen(row)
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    await tx.update(supplierTable, { ...given, updatedAt: tx.now }, { id: supplierId })
    await record(tx, kernel, caller, [
      { supplierId, action: 'updated', from: row.status, to: row.status, reason: Object.keys(given).join(', ') },
    ])
    emitSupplier(tx, 'supplier.updated', supplierId, { supplierId })
    return toSupplier({ ...row, ...given, updatedAt: tx.now })
  }
}
