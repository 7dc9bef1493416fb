/**
 * The books: what every party is owed is a sum over this room's rows and over nothing else.
 *
 * - A transfer takes from one account what it gives to another of the same commodity: debits equal credits by structure.
 * - Accounts, journals and transfers are never changed or removed (triggers refuse it); a correction is a journal that names what it reverses.
 * - A journal's key never expires: same key and content, nothing happens; same key and other content, `idempotency.conflict`.
 * - A guarded account never falls below zero, whatever runs at once.
 */
export { insufficientBalance } from './errors.js'
export { type AccountRef, accountPath, type PostJournal, type PostTransfer } from './journal.js'
export { accountTable, journalTable, ledgerTables, transferTable } from './ledger.entity.js'
export { type AccountStatementInput, createLedger, type Ledger, type LedgerService } from './ledger-service.js'
export type { Post } from './post.js'
export type { AccountBalance, AccountEntry, AccountFilter, BooksCheck, Passage } from './read-ledger.js'
