import * as z from 'zod'
import { type Caller, id, line, type Metadata, metadata, type Timestamp, type Tx, time } from '../kernel/index.js'
import { currency } from '../money/index.js'
import { emptyValidity } from './errors.js'
import { emitPricing } from './events.js'
import type { PriceList } from './price-list.js'
import { type PriceListRow, priceListTable } from './pricing.entity.js'
import { type PriceDraft, type PricingDeps, priceDrafts, storePrices } from './set-prices.js'

export interface CreatePriceListInput {
  /** For staff. */
  readonly name: string
  /** It prices what is sold in this currency, and nothing else. */
  readonly currency: string
  /** Inclusive. @default now */
  readonly validFrom?: Timestamp | undefined
  /** Exclusive. @default for good */
  readonly validTo?: Timestamp | undefined
  /** Only in this sales channel. */
  readonly channel?: string | undefined
  /** Only for customers of this group. */
  readonly customerGroup?: string | undefined
  /** Only for what this distributor sells. */
  readonly distributorId?: string | undefined
  /** Up to 5000; more by setPrices. */
  readonly prices?: readonly PriceDraft[] | undefined
  readonly metadata?: Metadata | undefined
}

export const createPriceListInput: z.ZodType<CreatePriceListInput> = z.strictObject({
  name: line(200),
  currency,
  validFrom: time.optional(),
  validTo: time.optional(),
  channel: line(80).optional(),
  customerGroup: line(80).optional(),
  distributorId: id.optional(),
  prices: priceDrafts.optional(),
  metadata: metadata.optional(),
})

export function createPriceList(deps: PricingDeps): (tx: Tx, input: CreatePriceListInput, caller: Caller) => Promise<PriceList> {
  return async (tx, input, caller) => {
    const { validFrom = tx.now, validTo = null } = input
    if (validTo !== null && validTo <= validFrom) throw emptyValidity({ validFrom, validTo })
    const row: PriceListRow = {
      id: deps.kernel.ids('pls'),
      name: input.name,
      currency: input.currency,
      status: 'active',
      validFrom,
      validTo,
      channel: input.channel ?? null,
      customerGroup: input.customerGroup ?? null,
      distributorId: input.distributorId ?? null,
      metadata: input.metadata ?? {},
      createdAt: tx.now,
    }
    await tx.insert(priceListTable, [row])
    await storePrices(deps, tx, row, input.prices ?? [], caller.by)
    emitPricing(tx, 'price_list.created', row.id, { priceListId: row.id })
    return row
  }
}
