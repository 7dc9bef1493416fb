import { forUpdate, inList, numberByKey, sql, type Tx, when } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { holdEndTable, type OpenHoldRow, openHoldTable } from './hold.entity.js'
import { freed } from './hold.js'
import { guardedBalanceTable } from './ledger.entity.js'

export interface DueHolds {
  /** Of these accounts only. @default any */
  readonly accountIds?: readonly string[] | undefined
  readonly most: number
}

/** Ends holds whose time is over. One that is being ended by another is passed over: waited for, the two could wait for each other. @returns how many */
export async function lapseHolds(tx: Tx, { accountIds, most }: DueHolds): Promise<number> {
  const rows = await tx.all(sql`
    SELECT * FROM ${openHoldTable} WHERE expires_at <= ${tx.now}${when(accountIds !== undefined, sql` AND ${inList(sql`account_id`, accountIds ?? [])}`)}
    ORDER BY hold_id LIMIT ${most}${forUpdate('skip')}`)
  const due = rows.map(openHoldTable.read)
  if (due.length === 0) return 0
  await tx.run(
    sql`DELETE FROM ${openHoldTable} WHERE ${inList(
      sql`hold_id`,
      due.map((row) => row.holdId),
    )}`,
  )
  await tx.insert(
    holdEndTable,
    due.map(({ holdId, expiresAt }) => freed({ id: holdId, expiresAt }, tx.now)),
  )
  await freeHeld(tx, due)
  return due.length
}

/** Makes what was held available again, on those of the accounts that are guarded; the others keep no sum of it. */
export async function freeHeld(tx: Tx, holds: readonly Pick<OpenHoldRow, 'accountId' | 'amount'>[]): Promise<void> {
  const sums = new Map<string, number>()
  for (const { accountId, amount } of holds) sums.set(accountId, sumAmounts([sums.get(accountId) ?? 0, amount]))
  const ids = [...sums.keys()].sort()
  if (ids.length > 1) await tx.lock(guardedBalanceTable, { accountId: ids })
  await tx.run(
    sql`UPDATE ${guardedBalanceTable} SET held = held - ${numberByKey(sql`account_id`, [...sums])} WHERE ${inList(sql`account_id`, ids)}`,
  )
}
