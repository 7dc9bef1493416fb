/** Reading, locking and recording distributors, as the use cases share it. */
import type { Caller, Reader, Tx } from '@entrepot/core'
import type { DistributionContext } from './context.js'
import { distributorTable, trailTable } from './distributor.entity.js'
import { type Distributor, type DistributorStep, statusAfter, type TrailEntry } from './distributor.js'
import { distributorNotFound, notApproved } from './errors.js'

/** @throws distribution.not_found */
export async function requireDistributor(reader: Reader, distributorId: string): Promise<Distributor> {
  const distributor = await reader.findOne(distributorTable, { id: distributorId })
  if (!distributor) throw distributorNotFound({ distributorId })
  return distributor
}

/** @throws distribution.not_approved */
export function requireApproved({ id, status }: Pick<Distributor, 'id' | 'status'>): void {
  if (status !== 'approved') throw notApproved({ distributorId: id, status })
}

/** Locks a distributor until the end of the transaction: its steps happen one after another. @throws distribution.not_found */
export async function lockDistributor(tx: Tx, distributorId: string): Promise<Distributor> {
  const [distributor] = await tx.lock(distributorTable, { id: distributorId })
  if (!distributor) throw distributorNotFound({ distributorId })
  return distributor
}

/** A step as it goes into the trail. */
export type Recorded = Pick<TrailEntry, 'distributorId' | 'action' | 'from' | 'to'> & { readonly reason?: string | undefined }

/** Writes to the trail who did what, and when, by one statement. */
export async function record({ id }: DistributionContext, tx: Tx, { by }: Pick<Caller, 'by'>, steps: readonly Recorded[]): Promise<void> {
  await tx.insert(
    trailTable,
    steps.map(({ reason = null, ...step }) => ({ id: id('dtr'), ...step, reason, by, at: tx.now })),
  )
}

export interface Step {
  readonly distributorId: string
  readonly step: DistributorStep
  readonly action: TrailEntry['action']
  readonly reason?: string | undefined
}

/** Moves a distributor to where the step leads, and records it. @throws distribution.not_found, distribution.step_refused */
export async function takeStep(
  context: DistributionContext,
  tx: Tx,
  caller: Caller,
  { distributorId, step, action, reason }: Step,
): Promise<Distributor> {
  const before = await lockDistributor(tx, distributorId)
  const status = statusAfter(step, before)
  const change = { status, updatedAt: tx.now }
  await tx.update(distributorTable, change, { id: distributorId })
  await record(context, tx, caller, [{ distributorId, action, from: before.status, to: status, reason }])
  return { ...before, ...change }
}
