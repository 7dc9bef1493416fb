import { defineError, type ErrorFactory } from '../kernel/index.js'

export const caseNotFound: ErrorFactory<{ readonly caseId: string }> = defineError(
  'reconciliation.case_not_found',
  'not_found',
  (f) => `there is no case ${f.caseId}; list the cases to see which there are`,
)
export const caseClosed: ErrorFactory<{ readonly caseId: string; readonly status: string }> = defineError(
  'reconciliation.case_closed',
  'conflict',
  (f) => `case ${f.caseId} is ${f.status}; reopen it first`,
)
export const caseOpen: ErrorFactory<{ readonly caseId: string }> = defineError(
  'reconciliation.case_open',
  'conflict',
  (f) => `case ${f.caseId} is open already`,
)
export const entryConflict: ErrorFactory<{ readonly provider: string; readonly ref: string }> = defineError(
  'reconciliation.entry_conflict',
  'conflict',
  (f) =>
    `${f.provider} has reported ${f.ref} before with other content; ask the provider which is right, and hand the correction in under a ref of its own`,
)
export const providerUnknown: ErrorFactory<{ readonly provider: string; readonly known: readonly string[] }> = defineError(
  'reconciliation.provider_unknown',
  'invalid_argument',
  (f) => `there is no payment or payout provider "${f.provider}"; known are ${f.known.join(', ')}`,
)
export const periodInFuture: ErrorFactory<{ readonly to: string }> = defineError(
  'reconciliation.period_in_future',
  'invalid_argument',
  (f) => `the report's period ends at ${f.to}, which is still to come; hand in what is over`,
)
