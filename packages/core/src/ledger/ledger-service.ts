import * as z from 'zod'
import { type Call, type Kernel, line, type Reader, time } from '../kernel/index.js'
import { createAccounts } from './accounts.js'
import type { PostJournal } from './journal.js'
import { type Post, postJournals } from './post.js'
import {
  type AccountBalance,
  type AccountEntry,
  type AccountFilter,
  type BooksCheck,
  balances,
  checkBooks,
  entries,
  type Passage,
  passages,
} from './read-ledger.js'

/** Which part of an account's history. */
export interface AccountStatementInput {
  readonly accountId: string
  /** Inclusive. */
  readonly from: string
  /** Exclusive. */
  readonly to: string
  /** @default 1000 */
  readonly limit?: number | undefined
}

/** The books, open to the host: accounts of its own may stand beside those of the marketplace. */
export interface LedgerService {
  /**
   * Posts a journal, once per key.
   * @throws balance.insufficient, idempotency.conflict, ledger.already_reversed, ledger.balance_too_large, ledger.invalid_account, ledger.invalid_amount,
   * ledger.journal_not_found, ledger.same_account
   */
  post(input: PostJournal, call?: Call): Promise<void>
  /** Balances of the accounts that fit the filter, now or at a moment. */
  balances(input: AccountFilter, call?: Call): Promise<readonly AccountBalance[]>
  /** What moved on one account. */
  statement(input: AccountStatementInput, call?: Call): Promise<readonly AccountEntry[]>
  /** Sums everything anew: debits against credits, kept balances against transfers. */
  check(input?: Record<string, never>, call?: Call): Promise<BooksCheck>
}

export interface Ledger {
  readonly service: LedgerService
  readonly post: Post
  balances(reader: Reader, filter: AccountFilter): Promise<readonly AccountBalance[]>
  /** What has passed for these refs, by way and kind: the books' answer to "what was earned and taken back of this line". */
  passages(reader: Reader, refs: readonly string[]): Promise<readonly Passage[]>
}

const accountRef = z.object({ party: line(80), purpose: line(40), guarded: z.boolean().optional() })
const postInput = z.object({
  kind: line(40),
  source: line(80),
  key: line(200),
  effectiveAt: time,
  transfers: z
    .array(
      z.object({
        from: accountRef,
        to: accountRef,
        amount: z.int().positive(),
        commodity: line(12),
        kind: line(40),
        ref: line(80).optional(),
      }),
    )
    .min(1),
  reverses: line(64).optional(),
})
const some = (most: number) => z.union([line(most), z.array(line(most))]).optional()
const filterInput = z.object({ party: some(80), purpose: some(40), commodity: line(12).optional(), at: time.optional() })
const statementInput = z.object({ accountId: line(64), from: time, to: time, limit: z.int().min(1).max(10_000).default(1000) })

export function createLedger({ kernel }: { readonly kernel: Kernel }): Ledger {
  const post = postJournals({ kernel, accounts: createAccounts(kernel) })
  const { command, query } = kernel.useCases
  const check = query('ledger.check', z.object({}), (reader) => checkBooks(reader))
  return {
    post,
    balances,
    passages,
    service: {
      post: command('ledger.post', postInput, (tx, journal) => post(tx, [journal])),
      balances: query('ledger.balances', filterInput, balances),
      statement: query('ledger.statement', statementInput, (reader, { accountId, from, to, limit }) =>
        entries(reader, accountId, from, to, limit),
      ),
      check: (input = {}, call) => check(input, call),
    },
  }
}
