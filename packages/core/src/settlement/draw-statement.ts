import {
  columns,
  groupBy,
  inList,
  type Kernel,
  numberByKey,
  type Reader,
  type Sql,
  sql,
  type Timestamp,
  type Tx,
  wholeNumber,
} from '../kernel/index.js'
import { accountTable, journalTable, type Ledger, transferTable } from '../ledger/index.js'
import { statementOpen } from './errors.js'
import type { SettlementPolicy } from './policy.js'
import { releaseDue } from './release.js'
import { type StatementRow, statementItemTable, statementLineTable, statementTable } from './settlement.entity.js'
import { payableOf, type StatementMovement, statementLines } from './statement.js'

/** For whom a statement is drawn. */
export interface StatementOwner {
  readonly party: string
  readonly currency: string
}

export interface DrawStatements {
  /** What is effective at this moment is included. */
  readonly until: Timestamp
  /** Each owner once. */
  readonly draws: readonly (StatementOwner & { readonly policy: SettlementPolicy })[]
}

const releaseBatch = 500

/**
 * Draws statements from the books: everything that moved on a party's available account and is in no statement yet. Draws nothing where nothing moved and
 * nothing is payable. The same `until` twice gives the first statement. A number of statements to the database that does not grow with parties or transfers.
 * @throws statement.open
 */
export function drawStatements(
  kernel: Pick<Kernel, 'ids'>,
  ledger: Ledger,
): (tx: Tx, draw: DrawStatements) => Promise<readonly StatementRow[]> {
  return async (tx, { until, draws }) => {
    const parties = [...new Set(draws.map(({ party }) => party))]
    while ((await releaseDue(tx, ledger, { until, parties, most: releaseBatch })) === releaseBatch);
    const wanted = new Map(draws.map((draw) => [ownerKey(draw), draw]))
    const commodity = [...new Set(draws.map(({ currency }) => currency))]
    // Two draws for one party wait for each other here, so that no transfer is in two statements.
    const accounts = await tx.lock(accountTable, { party: parties, purpose: 'available', commodity })
    const last = await lastStatements(tx, parties)
    const [there, drafts]: [StatementRow[], Draft[]] = [[], []]
    for (const account of accounts) {
      const { party, commodity: currency } = account
      const policy = wanted.get(ownerKey({ party, currency }))?.policy
      const before = last.get(ownerKey({ party, currency }))
      if (policy === undefined) continue
      if (before?.until === until) there.push(before)
      else if (before !== undefined && before.state !== 'locked') throw statementOpen({ party, statementId: before.id })
      else
        drafts.push({
          policy,
          accountId: account.id,
          row: newStatement(kernel.ids('stm'), { party, currency }, { until, opening: before?.closing ?? 0, now: tx.now }),
        })
    }
    return drafts.length === 0 ? there : [...there, ...(await fill(tx, until, drafts))]
  }
}

/** The latest statement of each owner; one statement to the database. */
export async function lastStatements(reader: Reader, parties: readonly string[]): Promise<ReadonlyMap<string, StatementRow>> {
  if (parties.length === 0) return new Map()
  const rows = await reader.all(sql`
    SELECT ${columns(statementTable, 's')} FROM ${statementTable} s WHERE ${inList(sql`s.party`, parties)}
      AND NOT EXISTS (SELECT 1 FROM ${statementTable} n WHERE n.party = s.party AND n.currency = s.currency AND n.until > s.until)`)
  return new Map(rows.map(statementTable.read).map((row) => [ownerKey(row), row]))
}

export function ownerKey({ party, currency }: StatementOwner): string {
  return `${party} ${currency}`
}

interface Draft {
  readonly policy: SettlementPolicy
  readonly accountId: string
  readonly row: StatementRow
}

function newStatement(
  id: string,
  { party, currency }: StatementOwner,
  { until, opening, now }: { readonly until: Timestamp; readonly opening: number; readonly now: Timestamp },
): StatementRow {
  const untouched = { approvedAt: null, approvedBy: null, lockedAt: null }
  return { id, party, currency, state: 'draft', until, opening, closing: opening, payable: 0, drawnAt: now, ...untouched }
}

