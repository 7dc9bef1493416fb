import { columns, inList, join, type Reader, type Sql, sql, type Timestamp, when, wholeNumber } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { accountNotFound } from './errors.js'
import { holdEndTable, holdTable, openHoldTable } from './hold.entity.js'
import { accountPath } from './journal.js'
import {
  type AccountRow,
  accountTable,
  guardedBalanceTable,
  journalTable,
  snapshotTable,
  tailTable,
  transferTable,
} from './ledger.entity.js'

/** An account that is open. It is never closed, changed or given to another. */
export interface Account {
  readonly id: string
  readonly party: string
  readonly purpose: string
  /** ISO 4217 code, or a commodity of the integrator's own. */
  readonly commodity: string
  /** Whether its balance may never fall below zero. */
  readonly guarded: boolean
}

/** What an account holds: what came in less what went out. Cash that came in through a provider shows as a negative balance of its clearing account. */
export interface AccountBalance extends Omit<Account, 'id'> {
  readonly accountId: string
  /** Minor units of the commodity. */
  readonly balance: number
  /** Of it, what open holds reserve. */
  readonly held: number
  /** Balance less held. */
  readonly available: number
}

/** Which accounts; a member that is not given leaves it open. */
export interface AccountFilter {
  readonly party?: string | readonly string[] | undefined
  readonly purpose?: string | readonly string[] | undefined
  readonly commodity?: string | undefined
  /** The balance as it was at that moment, by effective time, that moment included. */
  readonly at?: Timestamp | undefined
}

/** The balances of the accounts that fit, by path; one statement. */
export async function balances(reader: Reader, filter: AccountFilter): Promise<readonly AccountBalance[]> {
  const rows = await reader.all(sql`
    SELECT b.*, COALESCE(h.held, 0) AS held FROM (${balancesSql(filter)}) b
    LEFT JOIN (${heldSql(reader.now, filter.at)}) h ON h.account_id = b.id ORDER BY b.party, b.purpose, b.commodity`)
  return rows.map((raw) => {
    const { id: accountId, ...account } = publicAccount(accountTable.read(raw))
    const [balance, held] = [wholeNumber(raw.balance), wholeNumber(raw.held)]
    return { accountId, ...account, balance, held, available: sumAmounts([balance, -held]) }
  })
}

/** One account by its path. */
export interface BalanceInput {
  readonly party: string
  readonly purpose: string
  readonly commodity: string
  /** The balance as it was at that moment, by effective time, that moment included. @default now */
  readonly at?: Timestamp | undefined
}

/** @throws ledger.account_not_found */
export async function balance(reader: Reader, input: BalanceInput): Promise<AccountBalance> {
  const [found] = await balances(reader, input)
  if (!found) throw accountNotFound({ account: accountPath(input, input.commodity) })
  return found
}

/** What holds reserve on accounts: now, or at a moment in the past, which is asked of all holds that there ever were. */
function heldSql(now: Timestamp, at: Timestamp | undefined): Sql {
  if (at === undefined)
    return sql`SELECT account_id, SUM(amount) AS held FROM ${openHoldTable} WHERE expires_at IS NULL OR expires_at > ${now} GROUP BY account_id`
  return sql`
    SELECT h.from_account AS account_id, SUM(h.amount) AS held FROM ${holdTable} h LEFT JOIN ${holdEndTable} e ON e.hold_id = h.id
    WHERE h.held_at <= ${at} AND (h.expires_at IS NULL OR h.expires_at > ${at}) AND (e.ended_at IS NULL OR e.ended_at > ${at})
    GROUP BY h.from_account`
}

