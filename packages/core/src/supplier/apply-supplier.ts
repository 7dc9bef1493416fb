import * as z from 'zod'
import { type Caller, country, line, type Metadata, metadata, type Timestamp, type Tx } from '../kernel/index.js'
import { emitSupplier } from './events.js'
import { record, type SupplierDeps } from './record.js'
import { type SupplierRow, supplierTable, toSupplier } from './supplier.entity.js'
import type { Supplier, SupplierContact, SupplierStatus } from './supplier.js'

/** A supplier's application to sell. */
export interface ApplySupplierInput {
  /** As customers will see it; up to 200 characters. */
  readonly name: string
  /** As its contract names it. */
  readonly legalName?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  /** Whom to speak to. */
  readonly contact?: SupplierContact | undefined
  readonly metadata?: Metadata | undefined
}

export const contactSchema: z.ZodType<SupplierContact> = z.strictObject({
  name: line(200).optional(),
  email: z.email().max(320).optional(),
  phone: line(40).optional(),
})

export const applySupplierSchema: z.ZodType<ApplySupplierInput> = z.strictObject({
  name: line(200),
  legalName: line(200).optional(),
  country: country.optional(),
  contact: contactSchema.optional(),
  metadata: metadata.optional(),
})

/** Takes an application in: the supplier exists and waits for review. */
export function applySupplier({ kernel }: SupplierDeps): (tx: Tx, input: ApplySupplierInput, caller: Caller) => Promise<Supplier> {
  return async (tx, input, caller) => {
    const row = newSupplier(kernel.ids('sup'), input, 'applied', tx.now)
    await tx.insert(supplierTable, [row])
    await record(tx, kernel, caller, [{ supplierId: row.id, action: 'applied', from: null, to: 'applied' }])
    emitSupplier(tx, 'supplier.applied', row.id, { supplierId: row.id })
    return toSupplier(row)
  }
}

/** A supplier as it begins. */
export function newSupplier(id: string, input: ApplySupplierInput, status: SupplierStatus, now: Timestamp): SupplierRow {
  const { name, legalName = null, country: of = null, contact = null, metadata: kept = {} } = input
  return { id, name, legalName, country: of, contact, status, metadata: kept, createdAt: now, updatedAt: now }
}
