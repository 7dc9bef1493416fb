import { type Emit, emit } from '../kernel/index.js'

interface Happened {
  readonly supplierId: string
}

export interface SupplierEvents {
  'supplier.applied': Happened
  'supplier.updated': Happened
  'supplier.document_added': Happened & { readonly documentId: string; readonly kind: string }
  /** A mandatory document that nothing has replaced is no longer valid. Told once. */
  'supplier.document_expired': Happened & { readonly documentId: string; readonly kind: string; readonly expiresAt: string }
  'supplier.review_started': Happened
  'supplier.approved': Happened
  'supplier.rejected': Happened & { readonly reason: string }
  'supplier.more_requested': Happened & { readonly what: string }
  'supplier.resubmitted': Happened
  'supplier.contracted': Happened & { readonly contractId: string; readonly version: number; readonly validFrom: string }
  'supplier.suspended': Happened & { readonly reason: string }
  'supplier.reinstated': Happened
}

export const emitSupplier: Emit<SupplierEvents> = emit
