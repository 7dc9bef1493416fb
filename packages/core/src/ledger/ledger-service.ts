import * as z from 'zod'
import type { Call, Kernel, Reader } from '../kernel/index.js'
import { type AccountStatement, type AccountStatementInput, accountStatement } from './account-statement.js'
import { createAccounts } from './accounts.js'
import { closeBooks } from './close-books.js'
import { type PostJournalInput, requireOwnAccounts, requireTrusted } from './core-accounts.js'
import { captureHold, findHold, type HoldQuery, releaseHold } from './end-hold.js'
import { findJournal, type Journal, type JournalInput } from './find-journal.js'
import type { CaptureHoldInput, Hold, HoldEnd, HoldInput, HoldState, ReleaseHoldInput } from './hold.js'
import {
  balanceInput,
  captureInput,
  filterInput,
  holdInput,
  holdQuery,
  journalInput,
  openInput,
  postInput,
  releaseInput,
  reverseInput,
  statementInput,
  trialInput,
  verifyInput,
} from './inputs.js'
import { type OpenAccountInput, openAccount } from './open-account.js'
import { placeHold } from './place-hold.js'
import { type Post, type PostedJournal, postJournals } from './post.js'
import {
  type Account,
  type AccountBalance,
  type AccountFilter,
  type BalanceInput,
  type BooksCheck,
  balance,
  balances,
  checkBooks,
  type Passage,
  passages,
} from './read-ledger.js'
import { type PostedReversal, type ReverseJournalInput, reverseJournal } from './reverse-journal.js'
import { type TrialBalance, type TrialBalanceInput, trialBalance } from './trial-balance.js'
import { type BooksVerification, type LedgerHead, newestSeal, type VerifyBooksInput, verifyBooks } from './verify-books.js'

/**
 * The books, open to the host: books of its own (points, deposits, gift cards, in a commodity of its own) stand beside those of the marketplace.
 *
 * Core's own accounts are those of the parties `platform`, `supplier:…`, `distributor:…`, `tax`, `psp:…`, `order:…`, `refunds`, `payout` and `fx`, in every
 * purpose and commodity. What would open one is refused, and what would move one as well unless it says `coreAccounts: true` (`ledger.core_account`). All that
 * writes is for the host's own code, its staff and its services (`ledger.not_trusted`).
 */
export interface LedgerService {
  /**
   * Opens an account, or finds it open already. The first journal that names an account opens it as well, unguarded unless it says otherwise.
   * @throws ledger.core_account, ledger.guard_mismatch, ledger.invalid_account, ledger.not_trusted
   */
  open(input: OpenAccountInput, call?: Call): Promise<Account>
  /**
   * Posts a journal, once per key, and answers the same id however often it is asked.
   * @throws balance.insufficient, idempotency.conflict, ledger.already_reversed, ledger.balance_too_large, ledger.core_account, ledger.guard_mismatch,
   * ledger.invalid_account, ledger.invalid_amount, ledger.journal_not_found, ledger.not_trusted, ledger.same_account
   */
  post(input: PostJournalInput, call?: Call): Promise<PostedJournal>
  /**
   * Takes a journal back, once, by a journal that names it.
   * @throws balance.insufficient, idempotency.conflict, ledger.already_reversed, ledger.core_account, ledger.journal_not_found, ledger.not_trusted
   */
  reverse(input: ReverseJournalInput, call?: Call): Promise<PostedReversal>
  /**
   * Reserves an amount, once per key: it stays on its account, and is not available there until the hold ends. On a guarded account no more can be held than it
   * has; on another, nothing is refused. Asked again with the same key it answers the same, also after its end.
   * @throws balance.insufficient, idempotency.conflict, ledger.core_account, ledger.guard_mismatch, ledger.hold_in_past, ledger.invalid_account,
   * ledger.not_trusted, ledger.same_account
   */
  hold(input: HoldInput, call?: Call): Promise<Hold>
  /** Posts what is held, or a part of it; the rest is available again. @throws ledger.capture_exceeds_hold, ledger.hold_ended, ledger.hold_not_found, ledger.not_trusted */
  capture(input: CaptureHoldInput, call?: Call): Promise<HoldEnd>
  /** Makes what is held available again; of a hold that has lapsed it answers that. @throws ledger.hold_ended, ledger.hold_not_found, ledger.not_trusted */
  release(input: ReleaseHoldInput, call?: Call): Promise<HoldEnd>
  /** A hold, and how it ended, by id or key. @throws ledger.hold_not_found */
  findHold(input: HoldQuery, call?: Call): Promise<HoldState>
  /** A journal with its transfers, by id or key. @throws ledger.journal_not_found */
  journal(input: JournalInput, call?: Call): Promise<Journal>
  /** What one account holds, now or at a moment (of effective time). @throws ledger.account_not_found */
  balance(input: BalanceInput, call?: Call): Promise<AccountBalance>
  /** Balances of the accounts that fit the filter, now or at a moment (of effective time). */
  balances(input: AccountFilter, call?: Call): Promise<readonly AccountBalance[]>
  /** What moved on one account, a page at a time, each line with the balance that it leaves. @throws ledger.account_not_found */
  statement(input: AccountStatementInput, call?: Call): Promise<AccountStatement>
  /** All accounts by commodity and purpose, now or at a moment (of effective time); each commodity sums to zero. */
  trialBalance(input?: TrialBalanceInput, call?: Call): Promise<readonly TrialBalance[]>
  /** Sums everything anew: debits against credits, kept balances against transfers. */
  check(input?: Record<string, never>, call?: Call): Promise<BooksCheck>
  /** The newest seal of the chain over all journals, to be kept where whoever can write this database cannot. */
  head(input?: Record<string, never>, call?: Call): Promise<LedgerHead>
  /** Computes the chain of seals anew, and says which journals were changed, taken out or put in; with a head that was kept, also whether the chain is still that one. */
  verify(input?: VerifyBooksInput, call?: Call): Promise<BooksVerification>
}

