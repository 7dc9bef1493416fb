import * as z from 'zod'
import type { Caller, Tx } from '../kernel/index.js'
import { type ProductDraft, productDraft } from './drafts.js'
import { type CatalogDeps, storeProducts } from './store.js'

/** Products that were reviewed and sold elsewhere: a platform moves here. */
export interface ImportProductsInput {
  /** 1 to 1000; what they hold is written in as many statements as one product needs. */
  readonly products: readonly ProductDraft[]
}

/** An imported product, in the order of the input; so are its variants. */
export interface ImportedProduct {
  readonly id: string
  readonly variants: readonly {
    readonly id: string
    /** Null where the draft had no offer. */
    readonly offerId: string | null
  }[]
}

export const importProductsInput: z.ZodType<ImportProductsInput> = z.strictObject({ products: z.array(productDraft).min(1).max(1000) })

/** Published at once, without review: for trusted host code. */
export function importProducts(
  deps: CatalogDeps,
): (tx: Tx, input: ImportProductsInput, caller: Caller) => Promise<readonly ImportedProduct[]> {
  return async (tx, { products }, caller) => {
    const stored = await storeProducts(deps, tx, products, { status: 'published', action: 'imported', by: caller.by })
    return stored.map(({ id, variants, offers }) => {
      const offerIds = new Map(offers.map((offer) => [offer.variantId, offer.id]))
      return { id, variants: variants.map((variant) => ({ id: variant.id, offerId: offerIds.get(variant.id) ?? null })) }
    })
  }
}
