import type { Caller, Kernel, Tx } from '../kernel/index.js'
import { supplierNotFound } from './errors.js'
import { type SupplierRow, supplierTable, toSupplier } from './supplier.entity.js'
import { type Supplier, type SupplierStep, statusAfter } from './supplier.js'
import { supplierTrailTable } from './trail.entity.js'
import type { TrailAction } from './trail.js'

/** What every use case of the room is given. */
export interface SupplierDeps {
  readonly kernel: Kernel
}

/** One line for the trail; `from` and `to` are the supplier's status. */
export interface Recorded {
  readonly supplierId: string
  readonly action: TrailAction
  readonly from: SupplierRow['status'] | null
  readonly to: SupplierRow['status']
  readonly subjectId?: string | undefined
  readonly reason?: string | undefined
}

/** Locks a supplier until the end of the transaction: its steps, documents and contracts happen one after another. @throws supplier.not_found */
export async function lockSupplier(tx: Tx, supplierId: string): Promise<SupplierRow> {
  const [row] = await tx.lock(supplierTable, { id: supplierId })
  if (!row) throw supplierNotFound({ supplierId })
  return row
}

/** Writes to the trail who did what, and when, by one statement. */
export async function record(tx: Tx, { ids }: Kernel, { by }: Pick<Caller, 'by'>, lines: readonly Recorded[]): Promise<void> {
  await tx.insert(
    supplierTrailTable,
    lines.map(({ supplierId, action, from, to, subjectId = null, reason = null }) => ({
      id: ids('str'),
      supplierId,
      action,
      fromStatus: from,
      toStatus: to,
      subjectId,
      reason,
      by,
      at: tx.now,
    })),
  )
}

/** Moves a supplier to where the step leads, and records it. @throws supplier.not_found, supplier.step_refused */
export async function takeStep(
  tx: Tx,
  kernel: Kernel,
  caller: Caller,
  {
    step,
    action,
    supplierId,
    reason,
  }: { readonly step: SupplierStep; readonly action: TrailAction; readonly supplierId: string; readonly reason?: string | undefined },
): Promise<Supplier> {
  const row = await lockSupplier(tx, supplierId)
  const status = statusAfter(step, row)
  await tx.update(supplierTable, { status, updatedAt: tx.now }, { id: supplierId })
  await record(tx, kernel, caller, [{ supplierId, action, from: row.status, to: status, reason }])
  return toSupplier({ ...row, status, updatedAt: tx.now })
}
