import { inList, type Kernel, numberByKey, sql, type Tx } from '../kernel/index.js'
import type { Accounts, OpenAccount } from './accounts.js'
import { insufficientBalance, keyConflict } from './errors.js'
import { accountPath, checkJournal, contentHash, type PostJournal } from './journal.js'
import { guardedBalanceTable, type JournalRow, journalTable, type TransferRow, transferTable } from './ledger.entity.js'

/** Posts journals by a number of statements that does not grow with them. A journal whose key was posted with the same content is passed over. */
export type Post = (tx: Tx, journals: readonly PostJournal[]) => Promise<void>

/** @throws balance.insufficient, idempotency.conflict, ledger.empty_journal, ledger.invalid_amount, ledger.same_account, ledger.guard_mismatch */
export function postJournals({ kernel, accounts }: { readonly kernel: Pick<Kernel, 'ids'>; readonly accounts: Accounts }): Post {
  return async (tx, journals) => {
    if (journals.length === 0) return
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
    const fresh = await insertJournals(tx, kernel, journals)
    const transfers = fresh.flatMap(({ id, journal }) => transferRows(id, journal, open))
    await tx.insert(transferTable, transfers)
    await moveGuarded(tx, transfers, open)
  }
}

/** Writes the journals whose keys are new, and gives them back with their ids. */
async function insertJournals(
  tx: Tx,
  kernel: Pick<Kernel, 'ids'>,
  journals: readonly PostJournal[],
): Promise<readonly { id: string; journal: PostJournal }[]> {
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
  const inserted = await tx.insertMissing(journalTable, rows)
  const all = journals.map((journal, index) => ({ id: rows[index]?.id ?? '', hash: rows[index]?.contentHash, journal }))
  if (inserted === rows.length) return all
  const known = new Map((await tx.find(journalTable, { key: rows.map((row) => row.key) })).map((row) => [row.key, row]))
  return all.filter(({ id, hash, journal }) => {
    const row = known.get(journal.key)
    if (row?.contentHash !== hash) throw keyConflict({ key: journal.key })
    return row?.id === id
  })
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

/** One conditional update for all guarded accounts: the condition and the change are one statement, so that no two debits see the same balance. */
async function moveGuarded(tx: Tx, transfers: readonly TransferRow[], open: ReadonlyMap<string, OpenAccount>): Promise<void> {
  const guarded = new Map([...open].filter(([, account]) => account.guarded).map(([path, account]) => [account.id, path]))
  if (guarded.size === 0) return
  const changes = new Map<string, number>()
  for (const { fromAccount, toAccount, amount } of transfers) {
    if (guarded.has(fromAccount)) changes.set(fromAccount, (changes.get(fromAccount) ?? 0) - amount)
    if (guarded.has(toAccount)) changes.set(toAccount, (changes.get(toAccount) ?? 0) + amount)
  }
  const moved = [...changes].filter(([, change]) => change !== 0).sort(([a], [b]) => (a < b ? -1 : 1))
  if (moved.length === 0) return
  const ids = moved.map(([id]) => id)
  // Two accounts or more are locked in key order first; an UPDATE alone would lock them in the order in which it finds them.
  if (ids.length > 1) await tx.lock(guardedBalanceTable, { accountId: ids })
  const change = numberByKey(sql`account_id`, moved)
  const updated = await tx.run(
    sql`UPDATE ${guardedBalanceTable} SET balance = balance + ${change} WHERE ${inList(sql`account_id`, ids)} AND balance + ${change} >= 0`,
  )
  if (updated !== ids.length)
    throw insufficientBalance({ accounts: moved.filter(([, amount]) => amount < 0).map(([id]) => guarded.get(id) ?? id) })
}
