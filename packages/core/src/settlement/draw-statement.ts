import { type Kernel, sql, type Timestamp, type Tx, wholeNumber } from '../kernel/index.js'
import { accountTable, journalTable, type Ledger, transferTable } from '../ledger/index.js'
import { statementOpen } from './errors.js'
import type { SettlementPolicy } from './policy.js'
import { releaseDue } from './release.js'
import { type StatementRow, statementItemTable, statementLineTable, statementTable } from './settlement.entity.js'
import { payableOf, type StatementMovement, statementLines } from './statement.js'

/** For whom and up to when a statement is drawn. */
export interface DrawStatement {
  readonly party: string
  readonly currency: string
  /** What is effective at this moment is included. */
  readonly until: Timestamp
  readonly policy: SettlementPolicy
}

const releaseBatch = 500

/**
 * Draws a statement from the books: everything that moved on the party's available account and is in no statement yet. Draws nothing, and returns
 * undefined, where nothing moved and nothing is payable. The same `until` twice gives the first statement.
 * @throws statement.open
 */
export function drawStatement(
  kernel: Pick<Kernel, 'ids'>,
  ledger: Ledger,
): (tx: Tx, draw: DrawStatement) => Promise<StatementRow | undefined> {
  return async (tx, { party, currency, until, policy }) => {
    while ((await releaseDue(tx, ledger, { until, party, most: releaseBatch })) === releaseBatch);
    // Two draws for one party wait for each other here, so that no transfer is in two statements.
    const [account] = await tx.lock(accountTable, { party, purpose: 'available', commodity: currency })
    if (!account) return undefined
    const [last] = await tx.find(statementTable, { party, currency }, { orderBy: ['until'], descending: true, limit: 1 })
    if (last?.until === until) return last
    if (last !== undefined && last.state !== 'locked') throw statementOpen({ party, statementId: last.id })

    const opening = last?.closing ?? 0
    const id = kernel.ids('stm')
    const movements = await includeMovements(tx, { id, party, accountId: account.id, currency, until, opening })
    const before = movements.reduce((sum, movement) => sum + movement.amount, opening)
    const payable = payableOf(before, policy)
    if (movements.length === 0 && payable === 0) {
      await tx.remove(statementTable, { id })
      return undefined
    }
    const payout = payable === 0 ? [] : [{ kind: 'payout', amount: -payable, count: 1 }]
    await tx.insert(
      statementLineTable,
      statementLines(party, [...movements, ...payout]).map((line) => ({ statementId: id, ...line })),
    )
    await tx.update(statementTable, { closing: before - payable, payable }, { id })
    return tx.findOne(statementTable, { id })
  }
}

interface Including {
  readonly id: string
  readonly party: string
  readonly accountId: string
  readonly currency: string
  readonly until: Timestamp
  readonly opening: number
}

/** Opens the statement, puts into it every transfer that stands in none, and sums them by kind and way; three statements, however many transfers. */
async function includeMovements(
  tx: Tx,
  { id, party, accountId, currency, until, opening }: Including,
): Promise<readonly StatementMovement[]> {
  await tx.insert(statementTable, [
    {
      id,
      party,
      currency,
      state: 'draft',
      until,
      opening,
      closing: opening,
      payable: 0,
      drawnAt: tx.now,
      approvedAt: null,
      approvedBy: null,
      lockedAt: null,
    },
  ])
  // By its being in no statement, never by "after the last one": a transaction that began earlier may commit later.
  await tx.run(sql`
    INSERT INTO ${statementItemTable} (journal_id, position, party, statement_id)
    SELECT t.journal_id, t.position, ${party}, ${id} FROM ${transferTable} t JOIN ${journalTable} j ON j.id = t.journal_id
    WHERE (t.to_account = ${accountId} OR t.from_account = ${accountId}) AND j.effective_at <= ${until}
      AND NOT EXISTS (SELECT 1 FROM ${statementItemTable} i WHERE i.journal_id = t.journal_id AND i.position = t.position AND i.party = ${party})`)
  const rows = await tx.all(sql`
    SELECT m.kind, SUM(m.amount) AS amount, COUNT(*) AS count FROM (
      SELECT t.kind, CASE WHEN t.to_account = ${accountId} THEN t.amount ELSE -t.amount END AS amount
      FROM ${statementItemTable} i JOIN ${transferTable} t ON t.journal_id = i.journal_id AND t.position = i.position WHERE i.statement_id = ${id}
    ) m GROUP BY m.kind, CASE WHEN m.amount > 0 THEN 1 ELSE 0 END`)
  return rows.map((raw) => ({ kind: String(raw.kind), amount: wholeNumber(raw.amount), count: wholeNumber(raw.count) }))
}
