/** What the books take from outside. */
import * as z from 'zod'
import { line, time } from '../kernel/index.js'
import type { AccountStatementInput } from './account-statement.js'
import type { PostJournalInput } from './core-accounts.js'
import type { HoldQuery } from './end-hold.js'
import type { JournalInput } from './find-journal.js'
import type { CaptureHoldInput, HoldInput, ReleaseHoldInput } from './hold.js'
import type { AccountRef } from './journal.js'
import type { OpenAccountInput } from './open-account.js'
import type { AccountFilter, BalanceInput } from './read-ledger.js'
import type { ReverseJournalInput } from './reverse-journal.js'
import type { TrialBalanceInput } from './trial-balance.js'
import type { VerifyBooksInput } from './verify-books.js'

/**
 * An id or a code that the books keep for ever, and that the chain of seals is a hash over: without spaces and @, so that no name, no address and no sentence of
 * a person's can stand where nobody could erase it.
 */
function lasting(most: number): z.ZodString {
  return line(most).regex(/^[^\s@]+$/, 'must be an id or a code, without spaces and without @: it stays in the books for ever')
}

const refShape = { party: lasting(80), purpose: lasting(40), guarded: z.boolean().optional() }
const accountRef: z.ZodType<AccountRef> = z.object(refShape)
const commodity = line(12)
const coreAccounts = z.boolean().optional()

export const openInput: z.ZodType<OpenAccountInput> = z.object({ ...refShape, commodity })

export const postInput: z.ZodType<PostJournalInput> = z.object({
  kind: lasting(40),
  source: lasting(80),
  key: lasting(200),
  effectiveAt: time,
  transfers: z
    .array(
      z.object({
        from: accountRef,
        to: accountRef,
        amount: z.int().positive(),
        commodity,
        kind: lasting(40),
        ref: lasting(80).optional(),
      }),
    )
    .min(1),
  reverses: line(64).optional(),
  coreAccounts,
})

export const reverseInput: z.ZodType<ReverseJournalInput> = z.object({
  journalId: line(64),
  key: lasting(200).optional(),
  source: lasting(80).optional(),
  effectiveAt: time.optional(),
  coreAccounts,
})

export const journalInput: z.ZodType<JournalInput> = z.union([z.strictObject({ journalId: line(64) }), z.strictObject({ key: line(200) })])

export const holdInput: z.ZodType<HoldInput> = z.object({
  from: accountRef,
  to: accountRef,
  amount: z.int().positive(),
  commodity,
  kind: lasting(40),
  source: lasting(80),
  key: lasting(200),
  ref: lasting(80).optional(),
  expiresAt: time.optional(),
  coreAccounts,
})
export const captureInput: z.ZodType<CaptureHoldInput> = z.object({
  holdId: line(64),
  amount: z.int().positive().optional(),
  effectiveAt: time.optional(),
})
export const releaseInput: z.ZodType<ReleaseHoldInput> = z.object({ holdId: line(64) })
export const holdQuery: z.ZodType<HoldQuery> = z.union([z.strictObject({ holdId: line(64) }), z.strictObject({ key: line(200) })])

const some = (most: number) => z.union([line(most), z.array(line(most))]).optional()
export const filterInput: z.ZodType<AccountFilter> = z.object({
  party: some(80),
  purpose: some(40),
  commodity: commodity.optional(),
  at: time.optional(),
})
export const balanceInput: z.ZodType<BalanceInput> = z.object({ party: line(80), purpose: line(40), commodity, at: time.optional() })
export const trialInput: z.ZodType<TrialBalanceInput> = z.object({ commodity: commodity.optional(), at: time.optional() })

export const verifyInput: z.ZodType<VerifyBooksInput> = z.object({
  head: z.object({ seq: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal') }).optional(),
})

export const statementInput: z.ZodType<AccountStatementInput & { readonly limit: number }, AccountStatementInput> = z.object({
  accountId: line(64),
  from: time.optional(),
  to: time.optional(),
  limit: z.int().min(1).max(10_000).default(1000),
  after: line(120)
    .regex(/^[^/]{24}\/[^/]+\/\d{1,9}$/, 'must be the next of the page before')
    .optional(),
})
