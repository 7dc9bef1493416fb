import { describe, expect, it } from 'vitest'
import { documentStatus } from './document.js'
import { type SupplierStep, statusAfter, supplierStatuses } from './supplier.js'

const steps: readonly SupplierStep[] = ['startReview', 'approve', 'reject', 'requestMore', 'resubmit', 'suspend', 'reinstate']

describe('the life of a supplier', () => {
  it('takes exactly these steps', () => {
    const taken = supplierStatuses.flatMap((status) =>
      steps.flatMap((step) => {
        try {
          return [`${status} ${step} ${statusAfter(step, { id: 'sup_1', status })}`]
        } catch {
          return []
        }
      }),
    )
    expect(taken).toEqual([
      'applied startReview in_review',
      'in_review approve approved',
      'in_review reject rejected',
      'in_review requestMore more_requested',
      'more_requested reject rejected',
      'more_requested resubmit applied',
      'approved suspend suspended',
      'suspended reinstate approved',
    ])
  })

  it('says what a refused step would have needed', () => {
    expect(() => statusAfter('approve', { id: 'sup_1', status: 'rejected' })).toThrow(
      'supplier.step_refused: supplier sup_1 is rejected; approve takes one that is in_review',
    )
  })
})

describe('a document', () => {
  it('is valid until its expiry, exclusive', () => {
    const expiresAt = '2026-02-01T00:00:00.000Z'
    expect(documentStatus({ replacedAt: null, expiresAt }, '2026-01-31T23:59:59.999Z')).toBe('valid')
    expect(documentStatus({ replacedAt: null, expiresAt }, expiresAt)).toBe('expired')
    expect(documentStatus({ replacedAt: null, expiresAt: null }, expiresAt)).toBe('valid')
    expect(documentStatus({ replacedAt: expiresAt, expiresAt }, expiresAt)).toBe('replaced')
  })
})
