import { columns, inList, join, type Reader, type Sql, sql, type Timestamp, when, wholeNumber } from '../kernel/index.js'
import { type AccountRow, accountTable, guardedBalanceTable, journalTable, transferTable } from './ledger.entity.js'

/** What an account holds: what came in less what went out. Cash that came in through a provider shows as a negative balance of its clearing account. */
export interface AccountBalance {
  readonly accountId: string
  readonly party: string
  readonly purpose: string
  readonly commodity: string
  readonly guarded: boolean
  readonly balance: number
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
  const until = when(filter.at !== undefined, sql` JOIN ${journalTable} j ON j.id = t.journal_id AND j.effective_at <= ${filter.at ?? ''}`)
  const fits = accountCondition(filter)
  const rows = await reader.all(sql`
    SELECT ${columns(accountTable, 'a')}, COALESCE(SUM(m.amount), 0) AS balance FROM ${accountTable} a
    LEFT JOIN (
      SELECT t.to_account AS account_id, t.amount FROM ${transferTable} t${until} JOIN ${accountTable} a ON a.id = t.to_account${fits}
      UNION ALL
      SELECT t.from_account AS account_id, -t.amount FROM ${transferTable} t${until} JOIN ${accountTable} a ON a.id = t.from_account${fits}
    ) m ON m.account_id = a.id${fits}
    GROUP BY ${columns(accountTable, 'a')} ORDER BY a.party, a.purpose, a.commodity`)
  return rows.map((raw) => ({ ...publicAccount(accountTable.read(raw)), balance: wholeNumber(raw.balance) }))
}

function accountCondition({ party, purpose, commodity }: AccountFilter): Sql {
  const any = (name: Sql, value: string | readonly string[] | undefined): readonly Sql[] =>
    value === undefined ? [] : typeof value === 'string' ? [sql`${name} = ${value}`] : [sql`${inList(name, value)}`]
  const parts = [...any(sql`a.party`, party), ...any(sql`a.purpose`, purpose), ...any(sql`a.commodity`, commodity)]
  return when(parts.length > 0, sql` WHERE ${join(parts, ' AND ')}`)
}

function publicAccount({ id, party, purpose, commodity, guarded }: AccountRow): Omit<AccountBalance, 'balance'> {
  return { accountId: id, party, purpose, commodity, guarded }
}

/** One line of an account's statement. */
export interface AccountEntry {
  readonly journalId: string
  readonly journalKind: string
  readonly source: string
  readonly effectiveAt: Timestamp
  readonly kind: string
  readonly ref: string | null
  /** In positive, out negative. */
  readonly amount: number
}

/** What moved on an account from a moment on (inclusive) to another (exclusive), in order of effective time. */
export async function entries(
  reader: Reader,
  accountId: string,
  from: Timestamp,
  to: Timestamp,
  limit: number,
): Promise<readonly AccountEntry[]> {
  const rows = await reader.all(sql`
    SELECT j.id AS journal_id, j.kind AS journal_kind, j.source, j.effective_at, t.kind, t.ref, CASE WHEN t.to_account = ${accountId} THEN t.amount ELSE -t.amount END AS amount
    FROM ${transferTable} t JOIN ${journalTable} j ON j.id = t.journal_id
    WHERE (t.to_account = ${accountId} OR t.from_account = ${accountId}) AND j.effective_at >= ${from} AND j.effective_at < ${to}
    ORDER BY j.effective_at, j.id, t.position LIMIT ${limit}`)
  return rows.map((raw) => ({
    journalId: String(raw.journal_id),
    journalKind: String(raw.journal_kind),
    source: String(raw.source),
    effectiveAt: String(raw.effective_at),
    kind: String(raw.kind),
    ref: raw.ref === null ? null : String(raw.ref),
    amount: wholeNumber(raw.amount),
  }))
}

/** Whether the books agree with themselves. */
export interface BooksCheck {
  readonly journals: number
  readonly transfers: number
  /** By commodity: what left accounts and what entered accounts, which must be equal. */
  readonly totals: readonly { readonly commodity: string; readonly debits: number; readonly credits: number }[]
  /** Guarded accounts whose kept balance is negative or is not the sum of their transfers. */
  readonly wrongBalances: readonly { readonly accountId: string; readonly kept: number; readonly summed: number }[]
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
    SELECT g.account_id, g.balance AS kept, COALESCE((SELECT SUM(t.amount) FROM ${transferTable} t WHERE t.to_account = g.account_id), 0)
      - COALESCE((SELECT SUM(t.amount) FROM ${transferTable} t WHERE t.from_account = g.account_id), 0) AS summed
    FROM ${guardedBalanceTable} g ORDER BY g.account_id`)
  const totals = sums.map((raw) => ({
    commodity: String(raw.commodity),
    debits: wholeNumber(raw.debits),
    credits: wholeNumber(raw.credits),
  }))
  const wrongBalances = wrong
    .map((raw) => ({ accountId: String(raw.account_id), kept: wholeNumber(raw.kept), summed: wholeNumber(raw.summed) }))
    .filter(({ kept, summed }) => kept !== summed || kept < 0)
  return {
    journals: wholeNumber(counts[0]?.journals ?? 0),
    transfers: wholeNumber(counts[0]?.transfers ?? 0),
    totals,
    wrongBalances,
    balanced: wrongBalances.length === 0 && totals.every(({ debits, credits }) => debits === credits),
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
