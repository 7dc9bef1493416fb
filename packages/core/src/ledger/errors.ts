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
export const invalidAccount: ErrorFactory<{ party: string; purpose: string; commodity: string }> = defineError(
  'ledger.invalid_account',
  'invalid_data',
  (f) => `purpose "${f.purpose}" of ${f.party} in "${f.commodity}" names no account; a purpose has no slash, a commodity no space`,
)
export const journalNotFound: ErrorFactory<{ journalId: string }> = defineError(
  'ledger.journal_not_found',
  'not_found',
  (f) => `there is no journal ${f.journalId}; look it up by the key that it was posted under`,
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
export const coreAccount: ErrorFactory<{ party: string; purpose: string }> = defineError(
  'ledger.core_account',
  'not_allowed',
  (f) =>
    `${f.party}/${f.purpose} is one of core's own accounts; name a party of your own, or say coreAccounts: true where you mean it (guarded is core's to say)`,
)
export const notTrusted: ErrorFactory<{ actor: string }> = defineError(
  'ledger.not_trusted',
  'not_allowed',
  (f) => `a ${f.actor} does not write the books; let the host's own code, its staff or a service do it`,
)
export const accountNotFound: ErrorFactory<{ account: string }> = defineError(
  'ledger.account_not_found',
  'not_found',
  (f) => `account ${f.account} is not open; open it by ledger.open, or by the first journal that names it`,
)
export const holdNotFound: ErrorFactory<{ hold: string }> = defineError(
  'ledger.hold_not_found',
  'not_found',
  (f) => `there is no hold ${f.hold}; look it up by the key that it was placed under`,
)
export const holdInPast: ErrorFactory<{ key: string; expiresAt: string }> = defineError(
  'ledger.hold_in_past',
  'invalid_data',
  (f) => `hold "${f.key}" would have lapsed at ${f.expiresAt} already; name a moment to come`,
)
export const holdEnded: ErrorFactory<{ holdId: string; outcome: string }> = defineError(
  'ledger.hold_ended',
  'conflict',
  (f) => `hold ${f.holdId} has ended already: ${f.outcome}; place another`,
)
export const captureExceedsHold: ErrorFactory<{ holdId: string; amount: number; held: number }> = defineError(
  'ledger.capture_exceeds_hold',
  'not_allowed',
  (f) => `${f.amount} cannot be captured of hold ${f.holdId}, which holds ${f.held}; capture at most that`,
)
