import * as z from 'zod'
import { type Caller, CommerceError, id, type Kernel, type Tx } from '../kernel/index.js'
import type { Suppliers } from '../supplier/index.js'
import { lockAnnounced, toldOf } from './announce-plan.js'
import { emitCommission } from './events.js'
import { leaverTable, planTable } from './plan.entity.js'

export interface LeavePlanInput {
  readonly planId: string
  readonly supplierId: string
}

export const leavePlanInput: z.ZodType<LeavePlanInput> = z.strictObject({ planId: id, supplierId: id })

/** Whether a supplier goes along with an announced plan. */
export interface PlanStanding extends LeavePlanInput {
  readonly leaves: boolean
}

export interface LeavePlanDeps {
  readonly kernel: Kernel
  readonly suppliers: Pick<Suppliers, 'service'>
}

const leaveJob = 'commission.leave_plan'

/**
 * Lets a supplier leave instead of selling by a plan that is announced: until the plan begins it sells as before, and then it is suspended. What is sold in between
 * that and the job that does it, it sells by the terms that it had. Its orders go their way, and it is paid as ever.
 * @throws commission.plan_not_found, commission.plan_in_force, supplier.not_found
 */
export function leavePlan({
  kernel,
  suppliers,
}: LeavePlanDeps): (tx: Tx, input: LeavePlanInput, caller: Pick<Caller, 'by'>) => Promise<PlanStanding> {
  kernel.jobs.define<LeavePlanInput>(leaveJob, async ({ planId, supplierId }) => {
    const plan = await kernel.database.read(undefined, async (reader) => {
      const leaves = await reader.findOne(leaverTable, { planId, supplierId })
      return leaves ? reader.findOne(planTable, { id: planId }) : undefined
    })
    // It stayed after all, or the plan was withdrawn.
    if (!plan || plan.withdrawnAt !== null) return
    const reason = `left with the beginning of "${plan.name}", version ${plan.version}`
    await suppliers.service.suspend({ supplierId, reason }).catch((error: unknown) => {
      // Suspended already: by a run of this job that died before it could say so, or by somebody.
      if (!(CommerceError.is(error) && error.code === 'supplier.step_refused')) throw error
    })
  })
  return async (tx, { planId, supplierId }, { by }) => {
    const plan = await lockAnnounced(tx, planId)
    await suppliers.service.get({ supplierId }, { tx })
    if ((await tx.insertMissing(leaverTable, [{ planId, supplierId, at: tx.now, by }])) > 0) {
      await kernel.jobs.enqueue(tx, leaveJob, [
        { payload: { planId, supplierId }, key: `${planId} ${supplierId}`, runAt: plan.effectiveAt },
      ])
      emitCommission(tx, 'commission.plan_left', planId, { ...toldOf(plan), supplierId })
    }
    return { planId, supplierId, leaves: true }
  }
}

/** A supplier that wanted to leave stays. @throws commission.plan_not_found, commission.plan_in_force */
export async function rejoinPlan(tx: Tx, { planId, supplierId }: LeavePlanInput): Promise<PlanStanding> {
  const plan = await lockAnnounced(tx, planId)
  if ((await tx.remove(leaverTable, { planId, supplierId })) > 0)
    emitCommission(tx, 'commission.plan_rejoined', planId, { ...toldOf(plan), supplierId })
  return { planId, supplierId, leaves: false }
}
