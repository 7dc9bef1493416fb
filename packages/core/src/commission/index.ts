/**
 * Who gets what of a line: rules, precedence, split, capture and reversal, as pure arithmetic over frozen terms.
 *
 * Invariants: the shares of a line add up to what the customer pays for it; the supplier's is what the others leave (R2); a refund gives
 * back each party's net by R4, pot by pot, and a full one exactly; charges are moved by no refund.
 */

export type { AnnouncePlanInput } from './announce-plan.js'
// Rules
export { type BandMode, type BandPart, type BandStep, type Bands, type TrueUpInput, trueUp } from './bands.js'
export { captureKey } from './book-captures.js'
export { type CalculatedCommission, type CalculationInput, calculateCommission } from './calculate.js'
// Captures and refunds
export { capturedBase, earnLine, type LineCapture, type Progress } from './capture.js'
export { assertDistribution, type ChainMember, type DistributionTerms, maxTiers, type TierShare } from './chain.js'
export { type ClaimRow, claimTable, commissionTables } from './commission.entity.js'
export {
  type Commission,
  type CommissionDeps,
  type CommissionOptions,
  type CommissionService,
  createCommission,
} from './commission-service.js'
export type { CommissionEvents } from './events.js'
export type { ExplainedRule, LineExplanation } from './explain.js'
// Flows
export {
  type Component,
  componentsOf,
  type Flow,
  type FlowKind,
  movedAlong,
  netOf,
  type Pot,
  type Share,
  sharesOf,
  turnRound,
} from './flow.js'
export type { ClaimMovement, CommissionHooks, LineBeneficiaries } from './hooks.js'
export type { LeavePlanInput, PlanStanding } from './leave-plan.js'
// The line
export type { FundedDiscount, LineAmounts, LineTax, LineTerms } from './line.js'
export { isWithin, matchedBy, type RuleSubject, selectRule } from './match.js'
// The order's amounts on its lines
export {
  allocateDiscounts,
  allocateShipping,
  type DiscountedLine,
  type DiscountFunder,
  type OrderDiscount,
  type ParcelLine,
} from './order-amounts.js'
export {
  type DistributorParty,
  distributorParty,
  type Endpoint,
  isDistributor,
  type PartyId,
  type SupplierParty,
  supplierParty,
} from './party.js'
export type { ExchangeRates } from './payout-terms.js'
export type { CommissionPlan } from './plan.js'
export { allocateCapture, allocateRefund, type PotPart, type PotState } from './pots.js'
export { assertWithinCap, type OrderSplit, orderSplit } from './rail.js'
export { type LineRefund, reverseLine } from './reversal.js'
export { assertRule, type Calculation, type CommissionRule, type CommissionTerms, type RefundFee, type RuleMatch } from './rule.js'
export { type CommissionRuleInput, ruleInput } from './rules.js'
export type { SimulatedBasket, SimulatedLine, SimulatedPlan, SimulateInput, Simulation } from './simulate.js'
export { type LineSplit, type SplitExplanation, splitLine } from './split.js'
