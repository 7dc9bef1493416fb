/** Balances that never fall below what is held on them: condition and change are one statement, so that no two debits see the same balance. */
import { inList, numberByKey, sql, type Tx } from '../kernel/index.js'
import { balanceTooLarge, insufficientBalance } from './errors.js'
import { lapseHolds } from './lapse-holds.js'
import { type GuardedBalanceRow, guardedBalanceTable } from './ledger.entity.js'

/** What happens to one guarded account. */
export interface GuardedChange {
  readonly accountId: string
  /** How it is called in an error. */
  readonly path: string
  /** What comes in less what goes out. */
  readonly balance: number
  /** What is reserved anew less what is freed. */
  readonly held: number
}

/** @throws balance.insufficient, ledger.balance_too_large */
export async function changeGuarded(tx: Tx, changes: readonly GuardedChange[]): Promise<void> {
  const moved = changes.filter(({ balance, held }) => balance !== 0 || held !== 0)
  const [one] = moved
  if (one === undefined) return
  if (moved.length > 1) return changeMany(tx, moved)
  if (await update(tx, moved)) return
  if (!takes(one)) throw balanceTooLarge({ accounts: [one.path] })
  if ((await lapseDue(tx, [one])) && (await update(tx, moved))) return
  throw insufficientBalance({ accounts: [one.path] })
}

/** Two accounts or more are locked in key order first; an UPDATE alone would lock them in the order in which it finds them. */
async function changeMany(tx: Tx, changes: readonly GuardedChange[]): Promise<void> {
  const accountId = changes.map((change) => change.accountId).sort()
  const refused = async (): Promise<readonly GuardedChange[]> => {
    const rows = new Map((await tx.lock(guardedBalanceTable, { accountId })).map((row) => [row.accountId, row]))
    return changes.filter((change) => !bears(rows.get(change.accountId), change))
  }
  let wrong = await refused()
  if (wrong.some(takes) && (await lapseDue(tx, wrong))) wrong = await refused()
  const short = wrong.filter(takes)
  if (short.length > 0) throw insufficientBalance({ accounts: short.map(({ path }) => path) })
  if (wrong.length > 0 || !(await update(tx, changes))) throw balanceTooLarge({ accounts: wrong.map(({ path }) => path) })
}

/** What a hold has set free by now is available, whether or not the job that books it has run. @returns whether there was any */
async function lapseDue(tx: Tx, changes: readonly GuardedChange[]): Promise<boolean> {
  const accountIds = changes.filter(takes).map(({ accountId }) => accountId)
  return (await lapseHolds(tx, { accountIds, most: mostLapsed })) > 0
}

function takes({ balance, held }: GuardedChange): boolean {
  return balance < held
}

function bears(row: GuardedBalanceRow | undefined, { balance, held }: GuardedChange): boolean {
  return row !== undefined && row.balance + balance >= row.held + held && row.balance + balance <= Number.MAX_SAFE_INTEGER
}

/** One conditional update for all. @returns whether every account could bear it */
async function update(tx: Tx, changes: readonly GuardedChange[]): Promise<boolean> {
  const by = (change: 'balance' | 'held') =>
    changes.every((one) => one[change] === 0)
      ? sql`0`
      : numberByKey(
          sql`account_id`,
          changes.map((one) => [one.accountId, one[change]]),
        )
  const [balance, held] = [by('balance'), by('held')]
  const ids = changes.map(({ accountId }) => accountId)
  const updated = await tx.run(sql`
    UPDATE ${guardedBalanceTable} SET balance = balance + ${balance}, held = held + ${held}
    WHERE ${inList(sql`account_id`, ids)} AND balance + ${balance} >= held + ${held} AND balance + ${balance} <= ${Number.MAX_SAFE_INTEGER}`)
  return updated === ids.length
}

const mostLapsed = 1000
