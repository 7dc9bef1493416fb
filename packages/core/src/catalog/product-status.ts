/** The life of a product: which steps its status allows, and when it may be edited. */
import { emptyRejection, productNotEditable, statusRefuses } from './errors.js'

/** draft → submitted → approved | rejected → published → archived */
export type ProductStatus = 'draft' | 'submitted' | 'approved' | 'rejected' | 'published' | 'archived'

/** What moves a product on. */
export type ProductStep = 'submit' | 'approve' | 'reject' | 'publish' | 'archive'

interface Step {
  readonly from: readonly ProductStatus[]
  readonly to: Exclude<ProductStatus, 'draft'>
}

const steps: Readonly<Record<ProductStep, Step>> = {
  submit: { from: ['draft', 'rejected'], to: 'submitted' },
  approve: { from: ['submitted'], to: 'approved' },
  reject: { from: ['submitted'], to: 'rejected' },
  publish: { from: ['approved'], to: 'published' },
  archive: { from: ['draft', 'rejected', 'approved', 'published'], to: 'archived' },
}

/**
 * The status that a step leads to.
 * @throws catalog.product_status where the step cannot be taken from here, catalog.rejection_without_reason
 */
export function statusAfter(
  product: { readonly id: string; readonly status: ProductStatus },
  step: ProductStep,
  reason: string | null,
): Step['to'] {
  const { from, to } = steps[step]
  if (!from.includes(product.status)) throw statusRefuses({ productId: product.id, status: product.status, step, from })
  if (step === 'reject' && reason === null) throw emptyRejection({ productId: product.id })
  return to
}

/**
 * The status of a product after an edit. What stands on the shelf is what was reviewed: a product is edited before its review, or after it was archived, which makes it a draft again.
 * @throws catalog.product_not_editable
 */
export function statusAfterEdit(product: { readonly id: string; readonly status: ProductStatus }): ProductStatus {
  switch (product.status) {
    case 'draft':
    case 'rejected':
      return product.status
    case 'archived':
      return 'draft'
    default:
      throw productNotEditable({ productId: product.id, status: product.status })
  }
}
