import * as z from 'zod'
import { type Caller, id, type Kernel, type Tx, text } from '../kernel/index.js'
import { productNotFound } from './errors.js'
import { emitCatalog } from './events.js'
import { type ProductRow, productTable, productTrailTable } from './product.entity.js'
import type { ProductAction, ProductSummary } from './product.js'
import { type ProductStep, statusAfter } from './product-status.js'
import { readSummary } from './read-products.js'
import { trailRow } from './rows.js'

export interface RejectProductInput {
  readonly productId: string
  /** What must change; told to whoever submitted it, kept in the timeline. */
  readonly reason: string
}

export const rejectProductInput: z.ZodType<RejectProductInput> = z.strictObject({ productId: id, reason: text(2000) })

/** Takes one step in a product's life: the status, its entry in the trail, and the event, together. */
export function takeStep(
  { ids }: Pick<Kernel, 'ids'>,
  step: ProductStep,
): (tx: Tx, input: { readonly productId: string; readonly reason?: string | undefined }, caller: Caller) => Promise<ProductSummary> {
  return async (tx, { productId, reason = null }, caller) => {
    const product = await lockProduct(tx, productId)
    const status = statusAfter(product, step, reason)
    const publishedAt = status === 'published' ? tx.now : product.publishedAt
    await tx.update(productTable, { status, publishedAt, rejectionReason: reason, updatedAt: tx.now }, { id: productId })
    await tx.insert(productTrailTable, [
      trailRow(ids, { id: productId, status }, status satisfies ProductAction, caller.by, tx.now, reason),
    ])
    if (status === 'rejected') emitCatalog(tx, 'product.rejected', productId, { productId, reason: reason ?? '' })
    else emitCatalog(tx, `product.${status}`, productId, { productId })
    return readSummary(tx, productId)
  }
}

/** Every change of a product begins with this lock, so that a review and an edit never pass each other. @throws catalog.product_not_found */
export async function lockProduct(tx: Tx, productId: string): Promise<ProductRow> {
  const [product] = await tx.lock(productTable, { id: productId })
  if (!product) throw productNotFound({ productId })
  return product
}
