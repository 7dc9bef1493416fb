import * as z from 'zod'
import {
  amount,
  type Caller,
  columns,
  inList,
  type Kernel,
  line,
  type Reader,
  sql,
  type Timestamp,
  type Tx,
  time,
} from '../kernel/index.js'
import { type Percentage, percentage } from '../money/index.js'
import { type RuleRow, ruleTable } from './commission.entity.js'
import { ruleEnded, ruleNotFound, ruleOfPlan } from './errors.js'
import { assertRule, type Calculation, type CommissionRule, type CommissionTerms } from './rule.js'

/** A commission rule as a person writes it; exactly one of `percent`, `perUnit`, `bands`, or none for a fixed part alone. */
export interface CommissionRuleInput {
  /** With at most four decimals: `8.875`. */
  readonly percent?: number | undefined
  /** Minor units for each unit. */
  readonly perUnit?: number | undefined
  readonly bands?:
    | {
        readonly mode: 'marginal' | 'slab' | 'retroactive'
        readonly period?: 'month' | undefined
        readonly steps: readonly { readonly from: number; readonly percent: number }[]
      }
    | undefined
  /** Minor units that the supplier has brought in the month in which the rule begins, before it sold here; with `bands`. */
  readonly priorVolume?: number | undefined
  /** What was charged for `priorVolume`, where that was: the true-up of retroactive bands counts it as paid. @default 0 */
  readonly priorCommission?: number | undefined
  /** Minor units. */
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly fixed?: number | undefined
  readonly fixedRefundable?: boolean | undefined
  readonly taxPercent?: number | undefined
  readonly refundFee?: { readonly percent: number; readonly max?: number | undefined } | undefined
  readonly base?: 'net' | 'net+shipping' | undefined
  /** What it applies to; a dimension that is not given matches everything. Category by its path, with descendants. */
  readonly match?:
    | {
        readonly supplier?: string | undefined
        readonly category?: string | undefined
        readonly product?: string | undefined
        readonly distributor?: string | undefined
        readonly channel?: string | undefined
      }
    | undefined
  /** Inclusive. */
  readonly validFrom?: string | undefined
  /** Exclusive. */
  readonly validTo?: string | undefined
  /** Written, and not in force until it is enabled. @default false */
  readonly disabled?: boolean | undefined
}

const rate = z.number().min(0).max(100)

const termsShape = {
  percent: rate.optional(),
  perUnit: amount.optional(),
  bands: z
    .strictObject({
      mode: z.enum(['marginal', 'slab', 'retroactive']),
      period: z.literal('month').optional(),
      steps: z
        .array(z.strictObject({ from: amount, percent: rate }))
        .min(1)
        .max(100),
    })
    .optional(),
  priorVolume: amount.optional(),
  priorCommission: amount.optional(),
  min: amount.optional(),
  max: amount.optional(),
  fixed: amount.optional(),
  fixedRefundable: z.boolean().optional(),
  taxPercent: rate.optional(),
  refundFee: z.strictObject({ percent: rate, max: amount.optional() }).optional(),
  base: z.enum(['net', 'net+shipping']).optional(),
}

const oneCalculation = (rule: CommissionRuleInput): boolean =>
  [rule.percent, rule.perUnit, rule.bands].filter((value) => value !== undefined).length <= 1
const oneCalculationMessage = 'give one of percent, perUnit and bands'
const priorOfBands = ({ priorVolume, priorCommission, bands }: CommissionRuleInput): boolean =>
  bands !== undefined || (priorVolume === undefined && priorCommission === undefined)
const priorOfBandsMessage = 'priorVolume and priorCommission go with bands'

export const ruleInput: z.ZodType<CommissionRuleInput, CommissionRuleInput> = z
  .strictObject({
    ...termsShape,
    match: z
      .strictObject({
        supplier: line(64).optional(),
        category: line(400).optional(),
        product: line(64).optional(),
        distributor: line(64).optional(),
        channel: line(60).optional(),
      })
      .optional(),
    validFrom: time.optional(),
    validTo: time.optional(),
    disabled: z.boolean().optional(),
  })
  .refine(oneCalculation, oneCalculationMessage)
  .refine(priorOfBands, priorOfBandsMessage)

/** What a supplier's contract may say of commission: a rule's terms; for whom, and from when, the contract says itself. */
export const contractTermsInput: z.ZodType<CommissionRuleInput, CommissionRuleInput> = z
  .strictObject(termsShape)
  .refine(oneCalculation, oneCalculationMessage)
  .refine(priorOfBands, priorOfBandsMessage)

/** The terms of a rule in exact percentages. @param begins the calendar month in which it begins @throws money.invalid_percentage */
function termsOf(input: CommissionRuleInput, begins: string): CommissionTerms {
  const exact = (value: number | undefined): Percentage | undefined => (value === undefined ? undefined : percentage(value))
  return {
    calculation: calculationOf(input, begins),
    base: input.base,
    min: input.min,
    max: input.max,
    fixed: input.fixed,
    fixedRefundable: input.fixedRefundable,
    taxPercent: exact(input.taxPercent),
    refundFee: input.refundFee && { percent: percentage(input.refundFee.percent), max: input.refundFee.max },
  }
}

