import { type CommissionRule, instant, type RuleMatch } from './rule.js'

/** A line, as rules see it. */
export interface RuleSubject {
  /** Supplier id. */
  readonly supplier: string
  /** Paths of the categories that the product is in, such as `shoes/running`. */
  readonly categories: readonly string[]
  /** Product id. */
  readonly product: string
  /** Tier 1 of the line's chain. */
  readonly distributor?: string | undefined
  readonly channel?: string | undefined
  /** When the order is placed: ISO 8601, UTC. */
  readonly at: string
}

/**
 * The rule that applies to a line, of rules listed oldest first (MONEY 2): more dimensions win; at equal count product > supplier >
 * category (deeper first) > distributor > channel; then the later `validFrom`; then the newer rule.
 * @throws commission.invalid_rule, if a time is unreadable
 */
export function selectRule(rules: readonly CommissionRule[], subject: RuleSubject): CommissionRule | null {
  const at = Date.parse(subject.at)
  let best: CommissionRule | null = null
  for (const rule of rules) {
    if (!applies(rule, subject, at)) continue
    // Not below the best: of equals the newer one wins, and it comes later.
    if (best === null || compareRules(rule, best) >= 0) best = rule
  }
  return best
}

/** Whether a category path is another one or lies beneath it: `shoes` holds `shoes/running`, but not `shoes-care`. */
export function isWithin(category: string, ancestor: string): boolean {
  return category === ancestor || category.startsWith(`${ancestor}/`)
}

function applies(rule: CommissionRule, subject: RuleSubject, at: number): boolean {
  const { match } = rule
  const { category } = match
  const from = instant(rule, 'validFrom')
  const to = instant(rule, 'validTo')
  return (
    rule.disabled !== true &&
    (from === undefined || from <= at) &&
    (to === undefined || at < to) &&
    (match.product === undefined || match.product === subject.product) &&
    (match.supplier === undefined || match.supplier === subject.supplier) &&
    (category === undefined || subject.categories.some((path) => isWithin(path, category))) &&
    (match.distributor === undefined || match.distributor === subject.distributor) &&
    (match.channel === undefined || match.channel === subject.channel)
  )
}

/** Above 0 where the first wins. */
function compareRules(first: CommissionRule, second: CommissionRule): number {
  const [one, other] = [rank(first), rank(second)]
  for (const [index, value] of one.entries()) {
    const against = other[index] ?? 0
    if (value !== against) return value > against ? 1 : -1
  }
  return 0
}

function rank(rule: CommissionRule): number[] {
  const { product, supplier, category, distributor, channel } = rule.match
  const dimensions = [product, supplier, category, distributor, channel]
  return [
    dimensions.filter((value) => value !== undefined).length,
    product === undefined ? 0 : 1,
    supplier === undefined ? 0 : 1,
    category === undefined ? 0 : depth(category),
    distributor === undefined ? 0 : 1,
    channel === undefined ? 0 : 1,
    instant(rule, 'validFrom') ?? Number.NEGATIVE_INFINITY,
  ]
}

function depth(category: string): number {
  return category.split('/').length
}

/** The dimensions by which a rule matches, for the line's explanation: `supplier, category`. */
export function matchedBy(match: RuleMatch): string[] {
  return (['product', 'supplier', 'category', 'distributor', 'channel'] as const).filter((dimension) => match[dimension] !== undefined)
}
