import type { Metadata, Timestamp } from '../kernel/index.js'

/** Prices that take the place of the offers' own, for whom and when it says. */
export interface PriceList {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly status: 'active' | 'archived'
  /** Inclusive. */
  readonly validFrom: Timestamp
  /** Exclusive; null: for good. */
  readonly validTo: Timestamp | null
  /** Each of these three is a condition; null is none. */
  readonly channel: string | null
  readonly customerGroup: string | null
  readonly distributorId: string | null
  readonly metadata: Metadata
  readonly createdAt: Timestamp
}

/** One price of a list. */
export interface ListPrice {
  readonly offerId: string
  /** Holds from this quantity on, until the next tier. */
  readonly minQuantity: number
  /** Of one unit, in minor units of the list's currency. */
  readonly price: number
}

/** A price that may apply: a tier of a list whose conditions hold. */
export interface CandidatePrice
  extends ListPrice,
    Pick<PriceList, 'currency' | 'validFrom' | 'channel' | 'customerGroup' | 'distributorId'> {
  readonly priceListId: string
}

/** What a price is asked for. */
export interface PricedItem {
  readonly offerId: string
  /** The offer's own price of one unit, in minor units of `currency`. */
  readonly basePrice: number
  readonly currency: string
  /** All units of the offer in the cart: tiers count them together. */
  readonly quantity: number
}

export interface UnitPrice {
  /** Minor units. */
  readonly unitPrice: number
  /** Null: the offer's own price. */
  readonly priceListId: string | null
}

/**
 * The one order of precedence. Of the lists in the item's currency that have a tier for its quantity:
 *
 * 1. the one with more conditions (channel, customer group, distributor) wins;
 * 2. at equal count, distributor before customer group before channel;
 * 3. then the later `validFrom`;
 * 4. then the newer list.
 *
 * Within the list, the tier of the highest `minQuantity` that the quantity reaches. Without such a list, the offer's own price.
 * A list's price holds also where it is above the offer's own.
 */
export function priceOf(item: PricedItem, candidates: readonly CandidatePrice[]): UnitPrice {
  const reached = candidates.filter((candidate) => candidate.currency === item.currency && candidate.minQuantity <= item.quantity)
  const best = reached.reduce<CandidatePrice | undefined>(
    (held, next) => (held === undefined || comesBefore(next, held) ? next : held),
    undefined,
  )
  return best ? { unitPrice: best.price, priceListId: best.priceListId } : { unitPrice: item.basePrice, priceListId: null }
}

function comesBefore(a: CandidatePrice, b: CandidatePrice): boolean {
  const [left, right] = [rank(a), rank(b)]
  const at = left.findIndex((value, index) => value !== right[index])
  return at !== -1 && (left[at] ?? '') > (right[at] ?? '')
}

/** What precedence compares, first things first. Ids sort by the time of their making. */
function rank({
  channel,
  customerGroup,
  distributorId,
  validFrom,
  priceListId,
  minQuantity,
}: CandidatePrice): readonly (number | string)[] {
  const conditions = [distributorId, customerGroup, channel].map((condition) => (condition === null ? 0 : 1))
  const count = conditions.reduce<number>((sum, condition) => sum + condition, 0)
  return [count, ...conditions, validFrom, priceListId, minQuantity]
}
