import * as z from 'zod'
import { amount, type Caller, id, type Kernel, line, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { leadTimeDays } from './drafts.js'
import { offerNotFound, skuTaken } from './errors.js'
import { emitCatalog } from './events.js'
import type { CatalogHooks } from './hooks.js'
import { type OfferRow, offerTable } from './offer.entity.js'
import type { Offer } from './offer.js'
import { requireOffer } from './read-offers.js'
import { given } from './update-product.js'

/** What is left out stays as it is. The currency stays always: carts hold the offer in it. */
export interface UpdateOfferInput {
  readonly offerId: string
  /** Minor units of the offer's currency; every change stands in the price history. */
  readonly price?: number | undefined
  readonly sku?: string | undefined
  /** Null: not known. */
  readonly leadTimeDays?: number | null | undefined
  readonly metadata?: Metadata | undefined
}

export const updateOfferInput: z.ZodType<UpdateOfferInput> = z.strictObject({
  offerId: id,
  price: amount.optional(),
  sku: line(80).optional(),
  leadTimeDays: leadTimeDays.nullable().optional(),
  metadata: metadata.optional(),
})

export function updateOffer({
  kernel,
}: {
  readonly kernel: Pick<Kernel, 'database' | 'hooks'>
}): (tx: Tx, input: UpdateOfferInput, caller: Caller) => Promise<Offer> {
  return async (tx, { offerId, ...changes }, caller) => {
    const offer = await lockOffer(tx, offerId)
    await tx.update(offerTable, { ...given(changes), updatedAt: tx.now }, { id: offerId }).catch((error: unknown) => {
      // Of what an offer changes, only its SKU is unique.
      throw kernel.database.dialect.isUniqueViolation(error) ? skuTaken({ skus: [changes.sku ?? offer.sku] }, error) : error
    })
    const { price: before, currency, productId, supplierId } = offer
    const after = changes.price ?? before
    if (after !== before) {
      await kernel.hooks<CatalogHooks>().run(tx, 'offer.priced', { prices: [{ offerId, before, after, currency }], by: caller.by })
      emitCatalog(tx, 'offer.priced', offerId, { offerId, productId, supplierId, before, after, currency })
    }
    return requireOffer(tx, offerId)
  }
}

export interface OfferIdInput {
  readonly offerId: string
}

export const offerIdInput: z.ZodType<OfferIdInput> = z.strictObject({ offerId: id })

/** Puts an offer on the shelf or takes it off; what it is already, it stays. */
export function setListed(listed: boolean): (tx: Tx, input: OfferIdInput) => Promise<Offer> {
  return async (tx, { offerId }) => {
    const { productId, supplierId, listed: before } = await lockOffer(tx, offerId)
    if (listed !== before) {
      await tx.update(offerTable, { listed, updatedAt: tx.now }, { id: offerId })
      emitCatalog(tx, listed ? 'offer.listed' : 'offer.unlisted', offerId, { offerId, productId, supplierId })
    }
    return requireOffer(tx, offerId)
  }
}

/** @throws catalog.offer_not_found */
async function lockOffer(tx: Tx, offerId: string): Promise<OfferRow> {
  const [offer] = await tx.lock(offerTable, { id: offerId })
  if (!offer) throw offerNotFound({ offerId })
  return offer
}
