/** Who has something to settle: asked before anything is locked or written, since at most ends of most cycles most parties have nothing. */
import { claimTable } from '../commission/index.js'
import { columns, type Reader, type Sql, sql, type Timestamp, wholeNumber } from '../kernel/index.js'
import { accountTable, journalTable, type Ledger, transferTable } from '../ledger/index.js'
import { isSettlementCycle, type SettlementCycle, supplierContractTable } from '../supplier/index.js'
import { lastStatements, ownerKey, type StatementOwner } from './draw-statement.js'
import type { Policies } from './policy.js'
import { statementItemTable, statementTable } from './settlement.entity.js'
import { payableOf } from './statement.js'

/** Which accounts are looked at next. */
export interface CyclePage {
  /** Whoever is settled by it; everybody where it is not given. */
  readonly cycle: SettlementCycle | undefined
  readonly until: Timestamp
  /** Account id; empty at the beginning. */
  readonly after: string
  readonly most: number
}

/** What a page of accounts came to. */
export interface DueAccounts {
  readonly looked: number
  readonly due: readonly StatementOwner[]
  /** The last account looked at; undefined where there are no more. */
  readonly last: string | undefined
}

export interface DueAccountsDeps {
  readonly ledger: Pick<Ledger, 'balances'>
  readonly policies: Policies
}

/** The cycles by which anybody is settled: the platform's standard, and those of any contract, held now or not. */
export async function cyclesInUse(reader: Reader, policies: Policies): Promise<ReadonlySet<SettlementCycle>> {
  const standard = (await policies(reader, [], reader.now))('').cycle
  const contracts = await reader.all(sql`SELECT DISTINCT cycle FROM ${supplierContractTable}`)
  return new Set([standard, ...contracts.map((raw) => raw.cycle).filter(isSettlementCycle)])
}

/**
 * Whose cycle is this one, and something moved since the last statement or is left to be paid. Who has a statement open waits until it is locked, and who was
 * settled up to a later moment for the end of the next cycle.
 */
export async function accountsToSettle(
  reader: Reader,
  { ledger, policies }: DueAccountsDeps,
  { cycle, until, after, most }: CyclePage,
): Promise<DueAccounts> {
  // What the last statement says is stated is not read again, but in a month's first statement.
  const from = sql`COALESCE((
    SELECT CASE WHEN substr(s.drawn_at, 1, 7) = ${reader.now.slice(0, 7)} THEN s.stated_before ELSE '' END
    FROM ${statementTable} s WHERE s.party = a.party AND s.currency = a.commodity ORDER BY s.until DESC LIMIT 1), '')`
  // An account is looked for by one of its two sides at a time, so that the index of that side is used.
  const unstated = (side: Sql): Sql => sql`EXISTS (
    SELECT 1 FROM ${transferTable} t JOIN ${journalTable} j ON j.id = t.journal_id
    WHERE ${side} = a.id AND t.journal_id >= ${from} AND j.effective_at <= ${until}
      AND NOT EXISTS (SELECT 1 FROM ${statementItemTable} i WHERE i.journal_id = t.journal_id AND i.position = t.position AND i.party = a.party))`
  const rows = await reader.all(sql`
    SELECT ${columns(accountTable, 'a')}, CASE WHEN ${unstated(sql`t.to_account`)} OR ${unstated(sql`t.from_account`)}
        OR EXISTS (SELECT 1 FROM ${claimTable} c WHERE c.party = a.party AND c.state = 'pending' AND c.release_at <= ${until})
      THEN 1 ELSE 0 END AS moved
    FROM ${accountTable} a WHERE a.purpose = 'available' AND a.id > ${after} AND (a.party LIKE 'supplier:%' OR a.party LIKE 'distributor:%')
    ORDER BY a.id LIMIT ${most}`)
  const accounts = rows.map((raw) => {
    const { id, party, commodity: currency } = accountTable.read(raw)
    return { id, party, currency, moved: wholeNumber(raw.moved) === 1 }
  })
  const parties = [...new Set(accounts.map(({ party }) => party))]
  const policyOf = await policies(reader, parties, until)
  const statements = await lastStatements(reader, parties)
  // Who is paid by threshold is drawn no statement that pays nothing, hour after hour.
  const watched = accounts.filter(({ party, moved }) => moved && policyOf(party).cycle === 'threshold').map(({ party }) => party)
  const balances = watched.length === 0 ? [] : await ledger.balances(reader, { party: watched, purpose: 'available' })
  const balanceOf = new Map(balances.map(({ accountId, balance }) => [accountId, balance]))
  const due = accounts.filter(({ id, party, currency, moved }) => {
    const policy = policyOf(party)
    const last = statements.get(ownerKey({ party, currency }))
    const passedOver = last !== undefined && (last.state !== 'locked' || last.until > until)
    if ((cycle !== undefined && policy.cycle !== cycle) || passedOver) return false
    const balance = balanceOf.get(id)
    if (cycle === 'threshold' && balance !== undefined) return payableOf(balance, policy) > 0
    return moved || payableOf(last?.closing ?? 0, policy) > 0
  })
  return { due, looked: accounts.length, last: accounts.length < most ? undefined : accounts.at(-1)?.id }
}
