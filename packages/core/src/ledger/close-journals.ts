/** Background work on journals that were posted: what they come to is counted into the snapshots, once. */
import { type Database, inList, numberByKey, sql, type Tx } from '../kernel/index.js'
import { snapshotTable, type TransferRow, tailTable, transferTable } from './ledger.entity.js'

const atOnce = 200

/**
 * Closes all journals that are committed by now. A journal is taken because it is in the tail, whatever its id: one that commits late, behind others with
 * higher ids, is found like any other.
 */
export async function closeJournals(database: Database): Promise<void> {
  // One process at a time; a second one waits, and then finds the tail without what the first has closed.
  while ((await database.exclusively('ledger.close', closeSome)) === atOnce);
}

/** @returns how many */
async function closeSome(tx: Tx): Promise<number> {
  const rows = await tx.all(sql`SELECT journal_id FROM ${tailTable} ORDER BY journal_id LIMIT ${atOnce}`)
  const journalIds = rows.map((raw) => String(raw.journal_id))
  if (journalIds.length === 0) return 0
  await addToSnapshots(tx, await tx.find(transferTable, { journalId: journalIds }))
  await tx.remove(tailTable, { journalId: journalIds })
  return journalIds.length
}

async function addToSnapshots(tx: Tx, transfers: readonly TransferRow[]): Promise<void> {
  // In whole numbers of any size: what a number cannot hold is refused to whoever reads such a balance, and must not stop the closing of all others.
  const sums = new Map<string, bigint>()
  const add = (accountId: string, amount: bigint): void => void sums.set(accountId, (sums.get(accountId) ?? 0n) + amount)
  for (const { fromAccount, toAccount, amount } of transfers) {
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
