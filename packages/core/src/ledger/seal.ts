/** The chain of seals: each is a hash over a journal and the seal before, so that nothing earlier can change without all that follows. Pure. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../kernel/index.js'
import { type AccountRef, accountPath, contentHash } from './journal.js'
import type { JournalRow } from './ledger.entity.js'

/** A journal with all that a seal is a hash over: ids, codes, amounts and times. Names, addresses and reasons stand in other rooms' rows, where they can be erased. */
export interface SealedJournal extends JournalRow {
  readonly transfers: readonly SealedTransfer[]
}

export interface SealedTransfer {
  readonly position: number
  readonly fromAccount: string
  readonly toAccount: string
  readonly from: AccountRef
  readonly to: AccountRef
  readonly amount: number
  readonly commodity: string
  readonly kind: string
  readonly ref: string | null
}

/** What stands for the seal before the first. */
export const genesis: string = '0'.repeat(64)

/** The hash of the journal that is sealed under a number, behind a seal of this hash. */
export function sealHash(before: string, seq: number, { transfers, ...journal }: SealedJournal): string {
  const { id, kind, source, key, effectiveAt, postedAt, reverses } = journal
  const moved = transfers.map((transfer) => [
    transfer.position,
    accountPath(transfer.from, transfer.commodity),
    accountPath(transfer.to, transfer.commodity),
    transfer.amount,
    transfer.kind,
    transfer.ref,
  ])
  return createHash('sha256')
    .update(canonicalJson([before, seq, id, kind, source, key, journal.contentHash, effectiveAt, postedAt, reverses, moved]))
    .digest('hex')
}

/** Whether a journal's transfers are those that it was posted with. */
export function isAsPosted({ transfers, reverses, ...journal }: SealedJournal): boolean {
  const posted = transfers.map(({ ref, ...transfer }) => ({ ...transfer, ref: ref ?? undefined }))
  return contentHash({ ...journal, reverses: reverses ?? undefined, transfers: posted }) === journal.contentHash
}
