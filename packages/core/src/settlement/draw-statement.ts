import {
  addDays,
  columns,
  groupBy,
  idFloor,
  inList,
  type Kernel,
  numberByKey,
  type Reader,
  type Sql,
  sql,
  type Timestamp,
  type Tx,
  textByKey,
  wholeNumber,
} from '../kernel/index.js'
import { accountTable, journalTable, transferTable } from '../ledger/index.js'
import { sumAmounts } from '../money/index.js'
import { statementInFuture, statementOpen, untilStated } from './errors.js'
import type { SettlementPolicy } from './policy.js'
import { recordSteps } from './record-steps.js'
import type { Releases } from './release.js'
import { type StatementRow, statementItemTable, statementLineTable, statementTable } from './settlement.entity.js'
import { type ApprovalNeeded, payableOf, type StatementMovement, statementLines } from './statement.js'
import { netOfTax, type Withholding, withholdingFor } from './withholding.js'

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
  /** Who draws them, for their trail. */
  readonly by: string
}

export interface DrawStatementsDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly releases: Releases
  readonly withholding: readonly Withholding[]
  readonly approval: 'none' | ApprovalNeeded
  readonly approvalDays: number | null
}

/**
 * Draws statements from the books: everything that moved on a party's available account and is in no statement yet. Draws nothing where nothing moved and
 * nothing is payable. The same `until` twice gives the first statement. A number of statements to the database that does not grow with parties or transfers.
 * @throws statement.open, statement.in_future, statement.until_stated
 */
