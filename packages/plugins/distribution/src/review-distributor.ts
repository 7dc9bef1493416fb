import type { Caller, Tx } from '@entrepot/core'
import * as z from 'zod'
import type { DistributionContext } from './context.js'
import type { Distributor } from './distributor.js'
import { takeStep } from './distributor-store.js'
import { type DistributorIdInput, id, reason } from './inputs.js'

export interface ReasonedInput extends DistributorIdInput {
  /** Kept in the trail. */
  readonly reason: string
}

export const reasonedInput: z.ZodType<ReasonedInput> = z.strictObject({ distributorId: id, reason })

type Review<Input> = (tx: Tx, input: Input, caller: Caller) => Promise<Distributor>

/** applied → approved: its links bind, and it earns. @throws distribution.not_found, distribution.step_refused */
export function approveDistributor(context: DistributionContext): Review<DistributorIdInput> {
  return async (tx, { distributorId }, caller) => {
    const distributor = await takeStep(context, tx, caller, { distributorId, step: 'approve', action: 'approved' })
    context.emit(tx, 'distribution.approved', distributorId, { distributorId })
    return distributor
  }
}

/** applied → rejected. @throws distribution.not_found, distribution.step_refused */
export function rejectDistributor(context: DistributionContext): Review<ReasonedInput> {
  return async (tx, { distributorId, reason: why }, caller) => {
    const distributor = await takeStep(context, tx, caller, { distributorId, step: 'reject', action: 'rejected', reason: why })
    context.emit(tx, 'distribution.rejected', distributorId, { distributorId })
    return distributor
  }
}

/** approved → suspended: it earns of no sale from now on; what it has earned stays its own. @throws distribution.not_found, distribution.step_refused */
export function suspendDistributor(context: DistributionContext): Review<ReasonedInput> {
  return async (tx, { distributorId, reason: why }, caller) => {
    const distributor = await takeStep(context, tx, caller, { distributorId, step: 'suspend', action: 'suspended', reason: why })
    context.emit(tx, 'distribution.suspended', distributorId, { distributorId })
    return distributor
  }
}

/** suspended → approved. @throws distribution.not_found, distribution.step_refused */
export function reinstateDistributor(context: DistributionContext): Review<DistributorIdInput> {
  return async (tx, { distributorId }, caller) => {
    const distributor = await takeStep(context, tx, caller, { distributorId, step: 'reinstate', action: 'reinstated' })
    context.emit(tx, 'distribution.reinstated', distributorId, { distributorId })
    return distributor
  }
}
