import type { Kernel, Tx } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import type { Accounts, OpenAccount } from './accounts.js'
import { alreadyReversed, journalNotFound, keyConflict } from './errors.js'
import { changeGuarded, type GuardedChange } from './guarded-balance.js'
import { accountPath, checkJournal, contentHash, type PostJournal } from './journal.js'
import { type JournalRow, journalTable, type TransferRow, transferTable } from './ledger.entity.js'

/** A journal as it stands in the books. */
export interface PostedJournal {
  readonly id: string
}

/**
 * Posts journals by a number of statements that does not grow with them. A journal whose key was posted with the same content is passed over.
 * @returns each journal's id, in their order; of one that was passed over, the id of the first
 */
export type Post = (tx: Tx, journals: readonly PostJournal[]) => Promise<readonly PostedJournal[]>

/** The same, with what a capture sets free on the accounts that it takes from, by account id. */
export type PostFreeing = (tx: Tx, journals: readonly PostJournal[], freed?: ReadonlyMap<string, number>) => ReturnType<Post>

/**
 * @throws balance.insufficient, idempotency.conflict, ledger.already_reversed, ledger.balance_too_large, ledger.empty_journal, ledger.guard_mismatch,
 * ledger.invalid_account, ledger.invalid_amount, ledger.journal_not_found, ledger.same_account
 */
export function postJournals({ kernel, accounts }: { readonly kernel: Pick<Kernel, 'ids'>; readonly accounts: Accounts }): PostFreeing {
  return async (tx, journals, freed = new Map()) => {
    if (journals.length === 0) return []
    for (const journal of journals) checkJournal(journal)
    const open = await accounts.open(
      tx,
      journals.flatMap((journal) =>
        journal.transfers.flatMap(({ from, to, commodity }) => [
          { ...from, commodity },
          { ...to, commodity },
        ]),
      ),
    )
    const inserted = await insertJournals(tx, kernel, journals)
    const transfers = inserted.flatMap(({ id, journal, fresh }) => (fresh ? transferRows(id, journal, open) : []))
    await tx.insert(transferTable, transfers)
    await changeGuarded(tx, guardedChanges(transfers, open, freed))
    return inserted.map(({ id }) => ({ id }))
  }
}

/** Writes the journals whose keys are new, and gives all back with the ids that they have in the books. */
async function insertJournals(
  tx: Tx,
  kernel: Pick<Kernel, 'ids'>,
  journals: readonly PostJournal[],
): Promise<readonly { id: string; journal: PostJournal; fresh: boolean }[]> {
  const rows = journals.map(
    (journal): JournalRow => ({
      id: kernel.ids('jrn'),
      kind: journal.kind,
      source: journal.source,
      key: journal.key,
      contentHash: contentHash(journal),
      effectiveAt: journal.effectiveAt,
      postedAt: tx.now,
      reverses: journal.reverses ?? null,
    }),
  )
  await requireReversed(tx, journals)
  const inserted = await tx.insertMissing(journalTable, rows)
  const all = journals.map((journal, index) => ({ id: rows[index]?.id ?? '', hash: rows[index]?.contentHash, journal, fresh: true }))
  if (inserted === rows.length) return all
  const known = new Map((await tx.find(journalTable, { key: rows.map((row) => row.key) })).map((row) => [row.key, row]))
  const others = await reversals(tx, journals)
  return all.map(({ id, hash, journal }) => {
    const row = known.get(journal.key)
    const by = others.get(journal.reverses ?? '')
    if (row === undefined && journal.reverses !== undefined && by !== undefined)
      throw alreadyReversed({ key: journal.key, reverses: journal.reverses, by })
    if (row === undefined || row.contentHash !== hash) throw keyConflict({ key: journal.key })
    return { id: row.id, journal, fresh: row.id === id }
  })
}

/** Said by name, before the database says it by the name of a constraint. @throws ledger.journal_not_found */
async function requireReversed(tx: Tx, journals: readonly PostJournal[]): Promise<void> {
  const named = journals.flatMap(({ reverses }) => reverses ?? [])
  if (named.length === 0) return
  const there = new Set((await tx.find(journalTable, { id: named })).map((row) => row.id))
  const missing = named.find((journalId) => !there.has(journalId))
  if (missing !== undefined) throw journalNotFound({ journalId: missing })
}

/** Which journals have been taken back, and by the journal of which key. */
async function reversals(tx: Tx, journals: readonly PostJournal[]): Promise<ReadonlyMap<string, string>> {
  const reverses = journals.flatMap((journal) => journal.reverses ?? [])
  if (reverses.length === 0) return new Map()
  return new Map((await tx.find(journalTable, { reverses })).map((row) => [row.reverses ?? '', row.key]))
}

function transferRows(journalId: string, journal: PostJournal, open: ReadonlyMap<string, OpenAccount>): readonly TransferRow[] {
  return journal.transfers.map(({ from, to, amount, commodity, kind, ref }, position) => ({
    journalId,
    position,
    kind,
    fromAccount: open.get(accountPath(from, commodity))?.id ?? '',
    toAccount: open.get(accountPath(to, commodity))?.id ?? '',
    amount,
    commodity,
    ref: ref ?? null,
  }))
}

/** What the transfers come to on each guarded account, and what is no longer held there. */
function guardedChanges(
  transfers: readonly TransferRow[],
  open: ReadonlyMap<string, OpenAccount>,
  freed: ReadonlyMap<string, number>,
): readonly GuardedChange[] {
  const guarded = new Map([...open].filter(([, account]) => account.guarded).map(([path, account]) => [account.id, path]))
  if (guarded.size === 0) return []
  const changes = new Map<string, number>()
  for (const { fromAccount, toAccount, amount } of transfers) {
    if (guarded.has(fromAccount)) changes.set(fromAccount, sumAmounts([changes.get(fromAccount) ?? 0, -amount]))
    if (guarded.has(toAccount)) changes.set(toAccount, sumAmounts([changes.get(toAccount) ?? 0, amount]))
  }
  return [...changes].map(([accountId, balance]) => ({
    accountId,
    path: guarded.get(accountId) ?? accountId,
    balance,
    held: -(freed.get(accountId) ?? 0),
  }))
}