/** Writes drafts with their movements, lines and sums, and takes those away again that came to nothing. @returns the others */
async function fill(tx: Tx, until: Timestamp, drafts: readonly Draft[]): Promise<readonly StatementRow[]> {
  const movements = await includeMovements(tx, until, drafts)
  const worked = drafts.map(({ row, policy }) => {
    const its = movements.get(row.id) ?? []
    const before = its.reduce((sum, movement) => sum + movement.amount, row.opening)
    const payable = payableOf(before, policy)
    const payout = payable === 0 ? [] : [{ kind: 'payout', amount: -payable, count: 1 }]
    return { row: { ...row, closing: before - payable, payable }, lines: statementLines(row.party, [...its, ...payout]) }
  })
  const [full, empty] = [worked.filter(({ lines }) => lines.length > 0), worked.filter(({ lines }) => lines.length === 0)]
  if (empty.length > 0) await tx.remove(statementTable, { id: empty.map(({ row }) => row.id) })
  if (full.length === 0) return []
  await tx.insert(
    statementLineTable,
    full.flatMap(({ row, lines }) => lines.map((line) => ({ statementId: row.id, ...line }))),
  )
  const sums = (of: 'closing' | 'payable'): Sql =>
    numberByKey(
      sql`id`,
      full.map(({ row }) => [row.id, row[of]]),
    )
  await tx.run(sql`
    UPDATE ${statementTable} SET closing = ${sums('closing')}, payable = ${sums('payable')} WHERE ${inList(
      sql`id`,
      full.map(({ row }) => row.id),
    )}`)
  return full.map(({ row }) => row)
}

/** Opens the statements, puts into each every transfer of its account that stands in none, and sums them by kind and way; three statements to the database. */
async function includeMovements(
  tx: Tx,
  until: Timestamp,
  drafts: readonly Draft[],
): Promise<ReadonlyMap<string, readonly StatementMovement[]>> {
  await tx.insert(
    statementTable,
    drafts.map(({ row }) => row),
  )
  // From the accounts on, whose ids are known: a database that began with all available accounts would walk the whole books.
  const accountIds = drafts.map(({ accountId }) => accountId)
  const statements = sql`${accountTable} a JOIN ${statementTable} s ON s.party = a.party AND s.currency = a.commodity AND s.until = ${until}`
  // By its being in no statement, never by "after the last one": a transaction that began earlier may commit later. Each side of a transfer has its own index.
  const unstated = (side: Sql): Sql => sql`
    SELECT t.journal_id, t.position, s.party, s.id FROM ${statements}
      JOIN ${transferTable} t ON ${side} = a.id JOIN ${journalTable} j ON j.id = t.journal_id
    WHERE ${inList(sql`a.id`, accountIds)} AND j.effective_at <= ${until}
      AND NOT EXISTS (SELECT 1 FROM ${statementItemTable} i WHERE i.journal_id = t.journal_id AND i.position = t.position AND i.party = s.party)`
  await tx.run(sql`
    INSERT INTO ${statementItemTable} (journal_id, position, party, statement_id)
    ${unstated(sql`t.to_account`)} UNION ALL ${unstated(sql`t.from_account`)}`)
  const rows = await tx.all(sql`
    SELECT i.statement_id, t.kind, CASE WHEN t.to_account = a.id THEN 1 ELSE -1 END AS way, SUM(t.amount) AS amount, COUNT(*) AS count
    FROM ${statements} JOIN ${statementItemTable} i ON i.statement_id = s.id
      JOIN ${transferTable} t ON t.journal_id = i.journal_id AND t.position = i.position
    WHERE ${inList(sql`a.id`, accountIds)} GROUP BY i.statement_id, t.kind, CASE WHEN t.to_account = a.id THEN 1 ELSE -1 END`)
  const sums = rows.map((raw) => ({
    statementId: String(raw.statement_id),
    kind: String(raw.kind),
    amount: wholeNumber(raw.way) * wholeNumber(raw.amount),
    count: wholeNumber(raw.count),
  }))
  return groupBy(sums, (sum) => sum.statementId)
}
