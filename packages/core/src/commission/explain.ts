import type { Hooks, Reader } from '../kernel/index.js'
import { supplierTable } from '../supplier/index.js'
import { type RuleRow, ruleTable, type TermsRow, termsTable } from './commission.entity.js'
import { termsMissing } from './errors.js'
import { type Component, type FlowKind, netOf } from './flow.js'
import type { CommissionHooks } from './hooks.js'
import { matchedBy } from './match.js'
import type { PartyId } from './party.js'
import type { CommissionTerms, RuleMatch } from './rule.js'
import { type LineSplit, splitLine } from './split.js'
import { type Wording, wordingFor } from './wording.js'

/** How an order line is shared out, and why: in data, and in words that a supplier or distributor can check by hand. */
export interface LineExplanation extends LineSplit {
  readonly orderId: string
  readonly currency: string
  /** The rule that matched, as it was frozen with the order; null where none did, and there is no commission. */
  readonly rule: ExplainedRule | null
  /** By party: `supplier:sup_…`; what has no name goes by its id. */
  readonly names: Readonly<Record<string, string>>
}

export interface ExplainedRule {
  readonly id: string
  /** For people: `the rule for category shoes`. */
  readonly name: string
  readonly match: RuleMatch
  /** The dimensions by which it matched. */
  readonly matchedBy: readonly string[]
  readonly terms: CommissionTerms
  /** The supplier's contract whose commission this is. */
  readonly contractId: string | null
}

/** @throws commission.terms_missing */
export function explainLine(
  hooks: Hooks<CommissionHooks>,
): (reader: Reader, input: { readonly orderLineId: string }) => Promise<LineExplanation> {
  return async (reader, { orderLineId }) => {
    const row = await reader.findOne(termsTable, { lineId: orderLineId })
    if (!row) throw termsMissing({ line: orderLineId })
    const ruleId = row.terms.rule?.id
    const rule = ruleId === undefined ? undefined : await reader.findOne(ruleTable, { id: ruleId })
    const names = await namesOf(hooks, reader, [...row.split.parties, ...partiesOf(rule)])
    return explanationOf(row, rule, names)
  }
}

function explanationOf(row: TermsRow, rule: RuleRow | undefined, names: ReadonlyMap<string, string>): LineExplanation {
  const { orderId, currency, terms, amounts, split } = row
  const match = rule ? matchOf(rule) : {}
  const ruleName = ruleNameFor(match, names, rule?.contractId ?? null)
  const wording = wordingFor(currency, names, ruleName)
  const { words } = splitLine(terms, amounts, wording).explanation
  return {
    ...split,
    orderId,
    currency,
    rule: terms.rule && {
      id: terms.rule.id,
      name: ruleName,
      match,
      matchedBy: matchedBy(match),
      terms: terms.rule.terms,
      contractId: rule?.contractId ?? null,
    },
    names: Object.fromEntries(names),
    explanation: { ...split.explanation, words: [...words, ...sharesInWords(split, names, wording)] },
  }
}

function partiesOf(rule: RuleRow | undefined): readonly string[] {
  return [...(rule?.supplier ? [`supplier:${rule.supplier}`] : []), ...(rule?.distributor ? [`distributor:${rule.distributor}`] : [])]
}

/** Names of parties: suppliers' are known here, distributors' to the plugin that keeps them. */
export async function namesOf(
  hooks: Hooks<CommissionHooks>,
  reader: Reader,
  parties: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(parties)]
  const ids = asked.flatMap((party) => /^supplier:(.+)$/.exec(party)?.[1] ?? [])
  const suppliers = ids.length === 0 ? [] : await reader.find(supplierTable, { id: ids })
  const answers = await hooks.run(reader, 'commission.describing', { parties: asked })
  return new Map([
    ['platform', 'the platform'],
    ['tax', 'tax'],
    ...suppliers.map(({ id, name }) => [`supplier:${id}`, name] as const),
    ...answers.flat().map(({ party, name }) => [party, name] as const),
  ])
}

function matchOf({ supplier, category, product, distributor, channel }: RuleRow): RuleMatch {
  return {
    supplier: supplier ?? undefined,
    category: category ?? undefined,
    product: product ?? undefined,
    distributor: distributor ?? undefined,
    channel: channel ?? undefined,
  }
}

/** `the contract of Tea House`, `the rule for category shoes and channel app` */
export function ruleNameFor(
  { supplier, category, product, distributor, channel }: RuleMatch,
  names: ReadonlyMap<string, string>,
  contractId: string | null,
): string {
  const supplierName = supplier === undefined ? undefined : (names.get(`supplier:${supplier}`) ?? supplier)
  if (contractId !== null) return `the contract of ${supplierName ?? 'the supplier'}`
  const parts = [
    product === undefined ? [] : `product ${product}`,
    supplierName ?? [],
    category === undefined ? [] : `category ${category}`,
    distributor === undefined ? [] : (names.get(`distributor:${distributor}`) ?? `distributor ${distributor}`),
    channel === undefined ? [] : `channel ${channel}`,
  ].flat()
  return parts.length === 0 ? 'the general rule' : `the rule for ${parts.join(' and ')}`
}

const kindNames: Readonly<Record<FlowKind, string>> = {
  sale: 'sale',
  shipping: 'shipping',
  commission: 'commission',
  commission_fixed: 'fixed part',
  commission_tax: 'tax on commission',
  promotion_funding: 'promotion funding',
  tier: 'distribution',
  tax: 'tax',
  refund_fee: 'refund fee',
}

/** Each party's share as a sum of what it is made of: `Tea House: sale 100.00 CNY - commission 10.00 CNY = 90.00 CNY`. */
function sharesInWords(
  { flows, components, parties }: LineSplit,
  names: ReadonlyMap<string, string>,
  { amount }: Wording,
): readonly string[] {
  return parties.flatMap((party: PartyId) => {
    const its = components.filter((component) => component.party === party && component.amount !== 0)
    if (its.length === 0) return []
    const sum = its.map((component, index) => summand(component, index === 0, amount)).join(' ')
    return [`${names.get(party) ?? party}: ${sum} = ${amount(netOf(flows, party))}`]
  })
}

function summand({ kind, amount: value }: Component, first: boolean, amount: (value: number) => string): string {
  const text = `${kindNames[kind]} ${amount(Math.abs(value))}`
  if (value < 0) return `- ${text}`
  return first ? text : `+ ${text}`
}
