import * as z from 'zod'
import { addDays, type Caller, id, line, type Reader, type Timestamp, type Tx, text, time } from '../kernel/index.js'
import { ruleTable } from './commission.entity.js'
import { noticeTooShort, planConflict, planInForce, planNotFound } from './errors.js'
import { emitCommission } from './events.js'
import { leaverTable, type PlanRow, planTable } from './plan.entity.js'
import { type CommissionPlan, planTimes } from './plan.js'
import { type CommissionRuleInput, newRule, type RuleDeps, ruleInput, storedRule } from './rules.js'

export interface AnnouncePlanInput {
  /** The same for all versions of a plan. */
  readonly name: string
  /** All of the plan; what an earlier version said and this one does not, ends with it. */
  readonly rules: readonly CommissionRuleInput[]
  /** From when it holds; at least the days of notice ahead, unless it is the first of its name. */
  readonly effectiveAt: Timestamp
  /** What suppliers are told of it. */
  readonly note?: string | undefined
}

export const announcePlanInput: z.ZodType<AnnouncePlanInput> = z.strictObject({
  name: line(120),
  rules: z.array(ruleInput).min(1).max(500),
  effectiveAt: time,
  note: text(5000).optional(),
})

export interface AnnouncePlanDeps extends RuleDeps {
  /** Days between a plan's announcement and its beginning, at least. */
  readonly noticeDays: number
}

/** @throws commission.notice_too_short, commission.plan_conflict, commission.invalid_rule, money.invalid_percentage */
export function announcePlan({
  noticeDays,
  ...deps
}: AnnouncePlanDeps): (tx: Tx, input: AnnouncePlanInput, caller: Pick<Caller, 'by'>) => Promise<CommissionPlan> {
  return async (tx, { name, rules, effectiveAt, note = null }, { by }) => {
    const earlier = await tx.lock(planTable, { name })
    // Who sells by an earlier version is told in time; the first of its name changes nobody's terms but by what stands beside it.
    const days = earlier.some(({ withdrawnAt }) => withdrawnAt === null) ? noticeDays : 0
    const earliest = addDays(tx.now, days)
    if (effectiveAt < earliest) throw noticeTooShort({ effectiveAt, earliest, days })
    const version = Math.max(0, ...earlier.map((plan) => plan.version)) + 1
    const plan: PlanRow = {
      id: deps.kernel.ids('cpl'),
      name,
      version,
      effectiveAt,
      announcedAt: tx.now,
      announcedBy: by,
      note,
      withdrawnAt: null,
    }
    if ((await tx.insertMissing(planTable, [plan])) === 0) throw planConflict({ name, version })
    const rows = rules.map((rule) => {
      // What a band counts as having preceded it, it counts in the month in which the plan begins.
      const validFrom = rule.validFrom !== undefined && rule.validFrom > effectiveAt ? rule.validFrom : effectiveAt
      return newRule(deps, { ...rule, validFrom }, { by, at: tx.now, planId: plan.id }).row
    })
    await tx.insert(ruleTable, rows)
    emitCommission(tx, 'commission.plan_announced', plan.id, { ...toldOf(plan), note })
    return (await readPlans(tx, [plan.id]))[0] ?? notThere(plan.id)
  }
}

export interface PlanIdInput {
  readonly planId: string
}

export const planIdInput: z.ZodType<PlanIdInput> = z.strictObject({ planId: id })

/** Takes an announced plan back before it holds. @throws commission.plan_not_found, commission.plan_in_force */
export async function withdrawPlan(tx: Tx, { planId }: PlanIdInput): Promise<CommissionPlan> {
  const plan = await lockAnnounced(tx, planId)
  await tx.update(planTable, { withdrawnAt: tx.now }, { id: planId })
  await tx.remove(leaverTable, { planId })
  emitCommission(tx, 'commission.plan_withdrawn', planId, toldOf(plan))
  return (await readPlans(tx, [planId]))[0] ?? notThere(planId)
}

/** A plan that is announced and does not hold yet. @throws commission.plan_not_found, commission.plan_in_force */
export async function lockAnnounced(tx: Tx, planId: string): Promise<PlanRow> {
  const [plan] = await tx.lock(planTable, { id: planId })
  if (!plan) throw planNotFound({ plan: planId })
  if (plan.withdrawnAt !== null || plan.effectiveAt <= tx.now) throw planInForce({ plan: planId, effectiveAt: plan.effectiveAt })
  return plan
}

export function toldOf({ id: planId, name, version, effectiveAt }: PlanRow): {
  planId: string
  name: string
  version: number
  effectiveAt: string
} {
  return { planId, name, version, effectiveAt }
}

/** Plans with their rules, in the order in which they were announced; two statements. */
export async function readPlans(reader: Reader, ids?: readonly string[]): Promise<readonly CommissionPlan[]> {
  const plans = await reader.find(planTable, {}, { orderBy: ['id'] })
  const times = planTimes(plans)
  const wanted = plans.filter((plan) => ids === undefined || ids.includes(plan.id))
  if (wanted.length === 0) return []
  const rows = await reader.find(ruleTable, { planId: wanted.map((plan) => plan.id) }, { orderBy: ['id'] })
  return wanted.map((plan) => ({
    ...plan,
    until: times.get(plan.id)?.to ?? null,
    rules: rows.filter(({ planId }) => planId === plan.id).map((row) => storedRule(row).rule),
  }))
}

function notThere(plan: string): never {
  throw planNotFound({ plan })
}
