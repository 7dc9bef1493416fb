import * as z from 'zod'
import { type Caller, id, type Kernel, type Tx } from '../kernel/index.js'
import { emitPricing } from './events.js'
import type { PriceList } from './price-list.js'
import { priceChangeTable, priceListItemTable, priceListTable } from './pricing.entity.js'
import { lockPriceList } from './set-prices.js'

export interface PriceListIdInput {
  readonly priceListId: string
}

export const priceListIdInput: z.ZodType<PriceListIdInput> = z.strictObject({ priceListId: id })

/** Ends a list at once and for good; its prices stay readable, and their end stands in the history of each offer. Repeating it changes nothing. */
export function archivePriceList({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: PriceListIdInput, caller: Caller) => Promise<PriceList> {
  return async (tx, { priceListId }, caller) => {
    const list = await lockPriceList(tx, priceListId)
    if (list.status === 'archived') return list
    await tx.update(priceListTable, { status: 'archived' }, { id: priceListId })
    const items = await tx.find(priceListItemTable, { priceListId }, { orderBy: ['id'] })
    const { currency } = list
    await tx.insert(
      priceChangeTable,
      items.map(({ offerId, minQuantity, price }) => ({
        id: ids('pch'),
        offerId,
        priceListId,
        minQuantity,
        before: price,
        after: null,
        currency,
        by: caller.by,
        at: tx.now,
      })),
    )
    emitPricing(tx, 'price_list.archived', priceListId, { priceListId })
    return { ...list, status: 'archived' }
  }
}
