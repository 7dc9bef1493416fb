import * as z from 'zod'
import { type Caller, id, line, type Reader, type Tx, time } from '../kernel/index.js'
import { type SupplierDocumentRow, supplierDocumentTable, toDocument } from './document.entity.js'
import type { SupplierDocument } from './document.js'
import { emitSupplier } from './events.js'
import { lockSupplier, record, type SupplierDeps } from './record.js'
import type { SupplierIdInput } from './review-supplier.js'
import { requireOpen } from './supplier.js'

export interface AddDocumentInput {
  readonly supplierId: string
  /** The platform's own name of the kind: `business-licence`; up to 64 characters. */
  readonly kind: string
  /** As it is printed on the document. */
  readonly number?: string | undefined
  /** Where the file lies: http or https, up to 2,000 characters. */
  readonly fileUrl?: string | undefined
  /** The first moment at which it is no longer valid, ISO 8601 with offset; left out: it does not expire. */
  readonly expiresAt?: string | undefined
  /** Without it the supplier does not qualify. @default true */
  readonly mandatory?: boolean | undefined
}

export const addDocumentSchema: z.ZodType<AddDocumentInput> = z.strictObject({
  supplierId: id,
  kind: line(64),
  number: line(120).optional(),
  fileUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  expiresAt: time.optional(),
  mandatory: z.boolean().optional(),
})

/** Adds a document, which takes the place of the one of its kind. @throws supplier.not_found, supplier.rejected */
export function addDocument({ kernel }: SupplierDeps): (tx: Tx, input: AddDocumentInput, caller: Caller) => Promise<SupplierDocument> {
  return async (tx, input, caller) => {
    const { supplierId, kind } = input
    const supplier = await lockSupplier(tx, supplierId)
    requireOpen(supplier)
    const row: SupplierDocumentRow = {
      id: kernel.ids('sdc'),
      supplierId,
      kind,
      number: input.number ?? null,
      fileUrl: input.fileUrl ?? null,
      expiresAt: input.expiresAt ?? null,
      mandatory: input.mandatory ?? true,
      addedAt: tx.now,
      addedBy: caller.by,
      replacedAt: null,
      expiryToldAt: null,
    }
    await tx.update(supplierDocumentTable, { replacedAt: tx.now }, { supplierId, kind, replacedAt: null })
    await tx.insert(supplierDocumentTable, [row])
    await record(tx, kernel, caller, [
      { supplierId, action: 'document_added', from: supplier.status, to: supplier.status, subjectId: row.id, reason: kind },
    ])
    emitSupplier(tx, 'supplier.document_added', supplierId, { supplierId, documentId: row.id, kind })
    return toDocument(row, tx.now)
  }
}

/** A supplier's documents, replaced ones too, oldest first. */
export async function listDocuments(reader: Reader, { supplierId }: SupplierIdInput): Promise<readonly SupplierDocument[]> {
  const rows = await reader.find(supplierDocumentTable, { supplierId }, { orderBy: ['id'] })
  return rows.map((row) => toDocument(row, reader.now))
}
