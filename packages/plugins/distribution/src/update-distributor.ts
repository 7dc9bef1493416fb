import type { Metadata, Tx } from '@entrepot/core'
import * as z from 'zod'
import type { DistributionContext } from './context.js'
import { distributorTable } from './distributor.entity.js'
import type { Distributor } from './distributor.js'
import { lockDistributor } from './distributor-store.js'
import { type DistributorIdInput, id, metadata, text } from './inputs.js'
import { requireLevel } from './levels.js'

/** What is not given stays as it is. */
export interface UpdateDistributorInput extends DistributorIdInput {
  readonly name?: string | undefined
  /** A level of the plan; it counts for orders placed from now on. */
  readonly level?: string | null | undefined
  readonly metadata?: Metadata | undefined
}

export const updateDistributorInput: z.ZodType<UpdateDistributorInput> = z.strictObject({
  distributorId: id,
  name: text(200).optional(),
  level: text(60).nullable().optional(),
  metadata: metadata.optional(),
})

/** @throws distribution.not_found, distribution.level_unknown */
export function updateDistributor({ options }: DistributionContext): (tx: Tx, input: UpdateDistributorInput) => Promise<Distributor> {
  return async (tx, { distributorId, ...input }) => {
    requireLevel(options, input.level)
    const before = await lockDistributor(tx, distributorId)
    const { name = before.name, level = before.level, metadata: facts = before.metadata } = input
    const change = { name, level, metadata: facts, updatedAt: tx.now }
    await tx.update(distributorTable, change, { id: distributorId })
    return { ...before, ...change }
  }
}
