import * as z from 'zod'
import { type Caller, id, type Kernel, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { emitCatalog } from './events.js'
import { type Localized, searchTextOf } from './localized.js'
import { productMediaTable, productTable, productTrailTable } from './product.entity.js'
import type { Media, Product, Specification } from './product.js'
import { statusAfterEdit } from './product-status.js'
import { readProduct } from './read-products.js'
import { lockProduct } from './review-product.js'
import { mediaRows, trailRow } from './rows.js'
import { descriptions, localized, media, specifications } from './schemas.js'
import { requireReferences } from './store.js'

/** What is left out stays as it is; what is given replaces the whole of it. */
export interface UpdateProductInput {
  readonly productId: string
  readonly names?: Localized | undefined
  readonly descriptions?: Localized | undefined
  readonly specifications?: readonly Specification[] | undefined
  readonly media?: readonly Media[] | undefined
  /** Null: in none. */
  readonly categoryId?: string | null | undefined
  readonly brandId?: string | null | undefined
  /** The integrator's own; it is not reviewed and may change at any time. */
  readonly metadata?: Metadata | undefined
}

export const updateProductInput: z.ZodType<UpdateProductInput> = z.strictObject({
  productId: id,
  names: localized(400).optional(),
  descriptions: descriptions.optional(),
  specifications: specifications.optional(),
  media: media.optional(),
  categoryId: id.nullable().optional(),
  brandId: id.nullable().optional(),
  metadata: metadata.optional(),
})

/** Edits a product outside its review and the shelf; an archived one becomes a draft again. */
export function updateProduct({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: UpdateProductInput, caller: Caller) => Promise<Product> {
  return async (tx, { productId, metadata, media, ...content }, caller) => {
    const product = await lockProduct(tx, productId)
    const edited = media !== undefined || Object.values(content).some((value) => value !== undefined)
    const status = edited ? statusAfterEdit(product) : product.status
    await requireReferences(tx, [content])
    const { names, categoryId, brandId, descriptions, specifications } = content
    const searchText = names && searchTextOf(names)
    const changes = { names, searchText, categoryId, brandId, descriptions, specifications, metadata, status, updatedAt: tx.now }
    await tx.update(productTable, given(changes), { id: productId })
    if (media) {
      await tx.remove(productMediaTable, { productId })
      await tx.insert(productMediaTable, mediaRows(ids, productId, media))
    }
    if (edited) {
      await tx.insert(productTrailTable, [trailRow(ids, { id: productId, status }, 'edited', caller.by, tx.now)])
      emitCatalog(tx, 'product.edited', productId, { productId })
    }
    return readProduct(tx, productId)
  }
}

type Given<Changes> = { [Name in keyof Changes]?: Exclude<Changes[Name], undefined> }

/** Only what is there: an undefined member is not a change. */
export function given<Changes extends object>(changes: Changes): Given<Changes> {
  // What remains after the filter has no undefined member, which is what Given says.
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Given<Changes>
}
