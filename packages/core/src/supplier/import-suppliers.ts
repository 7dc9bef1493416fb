import * as z from 'zod'
import type { Caller, Tx } from '../kernel/index.js'
import { type ApplySupplierInput, applySupplierSchema, newSupplier } from './apply-supplier.js'
import { emitSupplier } from './events.js'
import type { SupplierHooks } from './hooks.js'
import { record, type SupplierDeps } from './record.js'
import { supplierTable, toSupplier } from './supplier.entity.js'
import type { Supplier } from './supplier.js'

export interface ImportSuppliersInput {
  /** 1 to 1000, who were reviewed and sold where they come from. */
  readonly suppliers: readonly ApplySupplierInput[]
}

export const importSuppliersSchema: z.ZodType<ImportSuppliersInput> = z.strictObject({
  suppliers: z.array(applySupplierSchema).min(1).max(1000),
})

/** Takes over suppliers from elsewhere, approved as they were there; by as many statements as one. @returns them in the order of the input */
export function importSuppliers({
  kernel,
}: SupplierDeps): (tx: Tx, input: ImportSuppliersInput, caller: Caller) => Promise<readonly Supplier[]> {
  return async (tx, { suppliers }, caller) => {
    const rows = suppliers.map((given) => newSupplier(kernel.ids('sup'), given, 'approved', tx.now))
    await tx.insert(supplierTable, rows)
    await record(
      tx,
      kernel,
      caller,
      rows.map(({ id: supplierId, status }) => ({ supplierId, action: 'imported', from: null, to: status })),
    )
    for (const { id: supplierId } of rows) {
      await kernel.hooks<SupplierHooks>().run(tx, 'supplier.approved', { supplierId })
      emitSupplier(tx, 'supplier.approved', supplierId, { supplierId })
    }
    return rows.map(toSupplier)
  }
}