export interface Ledger {
  readonly service: LedgerService
  readonly post: Post
  balances(reader: Reader, filter: AccountFilter): Promise<readonly AccountBalance[]>
  /** What has passed for these refs, by way and kind: the books' answer to "what was earned and taken back of this line". */
  passages(reader: Reader, refs: readonly string[]): Promise<readonly Passage[]>
}

export function createLedger({ kernel }: { readonly kernel: Kernel }): Ledger {
  const accounts = createAccounts(kernel)
  const post = postJournals({ kernel, accounts })
  const open = openAccount({ accounts })
  const reverse = reverseJournal({ post })
  const hold = placeHold({ kernel, accounts })
  const capture = captureHold({ post })
  const { command, query } = kernel.useCases
  kernel.jobs.every('ledger.close', { everyMillis: 5_000 }, () => closeBooks(kernel.database))
  const check = query('ledger.check', z.object({}), (reader) => checkBooks(reader))
  const head = query('ledger.head', z.object({}), async (reader) => {
    const { seq, hash } = await newestSeal(reader)
    return { seq, hash }
  })
  const verify = query('ledger.verify', verifyInput, verifyBooks)
  const trial = query('ledger.trialBalance', trialInput, trialBalance)
  return {
    post,
    balances,
    passages,
    service: {
      open: command('ledger.open', openInput, (tx, input, { actor }) => {
        requireTrusted(actor)
        return open(tx, input)
      }),
      post: command('ledger.post', postInput, async (tx, { coreAccounts, ...journal }, { actor }) => {
        requireTrusted(actor)
        requireOwnAccounts(
          journal.transfers.flatMap(({ from, to }) => [from, to]),
          coreAccounts,
        )
        const [posted] = await post(tx, [journal])
        return { id: posted?.id ?? '' }
      }),
      reverse: command('ledger.reverse', reverseInput, (tx, input, { actor }) => {
        requireTrusted(actor)
        return reverse(tx, input)
      }),
      hold: command('ledger.hold', holdInput, (tx, input, { actor }) => {
        requireTrusted(actor)
        return hold(tx, input)
      }),
      capture: command('ledger.capture', captureInput, (tx, input, { actor }) => {
        requireTrusted(actor)
        return capture(tx, input)
      }),
      release: command('ledger.release', releaseInput, (tx, input, { actor }) => {
        requireTrusted(actor)
        return releaseHold(tx, input)
      }),
      findHold: query('ledger.findHold', holdQuery, findHold),
      journal: query('ledger.journal', journalInput, findJournal),
      balance: query('ledger.balance', balanceInput, balance),
      balances: query('ledger.balances', filterInput, balances),
      statement: query('ledger.statement', statementInput, accountStatement),
      trialBalance: (input = {}, call) => trial(input, call),
      check: (input = {}, call) => check(input, call),
      head: (input = {}, call) => head(input, call),
      verify: (input = {}, call) => verify(input, call),
    },
  }
}
