import * as z from 'zod'
import { id, line, quantity, type Reader, type Timestamp, time } from '../kernel/index.js'
import { offerNotFound } from './errors.js'
import { readPrices } from './pricing.sql.js'
import type { PricingDeps } from './set-prices.js'

/** What some offers cost, for whom and when. */
export interface ResolvePricesInput {
  /** 1 to 1000 different offers. */
  readonly items: readonly {
    readonly offerId: string
    /** @default 1 */
    readonly quantity?: number | undefined
  }[]
  readonly channel?: string | undefined
  readonly customerGroup?: string | undefined
  readonly distributorId?: string | undefined
  /** @default now */
  readonly at?: Timestamp | undefined
}

export interface ResolvedPrice {
  readonly offerId: string
  readonly quantity: number
  /** The offer's own, minor units of `currency`. */
  readonly basePrice: number
  /** What one unit costs, minor units of `currency`. */
  readonly unitPrice: number
  readonly currency: string
  /** The list that says so; null: the offer itself. */
  readonly priceListId: string | null
}

export const resolvePricesInput: z.ZodType<ResolvePricesInput> = z.strictObject({
  items: z
    .array(z.strictObject({ offerId: id, quantity: quantity.optional() }))
    .min(1)
    .max(1000)
    .refine((items) => new Set(items.map(({ offerId }) => offerId)).size === items.length, 'must name each offer once'),
  channel: line(80).optional(),
  customerGroup: line(80).optional(),
  distributorId: id.optional(),
  at: time.optional(),
})

export function resolvePrices({
  catalog,
}: Pick<PricingDeps, 'catalog'>): (reader: Reader, input: ResolvePricesInput) => Promise<readonly ResolvedPrice[]> {
  return async (reader, { items, channel = null, customerGroup = null, distributorId = null, at = reader.now }) => {
    const offers = await catalog.offers(
      reader,
      items.map(({ offerId }) => offerId),
    )
    const priced = items.map(({ offerId, quantity = 1 }) => {
      const offer = offers.get(offerId)
      if (!offer) throw offerNotFound({ offerId })
      return { offerId, quantity, basePrice: offer.price, currency: offer.currency }
    })
    const prices = await readPrices(reader, priced, { channel, customerGroup, distributorId, at })
    return priced.map((item) => ({ ...item, ...(prices.get(item.offerId) ?? { unitPrice: item.basePrice, priceListId: null }) }))
  }
}