function calculationOf({ percent = 0, perUnit, bands, priorVolume, priorCommission }: CommissionRuleInput, begins: string): Calculation {
  if (perUnit !== undefined) return { by: 'unit', amount: perUnit }
  if (bands === undefined) return { by: 'percent', percent: percentage(percent) }
  const steps = bands.steps.map((step) => ({ from: step.from, percent: percentage(step.percent) }))
  const prior =
    priorVolume === undefined && priorCommission === undefined
      ? undefined
      : { volume: priorVolume ?? 0, commission: priorCommission, period: begins }
  return { by: 'bands', bands: { mode: bands.mode, period: bands.period ?? 'month', steps, prior } }
}

export interface RuleDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  /** The calendar month of a moment in the platform's time zone. */
  readonly monthOf: (at: Timestamp) => string
}

/** Writes a rule. Rules are never edited: another one that matches as closely and begins later takes its place. @throws commission.invalid_rule */
export function addRule(deps: RuleDeps): (tx: Tx, input: CommissionRuleInput, caller: Pick<Caller, 'by'>) => Promise<CommissionRule> {
  return async (tx, input, caller) => {
    const { rule, row } = newRule(deps, input, { by: caller.by, at: tx.now })
    await tx.insert(ruleTable, [row])
    return rule
  }
}

/** Who wrote a rule, when, and as a part of what. */
export interface RuleOrigin {
  readonly by: string
  readonly at: Timestamp
  readonly contractId?: string | null | undefined
  readonly planId?: string | null | undefined
}

/** A rule and its row. @throws commission.invalid_rule, money.invalid_percentage */
export function newRule(
  { kernel, monthOf }: RuleDeps,
  input: CommissionRuleInput,
  { by, at, contractId = null, planId = null }: RuleOrigin,
): { readonly rule: CommissionRule; readonly row: RuleRow } {
  const rule = {
    id: kernel.ids('crl'),
    match: input.match ?? {},
    terms: termsOf(input, monthOf(input.validFrom ?? at)),
    validFrom: input.validFrom,
    validTo: input.validTo,
    disabled: input.disabled ?? false,
  }
  assertRule(rule)
  const { supplier = null, category = null, product = null, distributor = null, channel = null } = rule.match
  const { id, terms, validFrom = null, validTo = null, disabled } = rule
  const row = {
    id,
    supplier,
    category,
    product,
    distributor,
    channel,
    terms,
    validFrom,
    validTo,
    disabled,
    createdAt: at,
    createdBy: by,
    contractId,
    planId,
  }
  return { rule, row }
}

/** Ends a rule's validity; orders placed before keep its terms. @throws commission.rule_not_found, commission.rule_of_plan, commission.rule_ended */
export async function endRule(
  tx: Tx,
  { ruleId, at }: { readonly ruleId: string; readonly at?: string | undefined },
): Promise<CommissionRule> {
  const [row] = await tx.lock(ruleTable, { id: ruleId })
  if (!row) throw ruleNotFound({ rule: ruleId })
  assertAlone(row)
  const validTo = at ?? tx.now
  if (row.validTo !== null && row.validTo <= validTo) throw ruleEnded({ rule: ruleId, validTo: row.validTo })
  await tx.update(ruleTable, { validTo }, { id: ruleId })
  return ruleOf({ ...row, validTo })
}

/** What suppliers were told stays as they were told it. */
function assertAlone({ id, planId }: RuleRow): void {
  if (planId !== null) throw ruleOfPlan({ rule: id, plan: planId })
}

export interface SwitchRuleInput {
  readonly ruleId: string
  readonly disabled: boolean
}

/** Switches a rule off, or on again: for orders placed from now on. @throws commission.rule_not_found, commission.rule_of_plan */
export async function switchRule(tx: Tx, { ruleId, disabled }: SwitchRuleInput): Promise<CommissionRule> {
  const [row] = await tx.lock(ruleTable, { id: ruleId })
  if (!row) throw ruleNotFound({ rule: ruleId })
  assertAlone(row)
  await tx.update(ruleTable, { disabled }, { id: ruleId })
  return ruleOf({ ...row, disabled })
}

/** A rule, and the plan that it belongs to. */
export interface StoredRule {
  readonly rule: CommissionRule
  readonly planId: string | null
}

/** All rules as they were written, oldest first: ids rise with time. */
export async function readRules(reader: Reader): Promise<readonly StoredRule[]> {
  return (await reader.find(ruleTable, {}, { orderBy: ['id'] })).map(storedRule)
}

/** The rules that may apply to these suppliers' lines, oldest first; the contracts of thousands of others are not read. */
export async function readRulesFor(reader: Reader, supplierIds: readonly string[]): Promise<readonly StoredRule[]> {
  const rows = await reader.all(sql`
    SELECT ${columns(ruleTable)} FROM ${ruleTable} WHERE supplier IS NULL OR ${inList(sql`supplier`, supplierIds)} ORDER BY id`)
  return rows.map(ruleTable.read).map(storedRule)
}

export function storedRule(row: RuleRow): StoredRule {
  return { rule: ruleOf(row), planId: row.planId }
}

function ruleOf(row: RuleRow): CommissionRule {
  const { supplier, category, product, distributor, channel } = row
  return {
    id: row.id,
    match: {
      supplier: supplier ?? undefined,
      category: category ?? undefined,
      product: product ?? undefined,
      distributor: distributor ?? undefined,
      channel: channel ?? undefined,
    },
    terms: row.terms,
    validFrom: row.validFrom ?? undefined,
    validTo: row.validTo ?? undefined,
    disabled: row.disabled,
  }
}
