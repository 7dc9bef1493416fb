/** A plan, in the form of the scenario language: commission rules, distribution, settlement. */
import { readFile } from 'node:fs/promises'
import type { CommissionRuleInput, Rounding } from '@entrepot/core'
import * as z from 'zod'
import { Refusal } from '../command.js'

export interface Plan {
  /** ISO 4217. */
  readonly currency: string
  readonly rounding: Rounding
  /** Oldest first; suppliers and distributors as the file of orders calls them. */
  readonly commission: readonly PlanRule[]
  readonly distribution?: PlanDistribution | undefined
  readonly settlement: PlanSettlement
  readonly rail?: { readonly roundTo?: number | undefined } | undefined
}

export interface PlanRule extends CommissionRuleInput {
  readonly disabled?: boolean | undefined
}

export interface PlanDistribution {
  /** Percentages, tier 1 first. */
  readonly tiers: readonly number[]
  readonly fundedBy: 'supplier' | 'platform'
  readonly poolPercentOfCommission?: number | undefined
  readonly ownPurchase?: 'allow' | 'forfeit' | 'rebate' | undefined
  readonly compress?: boolean | undefined
  readonly protectionDays?: number | undefined
}

export type PlanCycle = 'manual' | 'daily' | 'weekly' | 'monthly'

export interface PlanSettlement {
  readonly holdDays: number
  /** Minor units. */
  readonly threshold: number
  readonly cycle: PlanCycle
}

const amount = z.int().nonnegative()
const percent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 10_000) / 10_000 === value, 'must have at most four decimals')
const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-01-31T09:00:00.000Z' })
const name = z.string().min(1).max(120)

/** What the language has and a back-test cannot do yet, or has no column for: refused, since passing over it would give another plan's figures. */
const unsupported = (why: string) => z.never({ error: `is not supported by the back-test: ${why}` }).optional()

const rule = z
  .strictObject({
    percent: percent.optional(),
    perUnit: amount.optional(),
    min: amount.optional(),
    max: amount.optional(),
    fixed: amount.optional(),
    fixedRefundable: z.boolean().optional(),
    taxPercent: percent.optional(),
    refundFee: z.strictObject({ percent, max: amount.optional() }).optional(),
    bands: unsupported('volumes are not counted yet'),
    priorVolume: unsupported('volumes are not counted yet'),
    priorCommission: unsupported('volumes are not counted yet'),
    match: z
      .strictObject({
        supplier: name.optional(),
        category: name.optional(),
        product: name.max(64).optional(),
        distributor: name.optional(),
        channel: name.max(60).optional(),
      })
      .optional(),
    base: z.enum(['net', 'net+shipping']).optional(),
    validFrom: time.optional(),
    validTo: time.optional(),
    disabled: z.boolean().optional(),
  })
  .refine(({ percent: rate, perUnit }) => rate === undefined || perUnit === undefined, 'give percent or perUnit, not both')

const plan: z.ZodType<Plan> = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as CNY'),
  timezone: z.literal('UTC', { error: 'must be UTC' }).optional(),
  rounding: z.enum(['half-up', 'half-even']).default('half-up'),
  commission: z.array(rule).default([]),
  distribution: z
    .strictObject({
      tiers: z.array(percent).min(1).max(3),
      fundedBy: z.enum(['supplier', 'platform']).default('supplier'),
      poolPercentOfCommission: percent.optional(),
      levels: unsupported('the file says no levels'),
      ownPurchase: z.enum(['allow', 'forfeit', 'rebate']).optional(),
      compress: z.boolean().optional(),
      protectionDays: z.int().nonnegative().optional(),
    })
    .optional(),
  settlement: z
    .strictObject({
      holdDays: z.int().min(0).max(3650).default(0),
      threshold: amount.default(0),
      cycle: z.enum(['manual', 'daily', 'weekly', 'monthly']).default('manual'),
      reserve: unsupported('nothing is withheld yet'),
      payoutCurrency: unsupported('payouts are in the currency of the sale'),
      rate: unsupported('payouts are in the currency of the sale'),
      withholding: unsupported('nothing is withheld yet'),
    })
    .default({ holdDays: 0, threshold: 0, cycle: 'manual' }),
  rail: z
    .strictObject({ roundTo: z.int().positive().optional(), maxSplitPercent: unsupported('orders that were placed cannot be refused') })
    .optional(),
})

/** @throws Refusal, which names every wrong place by its path */
export async function readPlan(file: string): Promise<Plan> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Refusal(`--plan: ${error.message}`)
  })
  return parsePlan(file, text)
}

export function parsePlan(file: string, text: string): Plan {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new Refusal(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = plan.safeParse(json)
  if (parsed.success) return parsed.data
  throw new Refusal(
    parsed.error.issues
      .flatMap(sentences)
      .map((sentence) => `${file}: ${sentence}`)
      .join('\n'),
  )
}

function sentences(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${pathOf([...issue.path, key])}: there is no such key`)
  return [issue.path.length === 0 ? issue.message : `${pathOf(issue.path)}: ${issue.message}`]
}

/** `commission[1].match.supplier` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
