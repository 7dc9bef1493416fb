import * as z from 'zod'
import { defaultLimit, id, line, type Page, type PageInput, pageOf, pageShape, type Reader, sql } from '../kernel/index.js'
import { and, selectOffers } from './catalog.sql.js'
import { offerNotFound } from './errors.js'
import type { Offer } from './offer.js'

/** @throws catalog.offer_not_found */
export async function requireOffer(reader: Reader, offerId: string): Promise<Offer> {
  const [offer] = await selectOffers(reader, sql`WHERE o.id = ${offerId}`)
  if (!offer) throw offerNotFound({ offerId })
  return offer
}

export interface ListOffersInput extends PageInput {
  readonly supplierId?: string | undefined
  readonly productId?: string | undefined
  readonly variantId?: string | undefined
  /** The supplier's own number. */
  readonly sku?: string | undefined
}

export const listOffersInput: z.ZodType<ListOffersInput> = z.strictObject({
  supplierId: id.optional(),
  productId: id.optional(),
  variantId: id.optional(),
  sku: line(80).optional(),
  ...pageShape,
})

/** Sellable or not. */
export async function listOffers(reader: Reader, input: ListOffersInput): Promise<Page<Offer>> {
  const { supplierId, productId, variantId, sku, limit = defaultLimit, after = '' } = input
  const offers = await selectOffers(
    reader,
    sql`WHERE o.id > ${after}
      ${and(supplierId, (value) => sql`o.supplier_id = ${value}`)}
      ${and(productId, (value) => sql`o.product_id = ${value}`)}
      ${and(variantId, (value) => sql`o.variant_id = ${value}`)}
      ${and(sku, (value) => sql`o.sku = ${value}`)}
    ORDER BY o.id LIMIT ${limit + 1}`,
  )
  return pageOf(offers, limit, (offer) => offer.id)
}
