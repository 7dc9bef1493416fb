import * as z from 'zod'
import type { Catalog } from '../catalog/index.js'
import { amount, type Caller, id, inList, type Kernel, numberByKey, quantity, sql, type Tx } from '../kernel/index.js'
import { offerNotFound, priceListArchived, priceListNotFound, priceRepeated } from './errors.js'
import { emitPricing } from './events.js'
import {
  type PriceChangeRow,
  type PriceListItemRow,
  type PriceListRow,
  priceChangeTable,
  priceListItemTable,
  priceListTable,
} from './pricing.entity.js'

/** A tier of a list, to be set or taken out. */
export interface PriceDraft {
  readonly offerId: string
  /** @default 1 */
  readonly minQuantity?: number | undefined
  /** Of one unit, in minor units of the list's currency; null takes the tier out. */
  readonly price: number | null
}

export interface SetPricesInput {
  readonly priceListId: string
  /** 1 to 5000; tiers that are not named stay as they are. */
  readonly prices: readonly PriceDraft[]
}

export const priceDrafts: z.ZodType<readonly PriceDraft[]> = z
  .array(z.strictObject({ offerId: id, minQuantity: quantity.optional(), price: amount.nullable() }))
  .max(5000)

export const setPricesInput: z.ZodType<SetPricesInput> = z.strictObject({ priceListId: id, prices: priceDrafts })

export interface PricingDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly catalog: Pick<Catalog, 'offers'>
}

export function setPrices(deps: PricingDeps): (tx: Tx, input: SetPricesInput, caller: Caller) => Promise<void> {
  return async (tx, { priceListId, prices }, caller) => {
    const list = await lockPriceList(tx, priceListId)
    if (list.status === 'archived') throw priceListArchived({ priceListId })
    await storePrices(deps, tx, list, prices, caller.by)
    emitPricing(tx, 'price_list.changed', priceListId, { priceListId, offerIds: [...new Set(prices.map(({ offerId }) => offerId))] })
  }
}

/** Its changes queue up behind this lock. @throws pricing.price_list_not_found */
export async function lockPriceList(tx: Tx, priceListId: string): Promise<PriceListRow> {
  const [list] = await tx.lock(priceListTable, { id: priceListId })
  if (!list) throw priceListNotFound({ priceListId })
  return list
}

interface Tier {
  readonly offerId: string
  readonly minQuantity: number
  readonly before: PriceListItemRow | undefined
  readonly after: number | null
}

/** Sets prices of a locked list, as few statements for one as for thousands. @throws pricing.offer_not_found, pricing.price_repeated */
export async function storePrices(
  { kernel: { ids }, catalog }: PricingDeps,
  tx: Tx,
  list: PriceListRow,
  drafts: readonly PriceDraft[],
  by: string,
): Promise<void> {
  const offers = await catalog.offers(
    tx,
    drafts.map((draft) => draft.offerId),
  )
  for (const { offerId } of drafts) if (!offers.has(offerId)) throw offerNotFound({ offerId })
  const present = await tx.find(priceListItemTable, { priceListId: list.id, offerId: [...offers.keys()] })
  const tiers = changedTiers(drafts, present)
  const added = tiers.flatMap(({ offerId, minQuantity, before, after }) =>
    before || after === null ? [] : [{ id: ids('pli'), priceListId: list.id, offerId, minQuantity, price: after }],
  )
  const changed = tiers.flatMap(({ before, after }) => (before && after !== null ? [[before.id, after] as const] : []))
  const removed = tiers.flatMap(({ before, after }) => (before && after === null ? [before.id] : []))
  await tx.insert(priceListItemTable, added)
  if (changed.length > 0) {
    const changedIds = changed.map(([itemId]) => itemId)
    await tx.run(sql`UPDATE ${priceListItemTable} SET price = ${numberByKey(sql`id`, changed)} WHERE ${inList(sql`id`, changedIds)}`)
  }
  if (removed.length > 0) await tx.remove(priceListItemTable, { id: removed })
  await tx.insert(
    priceChangeTable,
    tiers.map(
      ({ offerId, minQuantity, before, after }): PriceChangeRow => ({
        id: ids('pch'),
        offerId,
        priceListId: list.id,
        minQuantity,
        before: before?.price ?? null,
        after,
        currency: list.currency,
        by,
        at: tx.now,
      }),
    ),
  )
}

/** What differs from what is there. @throws pricing.price_repeated */
function changedTiers(drafts: readonly PriceDraft[], present: readonly PriceListItemRow[]): readonly Tier[] {
  const rows = new Map(present.map((row) => [`${row.offerId} ${row.minQuantity}`, row]))
  const seen = new Set<string>()
  return drafts.flatMap(({ offerId, minQuantity = 1, price: after }) => {
    const key = `${offerId} ${minQuantity}`
    if (seen.has(key)) throw priceRepeated({ offerId, minQuantity })
    seen.add(key)
    const before = rows.get(key)
    return (before?.price ?? null) === after ? [] : [{ offerId, minQuantity, before, after }]
  })
}
