import { addMillis, groupBy, type Reader, type Timestamp } from '../kernel/index.js'
import { leaverTable, planTable } from './plan.entity.js'
import { planTimes, withinPlan } from './plan.js'
import type { CommissionRule } from './rule.js'
import { readRulesFor, type StoredRule } from './rules.js'

/** The rules that may apply to some suppliers' lines, those of plans within their plans' times. */
export interface RulesInForce {
  /** Oldest first. */
  readonly rules: readonly CommissionRule[]
  /** By the terms of which moment a supplier sells: of the order's own, unless it leaves a plan that holds by then. */
  termsAt(supplierId: string, placedAt: Timestamp): Timestamp
}

/** One statement, and two more where there are plans. */
export async function rulesFor(reader: Reader, supplierIds: readonly string[]): Promise<RulesInForce> {
  const stored = await readRulesFor(reader, supplierIds)
  if (stored.every(({ planId }) => planId === null))
    return { rules: stored.map(({ rule }) => rule), termsAt: (_supplierId, placedAt) => placedAt }
  const plans = await reader.find(planTable, {})
  const times = planTimes(plans)
  const leaving = await reader.find(leaverTable, { supplierId: supplierIds })
  const left = new Map(
    [...groupBy(leaving, ({ supplierId }) => supplierId)].map(([supplierId, its]) => [
      supplierId,
      its.flatMap(({ planId }) => times.get(planId)?.from ?? []).sort(),
    ]),
  )
  return {
    rules: stored.flatMap((rule) => inForce(rule, times)),
    termsAt: (supplierId, placedAt) => {
      const [first] = left.get(supplierId) ?? []
      return first === undefined || placedAt < first ? placedAt : addMillis(first, -1)
    },
  }
}

/** A rule within its plan's time; nothing where that never is. */
export function inForce({ rule, planId }: StoredRule, times: ReturnType<typeof planTimes>): readonly CommissionRule[] {
  if (planId === null) return [rule]
  const time = times.get(planId)
  const within = time && withinPlan(rule, time)
  return within ? [within] : []
}
