import { defineError, type ErrorFactory } from '@entrepot/core'

export const distributorNotFound: ErrorFactory<{ distributorId: string }> = defineError(
  'distribution.not_found',
  'not_found',
  (f) => `there is no distributor ${f.distributorId}`,
)
export const distributorsUnknown: ErrorFactory<{ distributors: readonly string[] }> = defineError(
  'distribution.unknown_beneficiary',
  'invalid_data',
  (f) => `the order names ${f.distributors.join(', ')}, which is neither id nor external id of a distributor; register it first`,
)
export const stepRefused: ErrorFactory<{ distributorId: string; step: string; status: string; from: string }> = defineError(
  'distribution.step_refused',
  'not_allowed',
  (f) => `distributor ${f.distributorId} is ${f.status}; ${f.step} needs it to be ${f.from}`,
)
export const notApproved: ErrorFactory<{ distributorId: string; status: string }> = defineError(
  'distribution.not_approved',
  'not_allowed',
  (f) => `distributor ${f.distributorId} is ${f.status}; only an approved one has links, binds customers and stands above others`,
)
export const taken: ErrorFactory<{ holders: readonly string[] }> = defineError(
  'distribution.taken',
  'duplicate_error',
  (f) =>
    `the customer, external id or code is ${f.holders.length === 0 ? 'given twice' : `that of ${f.holders.join(', ')}`}; each belongs to one distributor alone`,
)
export const codeUnknown: ErrorFactory<{ code: string }> = defineError(
  'distribution.code_unknown',
  'not_found',
  (f) => `no distributor has the code "${f.code}"; show the page without it`,
)
export const cycle: ErrorFactory<{ distributorId: string; parentId: string }> = defineError(
  'distribution.cycle',
  'not_allowed',
  (f) => `distributor ${f.parentId} is ${f.distributorId} itself or stands below it, and cannot stand above it; move it out first`,
)
export const treeChanged: ErrorFactory<{ distributorId: string }> = defineError(
  'distribution.tree_changed',
  'conflict',
  (f) => `the tree above distributor ${f.distributorId} was changed at the same time; try again`,
)
export const levelUnknown: ErrorFactory<{ level: string; levels: readonly string[] }> = defineError(
  'distribution.level_unknown',
  'invalid_data',
  (f) => `the plan has no level "${f.level}", but ${f.levels.length === 0 ? 'tiers alone' : f.levels.join(', ')}`,
)
