import * as z from 'zod'
import { type Caller, id, type Reader, type Tx } from '../kernel/index.js'
import { supplierDocumentTable } from './document.entity.js'
import { documentStatus } from './document.js'
import { documentsExpired } from './errors.js'
import { emitSupplier } from './events.js'
import type { SupplierHooks } from './hooks.js'
import { reason } from './inputs.js'
import { type SupplierDeps, takeStep } from './record.js'
import type { Supplier } from './supplier.js'

/** A step that needs no more than to know of whom. */
export interface SupplierIdInput {
  readonly supplierId: string
}

/** A step that says why. */
export interface ReasonedInput {
  readonly supplierId: string
  /** Told to the supplier and kept in the trail; up to 2,000 characters. */
  readonly reason: string
}

export interface RequestMoreInput {
  readonly supplierId: string
  /** What is missing; told to the supplier and kept in the trail. */
  readonly what: string
}

export const supplierIdSchema: z.ZodType<SupplierIdInput> = z.strictObject({ supplierId: id })
export const reasonedSchema: z.ZodType<ReasonedInput> = z.strictObject({ supplierId: id, reason })
export const requestMoreSchema: z.ZodType<RequestMoreInput> = z.strictObject({ supplierId: id, what: reason })

/** Takes an application up. @throws supplier.not_found, supplier.step_refused */
export function startReview({ kernel }: SupplierDeps): (tx: Tx, input: SupplierIdInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'startReview', action: 'review_started' })
    emitSupplier(tx, 'supplier.review_started', supplierId, { supplierId })
    return supplier
  }
}

/** Lets a supplier sell. @throws supplier.not_found, supplier.step_refused, supplier.documents_expired */
export function approveSupplier({ kernel }: SupplierDeps): (tx: Tx, input: SupplierIdInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'approve', action: 'approved' })
    await refuseExpiredDocuments(tx, supplierId)
    await kernel.hooks<SupplierHooks>().run(tx, 'supplier.approved', { supplierId })
    emitSupplier(tx, 'supplier.approved', supplierId, { supplierId })
    return supplier
  }
}

/** Closes an application. @throws supplier.not_found, supplier.step_refused */
export function rejectSupplier({ kernel }: SupplierDeps): (tx: Tx, input: ReasonedInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId, reason }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'reject', action: 'rejected', reason })
    emitSupplier(tx, 'supplier.rejected', supplierId, { supplierId, reason })
    return supplier
  }
}

/** Gives an application back to be completed. @throws supplier.not_found, supplier.step_refused */
export function requestMore({ kernel }: SupplierDeps): (tx: Tx, input: RequestMoreInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId, what }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'requestMore', action: 'more_requested', reason: what })
    emitSupplier(tx, 'supplier.more_requested', supplierId, { supplierId, what })
    return supplier
  }
}

/** Hands a completed application in again. @throws supplier.not_found, supplier.step_refused */
export function resubmitSupplier({ kernel }: SupplierDeps): (tx: Tx, input: SupplierIdInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'resubmit', action: 'resubmitted' })
    emitSupplier(tx, 'supplier.resubmitted', supplierId, { supplierId })
    return supplier
  }
}

async function refuseExpiredDocuments(reader: Reader, supplierId: string): Promise<void> {
  const documents = await reader.find(supplierDocumentTable, { supplierId, mandatory: true, replacedAt: null }, { orderBy: ['id'] })
  const expired = documents.filter((document) => documentStatus(document, reader.now) === 'expired')
  if (expired.length > 0) throw documentsExpired({ supplierId, kinds: expired.map(({ kind }) => kind) })
}
