/** The prices that may apply, by one statement however many offers are asked for. */
import { column, defineTable, holdsAt, inList, nullable, type Reader, type Sql, sql, type Table, type Timestamp } from '../kernel/index.js'
import { type CandidatePrice, type PricedItem, priceOf, type UnitPrice } from './price-list.js'
import { priceListItemTable, priceListTable } from './pricing.entity.js'

/** For whom and when. Null: no such condition holds. */
export interface PriceContext {
  readonly channel: string | null
  readonly customerGroup: string | null
  readonly distributorId: string | null
  readonly at: Timestamp
}

const candidate: Table<CandidatePrice> = defineTable<CandidatePrice>({
  name: 'candidate_price',
  primaryKey: [],
  columns: {
    offerId: column.id(),
    minQuantity: column.integer(),
    price: column.amount(),
    priceListId: column.id(),
    currency: column.string(3),
    validFrom: column.time(),
    channel: nullable(column.string(80)),
    customerGroup: nullable(column.string(80)),
    distributorId: nullable(column.id()),
  },
})

/** Unit prices by offer. Items of one offer are priced together, by the sum of their quantities. */
export async function readPrices(
  reader: Reader,
  items: readonly PricedItem[],
  context: PriceContext,
): Promise<ReadonlyMap<string, UnitPrice>> {
  if (items.length === 0) return new Map()
  const wanted = byOffer(items)
  const { at } = context
  const rows = await reader.all(sql`
    SELECT i.offer_id, i.min_quantity, i.price, l.id AS price_list_id, l.currency, l.valid_from, l.channel, l.customer_group, l.distributor_id
    FROM ${priceListItemTable} i JOIN ${priceListTable} l ON l.id = i.price_list_id
    WHERE ${inList(sql`i.offer_id`, [...wanted.keys()])}
      AND l.status = 'active' AND ${holdsAt(at, 'l')}
      AND ${holds(sql`l.channel`, context.channel)}
      AND ${holds(sql`l.customer_group`, context.customerGroup)}
      AND ${holds(sql`l.distributor_id`, context.distributorId)}`)
  const candidates = new Map<string, CandidatePrice[]>()
  for (const price of rows.map(candidate.read)) {
    const ofOffer = candidates.get(price.offerId)
    if (ofOffer) ofOffer.push(price)
    else candidates.set(price.offerId, [price])
  }
  return new Map([...wanted].map(([offerId, item]) => [offerId, priceOf(item, candidates.get(offerId) ?? [])]))
}

function holds(condition: Sql, value: string | null): Sql {
  return value === null ? sql`${condition} IS NULL` : sql`(${condition} IS NULL OR ${condition} = ${value})`
}

function byOffer(items: readonly PricedItem[]): ReadonlyMap<string, PricedItem> {
  const wanted = new Map<string, PricedItem>()
  for (const item of items) wanted.set(item.offerId, { ...item, quantity: item.quantity + (wanted.get(item.offerId)?.quantity ?? 0) })
  return wanted
}
