import { defineError, type ErrorFactory } from '../kernel/index.js'

export const emptyJournal: ErrorFactory<{ key: string }> = defineError(
  'ledger.empty_journal',
  'invalid_data',
  (f) => `journal "${f.key}" has no transfers; a journal moves something`,
)
export const invalidAmount: ErrorFactory<{ key: string; amount: number }> = defineError(
  'ledger.invalid_amount',
  'invalid_data',
  (f) => `journal "${f.key}" has a transfer of ${f.amount}; an amount is a positive whole number of minor units below 2^53`,
)
export const invalidAccount: ErrorFactory<{ key: string; party: string; purpose: string; commodity: string }> = defineError(
  'ledger.invalid_account',
  'invalid_data',
  (f) => `journal "${f.key}" names purpose "${f.purpose}" of ${f.party} in "${f.commodity}"; a purpose has no slash, a commodity no space`,
)
export const journalNotFound: ErrorFactory<{ key: string; reverses: string }> = defineError(
  'ledger.journal_not_found',
  'not_found',
  (f) => `journal "${f.key}" takes back journal ${f.reverses}, which is not there`,
)
export const alreadyReversed: ErrorFactory<{ key: string; reverses: string; by: string }> = defineError(
  'ledger.already_reversed',
  'conflict',
  (f) => `journal "${f.key}" takes back journal ${f.reverses}, which "${f.by}" has taken back already; nothing is left to do`,
)
export const balanceTooLarge: ErrorFactory<{ accounts: readonly string[] }> = defineError(
  'ledger.balance_too_large',
  'not_allowed',
  (f) => `${f.accounts.join(', ')} would hold 2^53 or more, which no number holds exactly; move less`,
)
export const sameAccount: ErrorFactory<{ key: string; account: string }> = defineError(
  'ledger.same_account',
  'invalid_data',
  (f) => `journal "${f.key}" moves from ${f.account} to itself; name two accounts`,
)
export const keyConflict: ErrorFactory<{ key: string }> = defineError(
  'idempotency.conflict',
  'conflict',
  (f) => `journal key "${f.key}" was posted with other content; a key never expires, so give another journal another key`,
)
export const insufficientBalance: ErrorFactory<{ accounts: readonly string[] }> = defineError(
  'balance.insufficient',
  'not_allowed',
  (f) => `${f.accounts.join(', ')} would fall below zero; move less, or top up first`,
)
export const guardMismatch: ErrorFactory<{ account: string }> = defineError(
  'ledger.guard_mismatch',
  'conflict',
  (f) => `account ${f.account} was opened with the other guard; whether a balance may be negative is said at its opening and kept`,
)
