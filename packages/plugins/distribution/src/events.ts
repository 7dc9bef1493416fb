import type { Timestamp } from '@entrepot/core'

interface OfDistributor {
  readonly distributorId: string
}

/** What distribution tells after commit. Ids only: what an event says goes where no erasure reaches. */
export interface DistributionEvents {
  'distribution.applied': OfDistributor
  'distribution.approved': OfDistributor
  'distribution.rejected': OfDistributor
  'distribution.suspended': OfDistributor
  'distribution.reinstated': OfDistributor
  'distribution.moved': OfDistributor & { readonly parentId: string | null }
  /** A customer belongs to this distributor from now on. */
  'distribution.bound': OfDistributor & { readonly customerId: string; readonly protectedUntil: Timestamp }
}
