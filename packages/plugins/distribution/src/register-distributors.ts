import type { Caller, Metadata, Tx } from '@entrepot/core'
import * as z from 'zod'
import type { DistributionContext } from './context.js'
import { type Directory, readDirectory } from './directory.js'
import { type Distributor, type DistributorStatus, distributorStatuses } from './distributor.js'
import { record } from './distributor-store.js'
import { distributorNotFound } from './errors.js'
import { code, id, metadata, text } from './inputs.js'
import { insertDistributors } from './insert-distributors.js'
import { requireLevel } from './levels.js'
import { codeFromId } from './referral.js'

/** A distributor as it is known elsewhere. Trusted host code alone registers: nothing is reviewed, and the customer is not looked up. */
export interface RegisterDistributorInput {
  /** Its id there; imported orders may name it by this. Registered again, it is given back as it is. */
  readonly externalId: string
  /** @default the external id */
  readonly name?: string | undefined
  /** Who stands above it: an id of ours, or the external id of one that is registered or stands earlier in the input. */
  readonly parentId?: string | undefined
  readonly customerId?: string | undefined
  readonly code?: string | undefined
  readonly level?: string | undefined
  /** @default 'approved' */
  readonly status?: DistributorStatus | undefined
  readonly metadata?: Metadata | undefined
}

export interface ImportDistributorsInput {
  /** 1 to 1000. */
  readonly distributors: readonly RegisterDistributorInput[]
}

export const registerDistributorInput: z.ZodType<RegisterDistributorInput> = z.strictObject({
  externalId: text(120),
  name: text(200).optional(),
  parentId: text(120).optional(),
  customerId: id.optional(),
  code: code.optional(),
  level: text(60).optional(),
  status: z.enum(distributorStatuses).optional(),
  metadata: metadata.optional(),
})

export const importDistributorsInput: z.ZodType<ImportDistributorsInput> = z.strictObject({
  distributors: z.array(registerDistributorInput).min(1).max(1000),
})

/** Takes over distributors, in a number of statements that does not depend on theirs. @returns as they stand, in the order of the input @throws distribution.not_found, distribution.taken, distribution.level_unknown */
export function importDistributors(
  context: DistributionContext,
): (tx: Tx, input: ImportDistributorsInput, caller: Caller) => Promise<readonly Distributor[]> {
  return async (tx, { distributors: wanted }, caller) => {
    for (const { level } of wanted) requireLevel(context.options, level)
    const names = wanted.flatMap(({ externalId, parentId }) => [externalId, parentId ?? []].flat())
    const known = await readDirectory(tx, { names, referrals: [], customerIds: [] })
    const fresh = draftAll(context, tx.now, wanted, known)
    await insertDistributors(tx, [...fresh.values()])
    await record(
      context,
      tx,
      caller,
      [...fresh.values()].map(({ id: distributorId, status }) => ({ distributorId, action: 'registered', from: null, to: status })),
    )
    return wanted.flatMap(({ externalId }) => fresh.get(externalId) ?? known.named(externalId) ?? [])
  }
}

/** The same for one. */
export function registerDistributor(
  context: DistributionContext,
): (tx: Tx, input: RegisterDistributorInput, caller: Caller) => Promise<Distributor> {
  const importAll = importDistributors(context)
  return async (tx, input, caller) => {
    const [distributor] = await importAll(tx, { distributors: [input] }, caller)
    if (!distributor) throw distributorNotFound({ distributorId: input.externalId })
    return distributor
  }
}

/** Those that are not known yet, by external id. A parent comes before its children, so there are no cycles. */
function draftAll(
  context: DistributionContext,
  now: string,
  wanted: readonly RegisterDistributorInput[],
  known: Directory,
): ReadonlyMap<string, Distributor> {
  const fresh = new Map<string, Distributor>()
  for (const input of wanted) {
    const { externalId, parentId } = input
    if (fresh.has(externalId) || known.named(externalId)) continue
    const parent = parentId === undefined ? undefined : (known.named(parentId) ?? fresh.get(parentId))
    if (parentId !== undefined && !parent) throw distributorNotFound({ distributorId: parentId })
    const distributorId = context.id('dst')
    fresh.set(externalId, {
      id: distributorId,
      name: input.name ?? externalId,
      customerId: input.customerId ?? null,
      externalId,
      parentId: parent?.id ?? null,
      code: input.code ?? codeFromId(distributorId),
      level: input.level ?? null,
      status: input.status ?? 'approved',
      metadata: input.metadata ?? {},
      createdAt: now,
      updatedAt: now,
    })
  }
  return fresh
}
