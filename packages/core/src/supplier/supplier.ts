import type { Metadata } from '../kernel/index.js'

import { stepRefused, supplierRejected } from './errors.js'

export const supplierStatuses = ['applied', 'in_review', 'more_requested', 'approved', 'rejected', 'suspended'] as const

/** Only an `approved` supplier sells. */
export type SupplierStatus = (typeof supplierStatuses)[number]

/** Whom to speak to at a supplier. */
export interface SupplierContact {
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
}

export interface Supplier {
  /** `sup_…` */
  readonly id: string
  /** As customers see it. */
  readonly name: string
  /** As its contract names it. */
  readonly legalName: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  readonly contact: SupplierContact | null
  readonly status: SupplierStatus
  readonly metadata: Metadata
  readonly createdAt: string
  readonly updatedAt: string
}

/** What moves a supplier from one status to another. */
export type SupplierStep = 'startReview' | 'approve' | 'reject' | 'requestMore' | 'resubmit' | 'suspend' | 'reinstate'

interface Transition {
  readonly from: readonly SupplierStatus[]
  readonly to: SupplierStatus
}

const transitions: Readonly<Record<SupplierStep, Transition>> = {
  startReview: { from: ['applied'], to: 'in_review' },
  approve: { from: ['in_review'], to: 'approved' },
  // Also when it was asked for more and never answers.
  reject: { from: ['in_review', 'more_requested'], to: 'rejected' },
  requestMore: { from: ['in_review'], to: 'more_requested' },
  resubmit: { from: ['more_requested'], to: 'applied' },
  suspend: { from: ['approved'], to: 'suspended' },
  reinstate: { from: ['suspended'], to: 'approved' },
}

/** Where a step leads. @throws supplier.step_refused */
export function statusAfter(step: SupplierStep, supplier: Pick<Supplier, 'id' | 'status'>): SupplierStatus {
  const { from, to } = transitions[step]
  if (!from.includes(supplier.status)) throw stepRefused({ supplierId: supplier.id, step, status: supplier.status, from })
  return to
}

/** A rejected application is closed: nothing is added to it. @throws supplier.rejected */
export function requireOpen(supplier: Pick<Supplier, 'id' | 'status'>): void {
  if (supplier.status === 'rejected') throw supplierRejected({ supplierId: supplier.id })
}
