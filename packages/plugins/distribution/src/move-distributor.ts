import type { Caller, Tx } from '@entrepot/core'
import * as z from 'zod'
import { readChains } from './ancestors.js'
import type { DistributionContext } from './context.js'
import { distributorTable } from './distributor.entity.js'
import type { Distributor } from './distributor.js'
import { record, requireApproved, requireDistributor } from './distributor-store.js'
import { cycle, distributorNotFound, treeChanged } from './errors.js'
import { type DistributorIdInput, id } from './inputs.js'

export interface MoveDistributorInput extends DistributorIdInput {
  /** Who is to stand above it from now on; null: nobody. */
  readonly parentId: string | null
}

export const moveDistributorInput: z.ZodType<MoveDistributorInput> = z.strictObject({ distributorId: id, parentId: id.nullable() })

/** Moves a distributor, and all who stand below it, in the tree. Orders that are placed keep their chains. @throws distribution.not_found, distribution.not_approved, distribution.cycle, distribution.tree_changed */
export function moveDistributor(
  context: DistributionContext,
): (tx: Tx, input: MoveDistributorInput, caller: Caller) => Promise<Distributor> {
  return async (tx, { distributorId, parentId }, caller) => {
    const before = await lockForMove(tx, distributorId, parentId)
    if (before.parentId === parentId) return before
    const change = { parentId, updatedAt: tx.now }
    await tx.update(distributorTable, change, { id: distributorId })
    const { status } = before
    await record(context, tx, caller, [
      { distributorId, action: 'moved', from: status, to: status, reason: `under ${parentId ?? 'nobody'}` },
    ])
    context.emit(tx, 'distribution.moved', distributorId, { distributorId, parentId })
    return { ...before, ...change }
  }
}

/** Locks it and everyone who would stand above it: two moves at once, each under the other, happen one after another, and the second is refused. */
async function lockForMove(tx: Tx, distributorId: string, parentId: string | null): Promise<Distributor> {
  const seen = await idsAbove(tx, parentId)
  const locked = await tx.lock(distributorTable, { id: [distributorId, ...seen] })
  const before = locked.find((distributor) => distributor.id === distributorId)
  if (!before) throw distributorNotFound({ distributorId })
  if (parentId === null) return before
  requireApproved(await requireDistributor(tx, parentId))
  // Locked, the chain stays as it is now; if it is not as it was seen, some of it is not locked.
  const above = await idsAbove(tx, parentId)
  if (above.includes(distributorId)) throw cycle({ distributorId, parentId })
  if (above.some((ancestor) => !seen.includes(ancestor))) throw treeChanged({ distributorId })
  return before
}

async function idsAbove(tx: Tx, parentId: string | null): Promise<readonly string[]> {
  if (parentId === null) return []
  return (await readChains(tx, [parentId])).get(parentId)?.map(({ id: ancestor }) => ancestor) ?? []
}
