/** What one promotion takes off a cart, or why it takes off nothing. Pure. */
import { type AdjustableLine, type AdjustingInput, percentage, percentOf, sumAmounts, type Timestamp } from '@entrepot/core'
import type { Funders, Promotion, PromotionScope } from './promotion.js'

/** Why a code grants nothing now. */
export type Refusal =
  | 'not_started'
  | 'ended'
  | 'wrong_currency'
  | 'nothing_in_scope'
  | 'below_threshold'
  | 'used_up'
  /** A limit by customer, and nobody knows who this is. */
  | 'customer_unknown'
  /** It is paid by a distributor who has not brought this customer. */
  | 'other_distributor'
  /** Another stands alone, or it would have to. */
  | 'not_combinable'
  /** The same code, typed in two ways. */
  | 'entered_twice'

/** What a promotion takes off. */
export interface Grant {
  readonly promotion: Promotion
  /** Minor units. */
  readonly amount: number
  readonly lineIds: readonly string[]
  /** The cart's distributor stands in it by its id. */
  readonly funders: Funders
}

/** What a promotion must know of a cart. */
export type PromotedCart = Pick<AdjustingInput, 'customerId' | 'distributorId' | 'currency' | 'at' | 'lines'>

/** @param isUsedUp whether a limit of it is reached, in all or by this customer */
export function grantOf(promotion: Promotion, cart: PromotedCart, isUsedUp: boolean): Grant | Refusal {
  if (cart.at < promotion.validFrom) return 'not_started'
  if (isOver(promotion, cart.at)) return 'ended'
  if (promotion.currency !== null && promotion.currency !== cart.currency) return 'wrong_currency'
  if (isUsedUp) return 'used_up'
  if (promotion.limits.perCustomer !== null && cart.customerId === null) return 'customer_unknown'
  const funders = fundersIn(promotion.funders, cart.distributorId)
  if (funders === undefined) return 'other_distributor'
  const lines = cart.lines.filter((line) => isInScope(promotion.scope, line))
  const price = sumAmounts(lines.map((line) => line.price))
  const amount = amountOff(promotion, price)
  if (amount === 0) return 'nothing_in_scope'
  if (price < promotion.minimum) return 'below_threshold'
  return { promotion, amount, lineIds: lines.map(({ id }) => id), funders }
}

export function isOver({ status, validTo }: Promotion, at: Timestamp): boolean {
  return status === 'archived' || (validTo !== null && at >= validTo)
}

/** Never more than the goods cost. */
function amountOff({ amount, percent, atMost }: Promotion, price: number): number {
  if (percent === null) return Math.min(amount ?? 0, price)
  const part = percentOf(price, percentage(percent))
  return atMost === null ? part : Math.min(part, atMost)
}

export function isInScope({ supplierIds, categories, productIds }: PromotionScope, line: AdjustableLine): boolean {
  return (
    (supplierIds.length === 0 || supplierIds.includes(line.supplierId)) &&
    (productIds.length === 0 || productIds.includes(line.productId)) &&
    (categories.length === 0 || categories.some((path) => line.categoryPath === path || line.categoryPath?.startsWith(`${path}/`)))
  )
}

/**
 * A distributor pays out of its own share, which it has of what it brought alone: undefined where another one should pay than who brought this customer.
 */
function fundersIn(funders: Funders, distributorId: string | null): Funders | undefined {
  const own = distributorId === null ? undefined : `distributor:${distributorId}`
  const parties = Object.entries(funders).map(([party, percent]) => [party === 'distributor' ? own : party, percent] as const)
  const payable = parties.every(([party]) => party === 'platform' || party === 'supplier' || (party !== undefined && party === own))
  return payable ? Object.fromEntries(parties) : undefined
}
