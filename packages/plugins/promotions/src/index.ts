/**
 * Promotions: coupon codes and threshold discounts, and who pays for them.
 *
 * - A cart's discounts are computed anew whenever it is priced; a promotion is used when an order is placed with it, in the order's own transaction.
 * - A limit is never passed, however many orders are placed at the same moment; what a canceled or expired order had used can be used again.
 * - The funders of a promotion bear 100 % of it together. A distributor funds only what it brought, and never more than it earns of it.
 */

// The API
export type { CreatePromotionInput, PromotionLimitsInput, PromotionScopeInput } from './create-promotion.js'
export type { PromotionsEvents } from './events.js'
export type { Refusal } from './grant.js'
export type { PromotionIdInput } from './inputs.js'
export { promotions } from './plugin.js'
export type { Funders, Promotion, PromotionLimits, PromotionScope, PromotionStatus, Redemption } from './promotion.js'
export type { Promotions } from './promotions.js'
export type { ListPromotionsInput, ListRedemptionsInput, PromotionWithUse } from './read-promotions.js'
