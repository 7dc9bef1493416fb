import { describe, expect, it } from 'vitest'
import { whyNotSellable } from './offer.js'
import { type ProductStatus, type ProductStep, statusAfter, statusAfterEdit } from './product-status.js'

const statuses: readonly ProductStatus[] = ['draft', 'submitted', 'approved', 'rejected', 'published', 'archived']

/** Status × step → where it leads; what is not named is refused. */
const allowed: Readonly<Record<ProductStep, Partial<Record<ProductStatus, ProductStatus>>>> = {
  submit: { draft: 'submitted', rejected: 'submitted' },
  approve: { submitted: 'approved' },
  reject: { submitted: 'rejected' },
  publish: { approved: 'published' },
  archive: { draft: 'archived', rejected: 'archived', approved: 'archived', published: 'archived' },
}

describe('the life of a product', () => {
  for (const [step, from] of Object.entries(allowed) as [ProductStep, Partial<Record<ProductStatus, ProductStatus>>][]) {
    for (const status of statuses) {
      const to = from[status]
      it(to === undefined ? `${step} is refused when ${status}` : `${step} leads from ${status} to ${to}`, () => {
        const take = () => statusAfter({ id: 'prd_1', status }, step, 'a reason')
        if (to === undefined) expect(take).toThrow(`product prd_1 is ${status}`)
        else expect(take()).toBe(to)
      })
    }
  }

  it('is not rejected without a reason', () => {
    expect(() => statusAfter({ id: 'prd_1', status: 'submitted' }, 'reject', null)).toThrow('catalog.rejection_without_reason')
  })

  it('is edited before its review, or after it was archived, as a draft again', () => {
    expect(statuses.map((status) => tried(() => statusAfterEdit({ id: 'prd_1', status })))).toEqual([
      'draft',
      'refused',
      'refused',
      'rejected',
      'refused',
      'draft',
    ])
  })
})

describe('an offer', () => {
  it('sells while it is listed, its product published and its supplier approved', () => {
    const sellable = { listed: true, productStatus: 'published', supplierStatus: 'approved' } as const
    expect(whyNotSellable(sellable)).toBeNull()
    expect(whyNotSellable({ ...sellable, listed: false })).toBe('unlisted')
    expect(whyNotSellable({ ...sellable, productStatus: 'approved' })).toBe('product_not_published')
    expect(whyNotSellable({ ...sellable, supplierStatus: 'suspended' })).toBe('supplier_not_approved')
  })
})

function tried<Result>(work: () => Result): Result | 'refused' {
  try {
    return work()
  } catch {
    return 'refused'
  }
}
