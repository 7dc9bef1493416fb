import type { Tx } from '../kernel/index.js'
import { requireOwnAccounts, type TouchesCore } from './core-accounts.js'
import { alreadyReversed, journalNotFound } from './errors.js'
import { transfersOf } from './find-journal.js'
import { journalTable } from './ledger.entity.js'
import type { Post } from './post.js'

/** Takes a journal back: every transfer the other way, in a new journal that names it. What was posted stays. */
export interface ReverseJournalInput extends TouchesCore {
  readonly journalId: string
  /** Never expires. @default `reversal:<journalId>`: a journal is taken back once */
  readonly key?: string | undefined
  /** Id of what caused it. @default the journal's own source */
  readonly source?: string | undefined
  /** @default now */
  readonly effectiveAt?: string | undefined
}

/** A reversal that stands in the books. */
export interface PostedReversal {
  readonly id: string
  /** The journal that it takes back. */
  readonly reverses: string
}

/** @throws ledger.journal_not_found, ledger.already_reversed, ledger.core_account, balance.insufficient, idempotency.conflict */
export function reverseJournal({ post }: { readonly post: Post }) {
  return async (tx: Tx, { journalId, key = `reversal:${journalId}`, ...input }: ReverseJournalInput): Promise<PostedReversal> => {
    // Locked, so that of two reversals at once the second finds the first: asked twice without a time, both mean the same reversal.
    const [journal] = await tx.lock(journalTable, { id: journalId })
    if (!journal) throw journalNotFound({ journalId })
    const earlier = await tx.findOne(journalTable, { reverses: journalId })
    if (earlier && earlier.key !== key) throw alreadyReversed({ key, reverses: journalId, by: earlier.key })
    const transfers = await transfersOf(tx, journalId)
    requireOwnAccounts(
      transfers.flatMap(({ from, to }) => [from, to]),
      input.coreAccounts,
    )
    const [posted] = await post(tx, [
      {
        kind: 'reversal',
        source: input.source ?? journal.source,
        key,
        effectiveAt: input.effectiveAt ?? earlier?.effectiveAt ?? tx.now,
        transfers: transfers.map(({ from, to, ref, ...transfer }) => ({ ...transfer, from: to, to: from, ref: ref ?? undefined })),
        reverses: journalId,
      },
    ])
    return { id: posted?.id ?? '', reverses: journalId }
  }
}
