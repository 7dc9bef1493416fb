/**
 * Distributors: who they are, whose customers are whose, and who earns of a sale.
 *
 * - Nobody earns for recruiting: a distributor earns of goods that are sold, and of them by its tier alone; at most three of a chain earn.
 * - A customer belongs to one distributor at a time: to the first whose link it opened, until another's click at or after the end of the protection.
 * - Terms and chain are frozen on the order line when the order is placed; what happens to the tree later changes no earlier sale.
 * - What a distributor earns stands in the books under `distributor:<id>`, and nowhere else.
 */

// The API
export type { ApplyDistributorInput } from './apply-distributor.js'
export type { BindInput, BindingResult, IdentifyInput } from './bind-customer.js'
export type { BindingSource } from './binding.js'
export type { ClickInput } from './click.js'
export type { Distribution } from './distribution.js'
export type { Distributor, DistributorStatus, TrailAction, TrailEntry } from './distributor.js'
export type { DistributionEvents } from './events.js'
export type { DistributorIdInput } from './inputs.js'
export type { MoveDistributorInput } from './move-distributor.js'
export type { DistributionOptions, LevelPlan, PlanOptions, TierPlan } from './options.js'
export { distribution } from './plugin.js'
export type { BindingInput, BoundCustomer, LinkInput, ListCustomersInput, ListOrdersInput, ReferralLink } from './read-business.js'
export type { FindDistributorInput, ListDistributorsInput, ListTrailInput } from './read-distributors.js'
export { referralParameter } from './referral.js'
export type { ImportDistributorsInput, RegisterDistributorInput } from './register-distributors.js'
export type { ReasonedInput } from './review-distributor.js'
export type { DistributorOrder } from './sale.js'
export type { UpdateDistributorInput } from './update-distributor.js'
