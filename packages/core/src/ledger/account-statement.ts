import { columns, type Reader, type Sql, sql, type Timestamp, wholeNumber } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { accountNotFound } from './errors.js'
import { accountTable, journalTable, transferTable } from './ledger.entity.js'
import { type Account, publicAccount } from './read-ledger.js'

/** Which part of an account's history. */
export interface AccountStatementInput {
  readonly accountId: string
  /** Effective time, inclusive. @default the beginning */
  readonly from?: string | undefined
  /** Effective time, exclusive. @default no end */
  readonly to?: string | undefined
  /** 1 to 10 000. @default 1000 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** One line of an account's statement. */
export interface AccountEntry {
  readonly journalId: string
  readonly journalKind: string
  readonly source: string
  readonly effectiveAt: Timestamp
  readonly kind: string
  readonly ref: string | null
  /** Minor units; in positive, out negative. */
  readonly amount: number
  /** What the account holds with this line and all before it; minor units. */
  readonly balance: number
}

/** A page of what moved on an account, in order of effective time: opening plus the entries' amounts is closing, and is the next page's opening. */
export interface AccountStatement {
  readonly account: Account
  /** What the account held before the first entry; minor units. */
  readonly opening: number
  readonly entries: readonly AccountEntry[]
  readonly closing: number
  /** Give it as `after` to read on; null at the end. A journal that is posted later with an earlier effective time stands where it belongs: read anew to see it. */
  readonly next: string | null
}

type Page = AccountStatementInput & { readonly limit: number }

/** One statement, so that the opening and the entries are of the same moment. @throws ledger.account_not_found */
export async function accountStatement(reader: Reader, { accountId, from, to, limit, after }: Page): Promise<AccountStatement> {
  const [at = '', journalId = '', position = '0'] = after?.split('/') ?? []
  const begin = after === undefined ? sql`j.effective_at >= ${from ?? ''}` : isAfter(at, journalId, Number(position))
  const before = after === undefined ? sql`j.effective_at < ${from ?? ''}` : sql`NOT ${isAfter(at, journalId, Number(position))}`
  const end = to === undefined ? sql`` : sql` AND j.effective_at < ${to}`
  const amount = sql`CASE WHEN t.to_account = ${accountId} THEN t.amount ELSE -t.amount END`
  const moved = sql`FROM ${transferTable} t JOIN ${journalTable} j ON j.id = t.journal_id WHERE (t.to_account = ${accountId} OR t.from_account = ${accountId})`
  const rows = await reader.all(sql`
    SELECT ${columns(accountTable, 'a')}, o.opening, e.journal_id, e.position, e.journal_kind, e.source, e.effective_at, e.entry_kind, e.ref, e.amount
    FROM ${accountTable} a
    CROSS JOIN (SELECT COALESCE(SUM(${amount}), 0) AS opening ${moved} AND ${before}) o
    LEFT JOIN (
      SELECT t.journal_id, t.position, j.kind AS journal_kind, j.source, j.effective_at, t.kind AS entry_kind, t.ref, ${amount} AS amount
      ${moved} AND ${begin}${end}
      ORDER BY j.effective_at, t.journal_id, t.position LIMIT ${limit + 1}
    ) e ON 1 = 1
    WHERE a.id = ${accountId} ORDER BY e.effective_at, e.journal_id, e.position`)
  const [first] = rows
  if (first === undefined) throw accountNotFound({ account: accountId })
  const opening = wholeNumber(first.opening)
  let balance = opening
  const entries = rows
    .filter((raw) => raw.journal_id !== null)
    .slice(0, limit)
    .map((raw): AccountEntry & { readonly cursor: string } => {
      const moved = wholeNumber(raw.amount)
      balance = sumAmounts([balance, moved])
      return {
        journalId: String(raw.journal_id),
        journalKind: String(raw.journal_kind),
        source: String(raw.source),
        effectiveAt: String(raw.effective_at),
        kind: String(raw.entry_kind),
        ref: raw.ref === null ? null : String(raw.ref),
        amount: moved,
        balance,
        cursor: `${String(raw.effective_at)}/${String(raw.journal_id)}/${wholeNumber(raw.position)}`,
      }
    })
  return {
    account: publicAccount(accountTable.read(first)),
    opening,
    entries: entries.map(({ cursor: _, ...entry }) => entry),
    closing: balance,
    next: rows.length > limit ? (entries.at(-1)?.cursor ?? null) : null,
  }
}

/** Whether an entry stands behind a place in the order of the statement. */
function isAfter(at: Timestamp, journalId: string, position: number): Sql {
  return sql`(j.effective_at > ${at} OR (j.effective_at = ${at} AND (t.journal_id > ${journalId} OR (t.journal_id = ${journalId} AND t.position > ${position}))))`
}