export function drawStatements(deps: DrawStatementsDeps): (tx: Tx, draw: DrawStatements) => Promise<readonly StatementRow[]> {
  const { kernel, releases, withholding } = deps
  return async (tx, { until, draws, by }) => {
    // A moment to come would release, and pay, what is still held.
    if (until > tx.now) throw statementInFuture({ until })
    const parties = [...new Set(draws.map(({ party }) => party))]
    await releases.all(tx, { until, parties })
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
      else if (before !== undefined && before.until > until) throw untilStated({ party, until: before.until, statementId: before.id })
      else
        drafts.push({
          policy,
          accountId: account.id,
          row: { ...newStatement(kernel.ids('stm'), { party, currency }, { until, before, now: tx.now }), ...waiting(deps, tx.now) },
        })
    }
    if (drafts.length === 0) return there
    const drawn = await fill(tx, until, drafts, withholding)
    await recordSteps(
      tx,
      kernel.ids,
      by,
      drawn.map(({ id: statementId }) => ({ statementId, action: 'drawn', from: null, to: 'draft' })),
    )
    return [...there, ...drawn]
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

/** Whose approval a statement waits for that is drawn now. */
function waiting(
  { approval, approvalDays }: Pick<DrawStatementsDeps, 'approval' | 'approvalDays'>,
  now: Timestamp,
): Pick<StatementRow, 'approvalNeeded' | 'silentFrom'> {
  const asksParty = approval === 'party' || approval === 'both'
  return {
    approvalNeeded: approval === 'none' ? null : approval,
    silentFrom: asksParty && approvalDays !== null ? addDays(now, approvalDays) : null,
  }
}

function newStatement(
  id: string,
  { party, currency }: StatementOwner,
  { until, before, now }: { readonly until: Timestamp; readonly before: StatementRow | undefined; readonly now: Timestamp },
): Omit<StatementRow, 'approvalNeeded' | 'silentFrom'> {
  const opening = before?.closing ?? 0
  // History that is stated is not read again. Each month's first statement looks at all of it all the same, so that what a wrong clock dated far back is made good.
  const statedBefore = before?.drawnAt.slice(0, 7) === now.slice(0, 7) ? before.statedBefore : ''
  const untouched = {
    ...{ approvedAt: null, approvedBy: null, lockedAt: null },
    ...{ operatorApprovedAt: null, partyApprovedAt: null, disputedBy: null },
  }
  return {
    id,
    party,
    currency,
    state: 'draft',
    until,
    opening,
    closing: opening,
    payable: 0,
    withheld: 0,
    withholdingRule: null,
    statedBefore,
    drawnAt: now,
    ...untouched,
  }
}

/** Writes drafts with their movements, lines and sums, and takes those away again that came to nothing. @returns the others */
async function fill(tx: Tx, until: Timestamp, drafts: readonly Draft[], rules: readonly Withholding[]): Promise<readonly StatementRow[]> {
  const movements = await includeMovements(tx, until, drafts)
  const rests = await unstatedSince(tx, drafts)
  const worked = drafts.map(({ row, policy }) => {
    const its = movements.get(row.id) ?? []
    const before = sumAmounts([row.opening, ...its.map((movement) => movement.amount)])
    // A statement of an earlier moment pays nothing that has been taken back or withdrawn since.
    const taken = Math.min(0, rests.get(row.id)?.amount ?? 0)
    const wanted = { party: row.party, currency: row.currency, gross: payableOf(sumAmounts([before, taken]), policy) }
    const { gross: payable, withheld, rule } = netOfTax(wanted, withholdingFor(rules, row, tx.now), policy.roundTo)
    const payout = payable === 0 ? [] : [{ kind: 'payout', amount: withheld - payable, count: 1 }]
    const tax = withheld === 0 ? [] : [{ kind: 'withholding', amount: -withheld, count: 1 }]
    const sums = { closing: before - payable, payable, withheld, withholdingRule: rule }
    return { row: { ...row, ...sums }, lines: statementLines(row.party, [...its, ...payout, ...tax]) }
  })
  const [full, empty] = [worked.filter(({ lines }) => lines.length > 0), worked.filter(({ lines }) => lines.length === 0)]
  if (empty.length > 0) await tx.remove(statementTable, { id: empty.map(({ row }) => row.id) })
  if (full.length === 0) return []
  await tx.insert(
    statementLineTable,
    full.flatMap(({ row, lines }) => lines.map((line) => ({ statementId: row.id, ...line }))),
  )
  const sums = (of: 'closing' | 'payable' | 'withheld'): Sql =>
    numberByKey(
      sql`id`,
      full.map(({ row }) => [row.id, row[of]]),
    )
  const taxed = full.flatMap(({ row }) => (row.withholdingRule === null ? [] : [[row.id, row.withholdingRule] as const]))
  const taxedBy = taxed.length === 0 ? sql`NULL` : textByKey(sql`id`, taxed)
  const bounds = textByKey(sql`id`, nextBounds(tx, drafts, rests))
  await tx.run(sql`
    UPDATE ${statementTable} SET closing = ${sums('closing')}, payable = ${sums('payable')}, withheld = ${sums('withheld')}, withholding_rule = ${taxedBy}, stated_before = ${bounds} WHERE ${inList(
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
  const { statements, unstated } = unstatedOf(drafts)
  const taken = (side: Sql): Sql => sql`
    SELECT t.journal_id, t.position, s.party, s.id FROM ${unstated(side)} AND j.effective_at <= ${until}`
  await tx.run(sql`
    INSERT INTO ${statementItemTable} (journal_id, position, party, statement_id)
    ${taken(sql`t.to_account`)} UNION ALL ${taken(sql`t.from_account`)}`)
  const accountIds = drafts.map(({ accountId }) => accountId)
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

/** Transfers on the drafts' accounts, by one side of them, that stand in no statement: by that and never by "after the last one", as what began earlier may commit later. */
function unstatedOf(drafts: readonly Draft[]): { readonly statements: Sql; readonly unstated: (side: Sql) => Sql } {
  // From the accounts on, whose ids are known: a database that began with all available accounts would walk the whole books.
  const accountIds = drafts.map(({ accountId }) => accountId)
  const until = drafts[0]?.row.until ?? ''
  const statements = sql`${accountTable} a JOIN ${statementTable} s ON s.party = a.party AND s.currency = a.commodity AND s.until = ${until}`
  // Each side of a transfer has its own index, which begins where the last statement says that something may be new.
  const unstated = (side: Sql): Sql => sql`${statements}
      JOIN ${transferTable} t ON ${side} = a.id AND t.journal_id >= s.stated_before JOIN ${journalTable} j ON j.id = t.journal_id
    WHERE ${inList(sql`a.id`, accountIds)}
      AND NOT EXISTS (SELECT 1 FROM ${statementItemTable} i WHERE i.journal_id = t.journal_id AND i.position = t.position AND i.party = s.party)`
  return { statements, unstated }
}

/** How long a transaction may take, and how far clocks may differ, before a journal is found only by the next full look. */
const overlapDays = 7

/** What lies on a statement's account and is in no statement after all: what is effective later. */
interface Unstated {
  readonly firstJournalId: string
  /** The net of what is effective by now. */
  readonly amount: number
}

async function unstatedSince(tx: Tx, drafts: readonly Draft[]): Promise<ReadonlyMap<string, Unstated>> {
  const { unstated } = unstatedOf(drafts)
  const rest = (side: Sql, amount: Sql): Sql => sql`
    SELECT s.id, MIN(t.journal_id) AS journal_id, SUM(CASE WHEN j.effective_at <= ${tx.now} THEN ${amount} ELSE 0 END) AS amount FROM ${unstated(side)} GROUP BY s.id`
  const rows = await tx.all(sql`${rest(sql`t.to_account`, sql`t.amount`)} UNION ALL ${rest(sql`t.from_account`, sql`-t.amount`)}`)
  const sides = rows.map((raw) => ({ id: String(raw.id), firstJournalId: String(raw.journal_id), amount: wholeNumber(raw.amount) }))
  return new Map(
    [...groupBy(sides, ({ id }) => id)].map(([id, own]) => {
      const [firstJournalId = ''] = own.map((side) => side.firstJournalId).sort()
      return [id, { firstJournalId, amount: sumAmounts(own.map((side) => side.amount)) }]
    }),
  )
}

/** From which journal on the next statements look: what is effective later stays above it, and so does what may still be committed. */
function nextBounds(
  tx: Tx,
  drafts: readonly Draft[],
  rests: ReadonlyMap<string, Unstated>,
): readonly (readonly [statementId: string, journalId: string])[] {
  const recent = idFloor('jrn', addDays(tx.now, -overlapDays))
  return drafts.map(({ row }) => {
    const first = rests.get(row.id)?.firstJournalId ?? recent
    return [row.id, first < recent ? first : recent]
  })
}
