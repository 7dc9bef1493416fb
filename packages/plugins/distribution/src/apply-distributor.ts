import type { Caller, Metadata, Tx } from '@entrepot/core'
import * as z from 'zod'
import { type DistributionContext, requireCustomer } from './context.js'
import { distributorTable } from './distributor.entity.js'
import type { Distributor } from './distributor.js'
import { record, requireApproved, requireDistributor, takeStep } from './distributor-store.js'
import { code, id, metadata, text } from './inputs.js'
import { insertDistributors } from './insert-distributors.js'
import { codeFromId } from './referral.js'

export interface ApplyDistributorInput {
  /** As it wants to be called. */
  readonly name: string
  /** The customer that applies, if it is one; its own purchases are known by it. */
  readonly customerId?: string | undefined
  /** The approved distributor who is to stand above it. */
  readonly parentId?: string | undefined
  /** The code for its links, if it is free; else one is made. */
  readonly code?: string | undefined
  readonly metadata?: Metadata | undefined
}

export const applyDistributorInput: z.ZodType<ApplyDistributorInput> = z.strictObject({
  name: text(200),
  customerId: id.optional(),
  parentId: id.optional(),
  code: code.optional(),
  metadata: metadata.optional(),
})

/** Waits for approval. A customer whose application was rejected may apply once more, and stays the same distributor. @throws customer.not_found, distribution.not_found, distribution.not_approved, distribution.taken, distribution.step_refused */
export function applyDistributor(
  context: DistributionContext,
): (tx: Tx, input: ApplyDistributorInput, caller: Caller) => Promise<Distributor> {
  return async (tx, input, caller) => {
    if (input.customerId !== undefined) await requireCustomer(context, tx, input.customerId)
    if (input.parentId !== undefined) requireApproved(await requireDistributor(tx, input.parentId))
    const rejected =
      input.customerId === undefined ? undefined : await tx.findOne(distributorTable, { customerId: input.customerId, status: 'rejected' })
    const applied = rejected ? await reapply(context, tx, rejected, input, caller) : await applyFirst(context, tx, input, caller)
    context.emit(tx, 'distribution.applied', applied.id, { distributorId: applied.id })
    return applied
  }
}

async function applyFirst(context: DistributionContext, tx: Tx, input: ApplyDistributorInput, caller: Caller): Promise<Distributor> {
  const distributorId = context.id('dst')
  const distributor: Distributor = {
    id: distributorId,
    name: input.name,
    customerId: input.customerId ?? null,
    externalId: null,
    parentId: input.parentId ?? null,
    code: input.code ?? codeFromId(distributorId),
    level: null,
    status: 'applied',
    metadata: input.metadata ?? {},
    createdAt: tx.now,
    updatedAt: tx.now,
  }
  await insertDistributors(tx, [distributor])
  await record(context, tx, caller, [{ distributorId, action: 'applied', from: null, to: 'applied' }])
  return distributor
}

/** The same row again: its code and whoever stood above it stay as they were, since others may stand below it. */
async function reapply(
  context: DistributionContext,
  tx: Tx,
  { id: distributorId }: Distributor,
  input: ApplyDistributorInput,
  caller: Caller,
): Promise<Distributor> {
  const applied = await takeStep(context, tx, caller, { distributorId, step: 'reapply', action: 'applied' })
  const change = { name: input.name, metadata: input.metadata ?? applied.metadata }
  await tx.update(distributorTable, change, { id: distributorId })
  return { ...applied, ...change }
}
