import { type Page, type PageInput, pageShape, type Reader, readPage } from '@entrepot/core'
import * as z from 'zod'
import { distributorTable, trailTable } from './distributor.entity.js'
import { type Distributor, type DistributorStatus, distributorStatuses, type TrailEntry } from './distributor.js'
import { requireDistributor } from './distributor-store.js'
import { code, type DistributorIdInput, id, text } from './inputs.js'

export function getDistributor(reader: Reader, { distributorId }: DistributorIdInput): Promise<Distributor> {
  return requireDistributor(reader, distributorId)
}

/** One of the three; each is one distributor's alone. */
export interface FindDistributorInput {
  readonly externalId?: string | undefined
  readonly customerId?: string | undefined
  readonly code?: string | undefined
}

export const findDistributorInput: z.ZodType<FindDistributorInput> = z
  .strictObject({ externalId: text(120).optional(), customerId: id.optional(), code: code.optional() })
  .refine(
    (input) => Object.values(input).filter((value) => value !== undefined).length === 1,
    'give one of externalId, customerId and code',
  )

export async function findDistributor(reader: Reader, input: FindDistributorInput): Promise<Distributor | null> {
  return (await reader.findOne(distributorTable, input)) ?? null
}

export interface ListDistributorsInput extends PageInput {
  readonly status?: DistributorStatus | undefined
  /** Those who stand directly below this one; null: those below nobody. */
  readonly parentId?: string | null | undefined
}

export const listDistributorsInput: z.ZodType<ListDistributorsInput> = z.strictObject({
  status: z.enum(distributorStatuses).optional(),
  parentId: id.nullable().optional(),
  ...pageShape,
})

export function listDistributors(reader: Reader, { status, parentId, ...page }: ListDistributorsInput): Promise<Page<Distributor>> {
  return readPage(reader, distributorTable, { status, parentId }, page)
}

export interface ListTrailInput extends DistributorIdInput, PageInput {}

export const listTrailInput: z.ZodType<ListTrailInput> = z.strictObject({ distributorId: id, ...pageShape })

export function listTrail(reader: Reader, { distributorId, ...page }: ListTrailInput): Promise<Page<TrailEntry>> {
  return readPage(reader, trailTable, { distributorId }, page)
}
