import type { SupplierStatus } from './supplier.js'

/** What can stand in a supplier's trail. */
export type TrailAction =
  | 'applied'
  | 'imported'
  | 'updated'
  | 'document_added'
  | 'document_expired'
  | 'review_started'
  | 'approved'
  | 'rejected'
  | 'more_requested'
  | 'resubmitted'
  | 'contracted'
  | 'suspended'
  | 'reinstated'

/** One step in a supplier's life. The database refuses to change or remove it. */
export interface TrailEntry {
  /** `str_…` */
  readonly id: string
  readonly supplierId: string
  readonly action: TrailAction
  /** The status before and after; the same where the step changed none. */
  readonly from: SupplierStatus | null
  readonly to: SupplierStatus
  /** The document or contract that it was about. */
  readonly subjectId: string | null
  /** Why, or what was asked for, or which members were changed. */
  readonly reason: string | null
  /** Who: `staff:42`, `system`. */
  readonly by: string
  readonly at: string
}