/** The accounts that fit, each with its balance. */
export function balancesSql(filter: AccountFilter): Sql {
  if (filter.at !== undefined)
    return summedSql(filter, sql` JOIN ${journalTable} j ON j.id = t.journal_id AND j.effective_at <= ${filter.at}`)
  // From the tail to its transfers, and not the other way round: CROSS JOIN keeps SQLite from reading an account's history to look for what is in the tail.
  const tail = (side: Sql, amount: Sql): Sql =>
    sql`SELECT ${side} AS account_id, ${amount} AS amount FROM ${tailTable} q CROSS JOIN ${transferTable} t WHERE t.journal_id = q.journal_id`
  return sql`
    SELECT ${columns(accountTable, 'a')}, COALESCE(s.balance, 0) + COALESCE(m.amount, 0) AS balance FROM ${accountTable} a
    LEFT JOIN ${snapshotTable} s ON s.account_id = a.id
    LEFT JOIN (
      SELECT p.account_id, SUM(p.amount) AS amount FROM (${tail(sql`t.to_account`, sql`t.amount`)} UNION ALL ${tail(sql`t.from_account`, sql`-t.amount`)}) p
      GROUP BY p.account_id
    ) m ON m.account_id = a.id${accountCondition(filter)}`
}

/** The accounts that fit, each with the sum of its whole history, or of what `until` leaves of it. */
function summedSql(filter: AccountFilter, until: Sql): Sql {
  const fits = accountCondition(filter)
  return sql`
    SELECT ${columns(accountTable, 'a')}, COALESCE(SUM(m.amount), 0) AS balance FROM ${accountTable} a
    LEFT JOIN (
      SELECT t.to_account AS account_id, t.amount FROM ${transferTable} t${until} JOIN ${accountTable} a ON a.id = t.to_account${fits}
      UNION ALL
      SELECT t.from_account AS account_id, -t.amount FROM ${transferTable} t${until} JOIN ${accountTable} a ON a.id = t.from_account${fits}
    ) m ON m.account_id = a.id${fits}
    GROUP BY ${columns(accountTable, 'a')}`
}

function accountCondition({ party, purpose, commodity }: AccountFilter): Sql {
  const any = (name: Sql, value: string | readonly string[] | undefined): readonly Sql[] =>
    value === undefined ? [] : typeof value === 'string' ? [sql`${name} = ${value}`] : [sql`${inList(name, value)}`]
  const parts = [...any(sql`a.party`, party), ...any(sql`a.purpose`, purpose), ...any(sql`a.commodity`, commodity)]
  return when(parts.length > 0, sql` WHERE ${join(parts, ' AND ')}`)
}

/** An account as its row has it. */
export function publicAccount({ id, party, purpose, commodity, guarded }: AccountRow): Account {
  return { id, party, purpose, commodity, guarded }
}

/** Whether the books agree with themselves. */
export interface BooksCheck {
  readonly journals: number
  readonly transfers: number
  /** By commodity: what left accounts and what entered accounts, which must be equal. */
  readonly totals: readonly { readonly commodity: string; readonly debits: number; readonly credits: number }[]
  /** Accounts of which another balance is kept than their transfers come to, by snapshot and tail or, guarded, by their row; or less than their holds reserve. */
  readonly wrongBalances: readonly { readonly accountId: string; readonly kept: number; readonly summed: number }[]
  /** Guarded accounts of which more or less is kept as held than their holds come to that have no end. */
  readonly wrongHolds: readonly { readonly accountId: string; readonly kept: number; readonly summed: number }[]
  readonly balanced: boolean
}

