import { createHash } from 'node:crypto'
import { canonicalJson, type Timestamp } from '../kernel/index.js'
import { emptyJournal, invalidAccount, invalidAmount, sameAccount } from './errors.js'

/** An account by whom it belongs to and what it is for; it is opened by the first journal that names it. */
export interface AccountRef {
  /** `platform`, `supplier:sup_…`, `distributor:…`, `customer:…`, `tax:…`, `psp:<provider>`, `bank`, or a party of the integrator's own. */
  readonly party: string
  /** `pending`, `available`, `reserve`, `clearing`, `commission`, …; without a slash. */
  readonly purpose: string
  /** Its balance may never fall below zero. Said at the account's opening, and kept. */
  readonly guarded?: boolean | undefined
}

/** Moves a positive amount: it leaves `from` (a debit) and enters `to` (a credit). */
export interface PostTransfer {
  readonly from: AccountRef
  readonly to: AccountRef
  /** Minor units of the commodity; a positive safe integer. */
  readonly amount: number
  /** ISO 4217 code, or a commodity of the integrator's own (points, store credit). */
  readonly commodity: string
  /** What the movement is: `sale`, `commission`, `tier`, `refund`, … Statements sum by it. */
  readonly kind: string
  /** What it is for: an order line, a payment, a claim. */
  readonly ref?: string | undefined
}

/** Transfers that happen together. */
export interface PostJournal {
  readonly kind: string
  /** Id of what caused it. */
  readonly source: string
  /** Never expires: posted once, however often it is asked for. */
  readonly key: string
  readonly effectiveAt: Timestamp
  readonly transfers: readonly PostTransfer[]
  /** The journal that this one takes back. */
  readonly reverses?: string | undefined
}

/** The text that names an account, and no other: `supplier:sup_…/pending CNY`; a purpose has no slash, a commodity no space. */
export function accountPath(ref: AccountRef, commodity: string): string {
  return `${ref.party}/${ref.purpose} ${commodity}`
}

/** @throws ledger.empty_journal, ledger.invalid_account, ledger.invalid_amount, ledger.same_account */
export function checkJournal(journal: PostJournal): void {
  if (journal.transfers.length === 0) throw emptyJournal({ key: journal.key })
  for (const { amount, from, to, commodity } of journal.transfers) {
    for (const ref of [from, to])
      if (!isNameable(ref, commodity)) throw invalidAccount({ party: ref.party, purpose: ref.purpose, commodity })
    if (!Number.isSafeInteger(amount) || amount <= 0) throw invalidAmount({ key: journal.key, amount })
    if (from.party === to.party && from.purpose === to.purpose)
      throw sameAccount({ key: journal.key, account: accountPath(from, commodity) })
  }
}

/** Two accounts never share a path: what follows the last space is the commodity, and what follows the last slash before it the purpose. */
export function isNameable({ purpose }: Pick<AccountRef, 'purpose'>, commodity: string): boolean {
  return !purpose.includes('/') && !/\s/.test(commodity)
}

/** Equal journals have equal hashes: what tells a repetition from another journal under the same key. */
export function contentHash({ kind, source, effectiveAt, transfers, reverses }: PostJournal): string {
  const content = transfers.map((transfer) => [
    accountPath(transfer.from, transfer.commodity),
    accountPath(transfer.to, transfer.commodity),
    transfer.amount,
    transfer.kind,
    transfer.ref ?? null,
  ])
  return createHash('sha256')
    .update(canonicalJson([kind, source, effectiveAt, reverses ?? null, content]))
    .digest('hex')
}
