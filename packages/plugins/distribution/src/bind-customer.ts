import type { Timestamp, Tx } from '@entrepot/core'
import * as z from 'zod'
import { type Arrival, type Bound, bindSubjects, takeOver } from './bind-subjects.js'
import { bindingTable, subjectOf } from './binding.entity.js'
import { type DistributionContext, requireCustomer } from './context.js'
import { requireApproved, requireDistributor } from './distributor-store.js'
import { id, text, time } from './inputs.js'

export interface BindInput {
  readonly customerId: string
  readonly distributorId: string
  /** When it was bound, for bindings that come from elsewhere. @default now */
  readonly at?: Timestamp | undefined
  /** Takes the customer from whoever has it, protected or not: for staff who settle a dispute. @default false */
  readonly override?: boolean | undefined
}

export const bindInput: z.ZodType<BindInput> = z.strictObject({
  customerId: id,
  distributorId: id,
  at: time.optional(),
  override: z.boolean().optional(),
})

/** Whose the customer or visitor is now. */
export interface BindingResult {
  readonly distributorId: string
  /** Whether it was bound by this; else an earlier binding stands. */
  readonly bound: boolean
  /** Exclusive. */
  readonly protectedUntil: Timestamp
}

/** Binds a customer as a click would. @throws customer.not_found, distribution.not_found, distribution.not_approved */
export function bindCustomer(context: DistributionContext): (tx: Tx, input: BindInput) => Promise<BindingResult> {
  return async (tx, { customerId, distributorId, at = tx.now, override = false }) => {
    await requireCustomer(context, tx, customerId)
    requireApproved(await requireDistributor(tx, distributorId))
    const arrival: Arrival = { who: { customerId }, distributorId, at, source: 'host' }
    return override ? resultOf(await takeOver(context, tx, arrival)) : bindOne(context, tx, arrival)
  }
}

export interface IdentifyInput {
  /** The token that clicks were counted under. */
  readonly visitor: string
  /** The customer that the visitor turned out to be. */
  readonly customerId: string
}

export const identifyInput: z.ZodType<IdentifyInput> = z.strictObject({ visitor: text(120), customerId: id })

/**
 * A visitor has signed in: its binding becomes the customer's, from the time of its click, unless the customer's own protects it from that click.
 * @returns null where neither is anybody's @throws customer.not_found
 */
export function identifyVisitor(context: DistributionContext): (tx: Tx, input: IdentifyInput) => Promise<BindingResult | null> {
  return async (tx, { visitor, customerId }) => {
    await requireCustomer(context, tx, customerId)
    const [visited] = await tx.lock(bindingTable, { subject: subjectOf({ visitor }) })
    if (visited) {
      await tx.remove(bindingTable, { subject: visited.subject })
      return bindOne(context, tx, {
        who: { customerId },
        distributorId: visited.distributorId,
        at: visited.boundAt,
        source: visited.source,
      })
    }
    const own = await tx.findOne(bindingTable, { customerId })
    return own ? { distributorId: own.distributorId, bound: false, protectedUntil: own.protectedUntil } : null
  }
}

/** Counts one arrival. */
export async function bindOne(context: DistributionContext, tx: Tx, arrival: Arrival): Promise<BindingResult> {
  const [bound] = await bindSubjects(context, tx, [arrival])
  if (!bound) throw new TypeError('an arrival that was counted is bound to somebody')
  return resultOf(bound)
}

function resultOf({ distributorId, anew, protectedUntil }: Bound): BindingResult {
  return { distributorId, bound: anew, protectedUntil }
}
