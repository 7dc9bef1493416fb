import * as z from 'zod'
import { type Caller, id, type Tx } from '../kernel/index.js'
import { readOffers } from './catalog.sql.js'
import { type OfferDraft, offerFields } from './drafts.js'
import { variantNotFound } from './errors.js'
import { variantTable } from './offer.entity.js'
import type { Offer } from './offer.js'
import { offerRow } from './rows.js'
import { type CatalogDeps, requireSuppliers, storeOffers } from './store.js'

/** A supplier's promise to sell a variant, its own or another's; listed from the start. */
export interface CreateOfferInput extends OfferDraft {
  readonly supplierId: string
  readonly variantId: string
}

export interface CreateOffersInput {
  /** 1 to 1000, of any suppliers; written in as many statements as one needs. */
  readonly offers: readonly CreateOfferInput[]
}

export const createOfferInput: z.ZodType<CreateOfferInput> = z.strictObject({ supplierId: id, variantId: id, ...offerFields })
export const createOffersInput: z.ZodType<CreateOffersInput> = z.strictObject({ offers: z.array(createOfferInput).min(1).max(1000) })

export function createOffers({
  kernel,
  suppliers,
}: CatalogDeps): (tx: Tx, input: CreateOffersInput, caller: Caller) => Promise<readonly Offer[]> {
  return async (tx, { offers: drafts }, caller) => {
    await requireSuppliers(
      suppliers,
      tx,
      drafts.map((draft) => draft.supplierId),
    )
    const found = await tx.find(variantTable, { id: [...new Set(drafts.map((draft) => draft.variantId))] })
    const variants = new Map(found.map((variant) => [variant.id, variant]))
    const rows = drafts.map((draft) => {
      const variant = variants.get(draft.variantId)
      if (!variant) throw variantNotFound({ variantId: draft.variantId })
      return offerRow(kernel.ids, { supplierId: draft.supplierId, variantId: variant.id, productId: variant.productId }, draft, tx.now)
    })
    await storeOffers(kernel, tx, rows, caller.by)
    const offers = await readOffers(
      tx,
      rows.map((row) => row.id),
    )
    return rows.flatMap((row) => offers.get(row.id) ?? [])
  }
}

/** One, by the same way. */
export function createOffer(deps: CatalogDeps): (tx: Tx, input: CreateOfferInput, caller: Caller) => Promise<Offer> {
  const create = createOffers(deps)
  return async (tx, input, caller) => {
    const [offer] = await create(tx, { offers: [input] }, caller)
    if (!offer) throw variantNotFound({ variantId: input.variantId })
    return offer
  }
}
