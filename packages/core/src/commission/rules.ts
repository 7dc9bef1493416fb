import * as z from 'zod'
import { amount, type Caller, type Kernel, line, type Reader, type Tx, time } from '../kernel/index.js'
import { type Percentage, percentage } from '../money/index.js'
import { type RuleRow, ruleTable } from './commission.entity.js'
import { ruleEnded, ruleNotFound } from './errors.js'
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
}

const rate = z.number().min(0).max(100)

export const ruleInput: z.ZodType<CommissionRuleInput, CommissionRuleInput> = z
  .strictObject({
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
    min: amount.optional(),
    max: amount.optional(),
    fixed: amount.optional(),
    fixedRefundable: z.boolean().optional(),
    taxPercent: rate.optional(),
    refundFee: z.strictObject({ percent: rate, max: amount.optional() }).optional(),
    base: z.enum(['net', 'net+shipping']).optional(),
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
  })
  .refine((rule) => [rule.percent, rule.perUnit, rule.bands].filter((value) => value !== undefined).length <= 1, {
    error: 'give one of percent, perUnit and bands',
  })

/** The terms of a rule in exact percentages. @throws money.invalid_percentage */
export function termsOf(input: CommissionRuleInput): CommissionTerms {
  const exact = (value: number | undefined): Percentage | undefined => (value === undefined ? undefined : percentage(value))
  return {
    calculation: calculationOf(input),
    base: input.base,
    min: input.min,
    max: input.max,
    fixed: input.fixed,
    fixedRefundable: input.fixedRefundable,
    taxPercent: exact(input.taxPercent),
    refundFee: input.refundFee && { percent: percentage(input.refundFee.percent), max: input.refundFee.max },
  }
}

function calculationOf({ percent = 0, perUnit, bands }: CommissionRuleInput): Calculation {
  if (perUnit !== undefined) return { by: 'unit', amount: perUnit }
  if (bands === undefined) return { by: 'percent', percent: percentage(percent) }
  const steps = bands.steps.map((step) => ({ from: step.from, percent: percentage(step.percent) }))
  return { by: 'bands', bands: { mode: bands.mode, period: bands.period ?? 'month', steps } }
}

/** Writes a rule. Rules are never edited: another one that matches as closely and begins later takes its place. @throws commission.invalid_rule */
export function addRule(kernel: Pick<Kernel, 'ids'>): (tx: Tx, input: CommissionRuleInput, caller: Caller) => Promise<CommissionRule> {
  return async (tx, input, caller) => {
    const rule = {
      id: kernel.ids('crl'),
      match: input.match ?? {},
      terms: termsOf(input),
      validFrom: input.validFrom,
      validTo: input.validTo,
    }
    assertRule(rule)
    const { supplier = null, category = null, product = null, distributor = null, channel = null } = rule.match
    const row: RuleRow = {
      id: rule.id,
      supplier,
      category,
      product,
      distributor,
      channel,
      terms: rule.terms,
      validFrom: rule.validFrom ?? null,
      validTo: rule.validTo ?? null,
      createdAt: tx.now,
      createdBy: caller.by,
    }
    await tx.insert(ruleTable, [row])
    return rule
  }
}

/** Ends a rule's validity; orders placed before keep its terms. @throws commission.rule_not_found, commission.rule_ended */
export async function endRule(
  tx: Tx,
  { ruleId, at }: { readonly ruleId: string; readonly at?: string | undefined },
): Promise<CommissionRule> {
  const [row] = await tx.lock(ruleTable, { id: ruleId })
  if (!row) throw ruleNotFound({ rule: ruleId })
  const validTo = at ?? tx.now
  if (row.validTo !== null && row.validTo <= validTo) throw ruleEnded({ rule: ruleId, validTo: row.validTo })
  await tx.update(ruleTable, { validTo }, { id: ruleId })
  return ruleOf({ ...row, validTo })
}

/** All rules, oldest first: ids rise with time. */
export async function readRules(reader: Reader): Promise<readonly CommissionRule[]> {
  return (await reader.find(ruleTable, {}, { orderBy: ['id'] })).map(ruleOf)
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
  }
}