/** Sums all transfers anew and compares: debits with credits through the accounts they name, and every guarded balance with its transfers. */
export async function checkBooks(reader: Reader): Promise<BooksCheck> {
  const counts = await reader.all(
    sql`SELECT (SELECT COUNT(*) FROM ${journalTable}) AS journals, (SELECT COUNT(*) FROM ${transferTable}) AS transfers`,
  )
  const sums = await reader.all(sql`
    SELECT commodity, SUM(debit) AS debits, SUM(credit) AS credits FROM (
      SELECT a.commodity, t.amount AS debit, 0 AS credit FROM ${transferTable} t JOIN ${accountTable} a ON a.id = t.from_account
      UNION ALL
      SELECT a.commodity, 0 AS debit, t.amount AS credit FROM ${transferTable} t JOIN ${accountTable} a ON a.id = t.to_account
    ) m GROUP BY commodity ORDER BY commodity`)
  const wrong = await reader.all(sql`
    SELECT g.account_id, g.balance AS kept, g.held, COALESCE((SELECT SUM(t.amount) FROM ${transferTable} t WHERE t.to_account = g.account_id), 0)
      - COALESCE((SELECT SUM(t.amount) FROM ${transferTable} t WHERE t.from_account = g.account_id), 0) AS summed,
      COALESCE((SELECT SUM(h.amount) FROM ${holdTable} h LEFT JOIN ${holdEndTable} e ON e.hold_id = h.id WHERE h.from_account = g.account_id AND e.hold_id IS NULL), 0) AS reserved
    FROM ${guardedBalanceTable} g ORDER BY g.account_id`)
  const totals = sums.map((raw) => ({
    commodity: String(raw.commodity),
    debits: wholeNumber(raw.debits),
    credits: wholeNumber(raw.credits),
  }))
  const guarded = wrong.map((raw) => ({
    accountId: String(raw.account_id),
    balance: { kept: wholeNumber(raw.kept), summed: wholeNumber(raw.summed) },
    held: { kept: wholeNumber(raw.held), summed: wholeNumber(raw.reserved) },
  }))
  const wrongBalances = guarded
    .filter(({ balance, held }) => balance.kept !== balance.summed || balance.kept < held.summed)
    .map(({ accountId, balance }) => ({ accountId, ...balance }))
  const unlike = await reader.all(sql`
    SELECT b.id, b.balance AS kept, s.balance AS summed FROM (${balancesSql({})}) b JOIN (${summedSql({}, sql``)}) s ON s.id = b.id
    WHERE b.balance <> s.balance ORDER BY b.id`)
  for (const raw of unlike) wrongBalances.push({ accountId: String(raw.id), kept: wholeNumber(raw.kept), summed: wholeNumber(raw.summed) })
  const wrongHolds = guarded.filter(({ held }) => held.kept !== held.summed).map(({ accountId, held }) => ({ accountId, ...held }))
  return {
    journals: wholeNumber(counts[0]?.journals ?? 0),
    transfers: wholeNumber(counts[0]?.transfers ?? 0),
    totals,
    wrongBalances,
    wrongHolds,
    balanced: wrongBalances.length === 0 && wrongHolds.length === 0 && totals.every(({ debits, credits }) => debits === credits),
  }
}

/** What has passed from one account to another for one thing, by kind of journal and transfer. */
export interface Passage {
  readonly ref: string
  /** The kind of the journals in which it passed. */
  readonly journal: string
  readonly kind: string
  readonly from: { readonly party: string; readonly purpose: string }
  readonly to: { readonly party: string; readonly purpose: string }
  readonly commodity: string
  readonly amount: number
}

/** All transfers for these refs, summed by way and kind; one statement. */
export async function passages(reader: Reader, refs: readonly string[]): Promise<readonly Passage[]> {
  if (refs.length === 0) return []
  const rows = await reader.all(sql`
    SELECT t.ref, j.kind AS journal, t.kind, t.commodity, f.party AS from_party, f.purpose AS from_purpose, g.party AS to_party, g.purpose AS to_purpose, SUM(t.amount) AS amount
    FROM ${transferTable} t JOIN ${journalTable} j ON j.id = t.journal_id JOIN ${accountTable} f ON f.id = t.from_account JOIN ${accountTable} g ON g.id = t.to_account
    WHERE ${inList(sql`t.ref`, refs)}
    GROUP BY t.ref, j.kind, t.kind, t.commodity, f.party, f.purpose, g.party, g.purpose`)
  return rows.map((raw) => ({
    ref: String(raw.ref),
    journal: String(raw.journal),
    kind: String(raw.kind),
    from: { party: String(raw.from_party), purpose: String(raw.from_purpose) },
    to: { party: String(raw.to_party), purpose: String(raw.to_purpose) },
    commodity: String(raw.commodity),
    amount: wholeNumber(raw.amount),
  }))
}
