/**
 * The books: what every party is owed is a sum over this room's rows and over nothing else.
 *
 * - A transfer takes from one account what it gives to another of the same commodity: debits equal credits by structure.
 * - Accounts, journals and transfers are never changed or removed (triggers refuse it); a correction is a journal that names what it reverses.
 * - A journal's key never expires: same key and content, nothing happens; same key and other content, `idempotency.conflict`.
 * - A guarded account never falls below zero, whatever runs at once.
 * - What is held stays on its account and is not available there; a hold ends once, and whichever end comes first is the only one.
 * - Journals are sealed into a chain of hashes, over ids, codes, amounts and times; nothing that has to be erasable stands in them.
 * - Core's own accounts are moved by core; whoever else means to says so.
 */
export type { AccountEntry, AccountStatement, AccountStatementInput } from './account-statement.js'
export type { PostJournalInput } from './core-accounts.js'
export type { HoldQuery } from './end-hold.js'
export { insufficientBalance } from './errors.js'
export type { Journal, JournalInput, Transfer } from './find-journal.js'
export type { CaptureHoldInput, Hold, HoldEnd, HoldInput, HoldState, ReleaseHoldInput } from './hold.js'
export { type AccountRef, accountPath, type PostJournal, type PostTransfer } from './journal.js'
export { accountTable, journalTable, type TransferRow, transferTable } from './ledger.entity.js'
export { createLedger, type Ledger, type LedgerService } from './ledger-service.js'
export type { OpenAccountInput } from './open-account.js'
export type { Post, PostedJournal } from './post.js'
export type { Account, AccountBalance, AccountFilter, BalanceInput, BooksCheck, Passage } from './read-ledger.js'
export type { PostedReversal, ReverseJournalInput } from './reverse-journal.js'
export { ledgerTables } from './tables.js'
export type { TrialBalance, TrialBalanceInput, TrialBalanceLine } from './trial-balance.js'
export type { BooksProblem, BooksVerification, LedgerHead, VerifyBooksInput } from './verify-books.js'
