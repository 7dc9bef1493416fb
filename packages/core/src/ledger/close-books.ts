/** Background work on journals that were posted: each is sealed into the chain, and what it comes to is counted into the snapshots, once. */
import { type Database, inList, numberByKey, type Reader, sql, type Tx } from '../kernel/index.js'
import { openHoldTable } from './hold.entity.js'
import { lapseHolds } from './lapse-holds.js'
import { snapshotTable, tailTable } from './ledger.entity.js'
import { type SealRow, sealTable } from './seal.entity.js'
import { type SealedJournal, sealHash } from './seal.js'
import { sealedJournals } from './sealed-journals.js'
import { newestSeal } from './verify-books.js'

const atOnce = 200

/**
 * Closes all journals that are committed by now, and ends the holds whose time is over. Nobody waits for either: a balance counts what is not closed, and what has
 * lapsed is available at once.
 */
export async function closeBooks(database: Database): Promise<void> {
  const due = await database.read(undefined, whatIsDue)
  if (due.holds) while ((await database.transaction(undefined, (tx) => lapseHolds(tx, { most: atOnce }))) === atOnce);
  // One process at a time; a second one waits, and then finds the tail without what the first has closed.
  if (due.journals) while ((await database.exclusively('ledger.close', closeSome)) === atOnce);
}

/** Asked first, because mostly there is nothing. */
async function whatIsDue(reader: Reader): Promise<{ readonly holds: boolean; readonly journals: boolean }> {
  const holds = await reader.all(sql`SELECT 1 FROM ${openHoldTable} WHERE expires_at <= ${reader.now} LIMIT 1`)
  const journals = await reader.all(sql`SELECT 1 FROM ${tailTable} LIMIT 1`)
  return { holds: holds.length > 0, journals: journals.length > 0 }
}

/**
 * A journal is taken because it is in the tail, whatever its id: one that commits late, behind others with higher ids, is found like any other.
 * @returns how many
 */
async function closeSome(tx: Tx): Promise<number> {
  const rows = await tx.all(sql`SELECT journal_id FROM ${tailTable} ORDER BY journal_id LIMIT ${atOnce}`)
  const journalIds = rows.map((raw) => String(raw.journal_id))
  if (journalIds.length === 0) return 0
  const journals = [...(await sealedJournals(tx, journalIds)).values()]
  await seal(tx, journals)
  await addToSnapshots(tx, journals)
  await tx.remove(tailTable, { journalId: journals.map(({ id }) => id) })
  return journals.length
}

/** Under the lock nobody else adds to the chain, so that its numbers have no gap and every seal is behind one that is committed. */
async function seal(tx: Tx, journals: readonly SealedJournal[]): Promise<void> {
  let { seq, hash } = await newestSeal(tx)
  const seals = journals.map((journal): SealRow => {
    seq++
    hash = sealHash(hash, seq, journal)
    return { seq, journalId: journal.id, hash, sealedAt: tx.now }
  })
  await tx.insert(sealTable, seals)
}

async function addToSnapshots(tx: Tx, journals: readonly SealedJournal[]): Promise<void> {
  // In whole numbers of any size: what a number cannot hold is refused to whoever reads such a balance, and must not stop the closing of all others.
  const sums = new Map<string, bigint>()
  const add = (accountId: string, amount: bigint): void => void sums.set(accountId, (sums.get(accountId) ?? 0n) + amount)
  for (const { fromAccount, toAccount, amount } of journals.flatMap(({ transfers }) => transfers)) {
    add(fromAccount, -BigInt(amount))
    add(toAccount, BigInt(amount))
  }
  const accountIds = [...sums.keys()].sort()
  await tx.insertMissing(
    snapshotTable,
    accountIds.map((accountId) => ({ accountId, balance: 0 })),
  )
  for (let rest = accountIds; rest.length > 0; rest = rest.filter((accountId) => sums.get(accountId) !== 0n)) {
    const parts = rest.map((accountId) => [accountId, safePart(sums.get(accountId) ?? 0n)] as const)
    await tx.run(
      sql`UPDATE ${snapshotTable} SET balance = balance + ${numberByKey(sql`account_id`, parts)} WHERE ${inList(sql`account_id`, rest)}`,
    )
    for (const [accountId, part] of parts) add(accountId, -BigInt(part))
  }
}

const most = BigInt(Number.MAX_SAFE_INTEGER)

function safePart(amount: bigint): number {
  return Number(amount > most ? most : amount < -most ? -most : amount)
}
