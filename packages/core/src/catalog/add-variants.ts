import * as z from 'zod'
import { type Caller, id, type Tx } from '../kernel/index.js'
import { type VariantDraft, variants } from './drafts.js'
import { offerWithoutSupplier, optionsReordered } from './errors.js'
import { emitCatalog } from './events.js'
import { variantTable } from './offer.entity.js'
import { productTable, productTrailTable } from './product.entity.js'
import type { Product } from './product.js'
import { statusAfterEdit } from './product-status.js'
import { readProduct } from './read-products.js'
import { lockProduct } from './review-product.js'
import { offerRowsOf, trailRow, variantRows } from './rows.js'
import { options } from './schemas.js'
import { type CatalogDeps, storeOffers } from './store.js'
import { type ProductOption, titlesOf } from './variant.js'

export interface AddVariantsInput {
  readonly productId: string
  /** All of the product's options, where the new variants need values that it does not have yet. The variants that are there must fit them too. */
  readonly options?: readonly ProductOption[] | undefined
  readonly variants: readonly VariantDraft[]
}

export const addVariantsInput: z.ZodType<AddVariantsInput> = z.strictObject({ productId: id, options: options.optional(), variants })

/** Adds variants to a product that may be edited. */
export function addVariants({ kernel }: CatalogDeps): (tx: Tx, input: AddVariantsInput, caller: Caller) => Promise<Product> {
  return async (tx, { productId, options, variants: drafts }, caller) => {
    const product = await lockProduct(tx, productId)
    const status = statusAfterEdit(product)
    if (product.supplierId === null && drafts.some((draft) => draft.offer)) throw offerWithoutSupplier({ productId })
    const present = await tx.find(variantTable, { productId }, { orderBy: ['position'] })
    const titles = titlesOf(options ?? product.options, [...present, ...drafts])
    if (present.some((variant, index) => variant.title !== titles[index])) throw optionsReordered({ productId })
    const rows = variantRows(kernel.ids, productId, drafts, titles.slice(present.length), present.length)
    await tx.update(productTable, { status, options: options ?? product.options, updatedAt: tx.now }, { id: productId })
    await tx.insert(variantTable, rows)
    await storeOffers(kernel, tx, offerRowsOf(kernel.ids, product.supplierId, drafts, rows, tx.now), caller.by)
    await tx.insert(productTrailTable, [trailRow(kernel.ids, { id: productId, status }, 'variants_added', caller.by, tx.now)])
    emitCatalog(tx, 'product.edited', productId, { productId })
    return readProduct(tx, productId)
  }
}
