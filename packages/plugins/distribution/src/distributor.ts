/** What a distributor is, and the steps of its life. */
import type { Metadata } from '@entrepot/core'
import { stepRefused } from './errors.js'

export const distributorStatuses = ['applied', 'approved', 'rejected', 'suspended'] as const

/** Only an `approved` distributor binds customers and earns. */
export type DistributorStatus = (typeof distributorStatuses)[number]

/** Somebody who brings customers and has a share of what they buy. */
export interface Distributor {
  /** `dst_…`; its claims stand in the books under `distributor:dst_…`. */
  readonly id: string
  /** As it calls itself; blank after the customer that it is was erased. */
  readonly name: string
  /** The customer that it is, for what it buys itself. */
  readonly customerId: string | null
  /** Its id where it was imported from. */
  readonly externalId: string | null
  /** Who stands above it. Nobody earns for recruiting: a parent has its tier of what is sold, delivered and paid. */
  readonly parentId: string | null
  /** What its links carry. */
  readonly code: string
  /** Its level in a plan by levels. */
  readonly level: string | null
  readonly status: DistributorStatus
  readonly metadata: Metadata
  readonly createdAt: string
  readonly updatedAt: string
}

/** What moves a distributor from one status to another. */
export type DistributorStep = 'reapply' | 'approve' | 'reject' | 'suspend' | 'reinstate'

interface Transition {
  readonly from: DistributorStatus
  readonly to: DistributorStatus
}

const transitions: Readonly<Record<DistributorStep, Transition>> = {
  reapply: { from: 'rejected', to: 'applied' },
  approve: { from: 'applied', to: 'approved' },
  reject: { from: 'applied', to: 'rejected' },
  suspend: { from: 'approved', to: 'suspended' },
  reinstate: { from: 'suspended', to: 'approved' },
}

/** Where a step leads. @throws distribution.step_refused */
export function statusAfter(step: DistributorStep, { id, status }: Pick<Distributor, 'id' | 'status'>): DistributorStatus {
  const { from, to } = transitions[step]
  if (status !== from) throw stepRefused({ distributorId: id, step, status, from })
  return to
}

/** One step in a distributor's life. The database refuses to change or remove it. */
export interface TrailEntry {
  readonly id: string
  readonly distributorId: string
  readonly action: TrailAction
  readonly from: DistributorStatus | null
  readonly to: DistributorStatus
  /** Why, or where it was moved to. */
  readonly reason: string | null
  /** Who: `staff:42`, `system`. */
  readonly by: string
  readonly at: string
}

export type TrailAction = 'registered' | 'applied' | 'approved' | 'rejected' | 'suspended' | 'reinstated' | 'moved'
