import { assertAmount, type Percentage } from '../money/index.js'
import type { Bands } from './bands.js'
import { invalidRule } from './errors.js'

/** What a rule applies to; a dimension that is not given matches everything. */
export interface RuleMatch {
  /** Supplier id. */
  readonly supplier?: string | undefined
  /** Category path such as `shoes/running`; matches its descendants too. */
  readonly category?: string | undefined
  /** Product id. */
  readonly product?: string | undefined
  /** Id of the distributor that brought the customer: tier 1 of the line's chain. */
  readonly distributor?: string | undefined
  /** Sales channel. */
  readonly channel?: string | undefined
}

/** How the commission comes about: by one of these, never by two. */
export type Calculation =
  | { readonly by: 'percent'; readonly percent: Percentage }
  /** `amount`: minor units for each unit sold. */
  | { readonly by: 'unit'; readonly amount: number }
  | { readonly by: 'bands'; readonly bands: Bands }

/** A charge on refunds, from supplier to platform. */
export interface RefundFee {
  /** Of the commission that the refund gives back, without its tax and without what is not refunded. */
  readonly percent: Percentage
  /** The most that one refund of a line costs, in minor units. */
  readonly max?: number | undefined
}

/** The part of a rule that is frozen on the order line (R5). */
export interface CommissionTerms {
  readonly calculation: Calculation
  /** `net` (R6) unless given; `net+shipping` adds the line's shipping. Tiers are always of `net`. */
  readonly base?: 'net' | 'net+shipping' | undefined
  /** Bounds of the calculated commission in minor units, before the fixed part. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** Charged on top, per line, in minor units. */
  readonly fixed?: number | undefined
  /** Whether a refund gives the fixed part back; not, unless given. */
  readonly fixedRefundable?: boolean | undefined
  /** Tax on the whole commission, the fixed part included: on top of it, borne by the supplier, remitted by the platform. */
  readonly taxPercent?: Percentage | undefined
  readonly refundFee?: RefundFee | undefined
}

/** A commission rule. */
export interface CommissionRule {
  readonly id: string
  readonly match: RuleMatch
  readonly terms: CommissionTerms
  /** ISO 8601, UTC, inclusive; always valid before `validTo` unless given. */
  readonly validFrom?: string | undefined
  /** ISO 8601, UTC, exclusive; for ever unless given. */
  readonly validTo?: string | undefined
  readonly disabled?: boolean | undefined
}

/**
 * Refuses terms that could not be applied, when the rule is written rather than when an order meets it.
 * @throws commission.invalid_rule, money.unsafe_amount
 */
export function assertRule(rule: CommissionRule): void {
  const refuse = (reason: string): never => {
    throw invalidRule({ rule: rule.id, reason })
  }
  const { calculation, min, max, fixed, refundFee } = rule.terms
  const amounts = { min, max, fixed, 'refundFee.max': refundFee?.max, amount: calculation.by === 'unit' ? calculation.amount : undefined }
  for (const [name, amount] of Object.entries(amounts)) {
    if (amount !== undefined && assertAmount(amount, `${name} of rule ${rule.id}`) < 0) refuse(`${name} is ${amount}; it must be 0 or more`)
  }
  if (min !== undefined && max !== undefined && min > max) refuse(`its minimum ${min} is above its maximum ${max}`)
  if (calculation.by === 'bands') {
    const { steps } = calculation.bands
    if (steps[0]?.from !== 0) refuse('its first band must begin at 0')
    const unordered = steps.find((step, index) => index > 0 && step.from <= (steps[index - 1]?.from ?? 0))
    if (unordered) refuse(`the band from ${unordered.from} must begin after the one before it`)
  }
  const [from, to] = [instant(rule, 'validFrom'), instant(rule, 'validTo')]
  if (from !== undefined && to !== undefined && from >= to) refuse(`it ends at ${rule.validTo}, not after it begins at ${rule.validFrom}`)
}

/** @throws commission.invalid_rule */
export function instant(rule: CommissionRule, member: 'validFrom' | 'validTo'): number | undefined {
  const text = rule[member]
  if (text === undefined) return undefined
  const milliseconds = Date.parse(text)
  if (Number.isNaN(milliseconds)) throw invalidRule({ rule: rule.id, reason: `${member} "${text}" is no ISO 8601 time` })
  return milliseconds
}
