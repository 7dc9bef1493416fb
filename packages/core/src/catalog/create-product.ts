import type { Caller, Tx } from '../kernel/index.js'
import type { ProductDraft } from './drafts.js'
import type { Product } from './product.js'
import { readProduct } from './read-products.js'
import { type CatalogDeps, storeProducts } from './store.js'

export type CreateProductInput = ProductDraft

/** Creates a draft with its variants, media and offers. */
export function createProduct(deps: CatalogDeps): (tx: Tx, input: CreateProductInput, caller: Caller) => Promise<Product> {
  return async (tx, input, caller) => {
    const stored = await storeProducts(deps, tx, [input], { status: 'draft', action: 'created', by: caller.by })
    return readProduct(tx, stored[0]?.id ?? '')
  }
}
