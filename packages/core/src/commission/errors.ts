import { defineError, type ErrorFactory } from '../kernel/index.js'

export const invalidRule: ErrorFactory<{ rule: string; reason: string }> = defineError(
  'commission.invalid_rule',
  'invalid_data',
  (f) => `rule ${f.rule} is refused: ${f.reason}`,
)

export const invalidLine: ErrorFactory<{ line: string; reason: string }> = defineError(
  'commission.invalid_line',
  'invalid_data',
  (f) => `line ${f.line} cannot be split: ${f.reason}`,
)

export const chainTooDeep: ErrorFactory<{ tiers: number; limit: number }> = defineError(
  'chain.too_deep',
  'invalid_data',
  (f) => `${f.tiers} tiers are refused; at most ${f.limit} are allowed`,
)

export const unknownLevel: ErrorFactory<{ distributor: string; level: string }> = defineError(
  'chain.unknown_level',
  'invalid_data',
  (f) => `distributor ${f.distributor} has level "${f.level}", which the plan does not name; add it to the plan's levels`,
)

export const exceedsShare: ErrorFactory<{ line: string; distributor: string; discount: number; share: number }> = defineError(
  'discount.exceeds_share',
  'not_allowed',
  (f) => `distributor ${f.distributor} funds ${f.discount} of line ${f.line}, but earns ${f.share} from it; lower the discount`,
)

export const exceedsPrice: ErrorFactory<{ discount: number; price: number }> = defineError(
  'discount.exceeds_price',
  'invalid_data',
  (f) => `a discount of ${f.discount} is above the ${f.price} that the lines still cost; lower the discount`,
)

export const invalidFunding: ErrorFactory<{ percent: string }> = defineError(
  'discount.invalid_funding',
  'invalid_data',
  (f) => `the funders of a discount bear ${f.percent} of it together; it must be 100 %`,
)

export const splitExceedsCap: ErrorFactory<{ split: number; paid: number; cap: string }> = defineError(
  'rail.split_exceeds_cap',
  'not_allowed',
  (f) => `${f.split} of ${f.paid} would be split off, above the rail's cap of ${f.cap}; lower the shares or use another rail`,
)

export const exceedsCaptured: ErrorFactory<{ of: string; refund: number; refundable: number }> = defineError(
  'refund.exceeds_captured',
  'not_allowed',
  (f) => `${f.refund} cannot be refunded of ${f.of}: ${f.refundable} is captured and not yet refunded`,
)

export const exceedsAuthorized: ErrorFactory<{ of: string; capture: number; capturable: number }> = defineError(
  'capture.exceeds_authorized',
  'not_allowed',
  (f) => `${f.capture} cannot be captured of ${f.of}: ${f.capturable} is authorized and not yet captured`,
)

export const unbalanced: ErrorFactory<{ line: string; party: string; amount: number }> = defineError(
  'commission.unbalanced',
  'unexpected_state',
  (f) => `${f.amount} of ${f.party} on line ${f.line} belongs to no flow; the flows given are not those of one split`,
)

export const ruleNotFound: ErrorFactory<{ rule: string }> = defineError(
  'commission.rule_not_found',
  'not_found',
  (f) => `there is no commission rule ${f.rule}; list the rules to see which there are`,
)

export const ruleEnded: ErrorFactory<{ rule: string; validTo: string }> = defineError(
  'commission.rule_ended',
  'conflict',
  (f) => `rule ${f.rule} has ended at ${f.validTo} already; add another rule instead`,
)

export const termsMissing: ErrorFactory<{ line: string }> = defineError(
  'commission.terms_missing',
  'not_found',
  (f) => `there are no commission terms of order line ${f.line}; terms are frozen when an order is placed`,
)

export const goodwillFunder: ErrorFactory<{ order: string; funder: string }> = defineError(
  'refund.goodwill_funder',
  'invalid_argument',
  (f) => `${f.funder} cannot bear goodwill on order ${f.order}; the platform can, and the suppliers and distributors who earn of its lines`,
)

export const rateMissing: ErrorFactory<{ from: string; to: string; at: string }> = defineError(
  'exchange.rate_missing',
  'unexpected_state',
  (f) =>
    `no rate from ${f.from} to ${f.to} is known for ${f.at}, at which a party of this order is to be paid; have settlement.exchangeRate answer it`,
)

export const ratesMissing: ErrorFactory<{ supplierId: string; currency: string }> = defineError(
  'exchange.rates_missing',
  'not_allowed',
  (f) =>
    `the contract of supplier ${f.supplierId} pays in ${f.currency}, and this marketplace knows no rates; pass settlement.exchangeRate to createCommerce first`,
)

export const ruleOfPlan: ErrorFactory<{ rule: string; plan: string }> = defineError(
  'commission.rule_of_plan',
  'not_allowed',
  (f) => `rule ${f.rule} belongs to plan ${f.plan}, which is not edited; announce another version of the plan`,
)

export const planNotFound: ErrorFactory<{ plan: string }> = defineError(
  'commission.plan_not_found',
  'not_found',
  (f) => `there is no commission plan ${f.plan}; list the plans to see which there are`,
)

export const noticeTooShort: ErrorFactory<{ effectiveAt: string; earliest: string; days: number }> = defineError(
  'commission.notice_too_short',
  'not_allowed',
  (f) => `a plan cannot begin at ${f.effectiveAt}: suppliers have ${f.days} days of notice, so ${f.earliest} is the earliest`,
)

export const planInForce: ErrorFactory<{ plan: string; effectiveAt: string }> = defineError(
  'commission.plan_in_force',
  'conflict',
  (f) => `plan ${f.plan} holds since ${f.effectiveAt} or was withdrawn; announce another version instead`,
)

export const planConflict: ErrorFactory<{ name: string; version: number }> = defineError(
  'commission.plan_conflict',
  'conflict',
  (f) => `version ${f.version} of "${f.name}" has just been announced by somebody else; read the plans, and announce yours after it`,
)
