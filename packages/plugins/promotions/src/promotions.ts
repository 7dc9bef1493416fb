import type { Call, Page } from '@entrepot/core'
import type { CreatePromotionInput } from './create-promotion.js'
import type { PromotionIdInput } from './inputs.js'
import type { Promotion, Redemption } from './promotion.js'
import type { ListPromotionsInput, ListRedemptionsInput, PromotionWithUse } from './read-promotions.js'

/** What `commerce.promotions` is. Customers enter codes by `commerce.carts.applyCode`. */
export interface Promotions {
  /** @throws promotions.code_taken, promotions.empty_validity */
  create(input: CreatePromotionInput, call?: Call): Promise<Promotion>
  /** Ends a promotion at once and for good; orders that have it keep it. @throws promotions.not_found */
  archive(input: PromotionIdInput, call?: Call): Promise<Promotion>
  /** @throws promotions.not_found */
  get(input: PromotionIdInput, call?: Call): Promise<PromotionWithUse>
  /** In the order of creation. */
  list(input?: ListPromotionsInput, call?: Call): Promise<Page<PromotionWithUse>>
  /** The orders that used promotions, oldest first: of a promotion, a customer, an order, or all. */
  redemptions(input?: ListRedemptionsInput, call?: Call): Promise<Page<Redemption>>
}
