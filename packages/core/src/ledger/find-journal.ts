import { type Reader, sql, type Timestamp, wholeNumber } from '../kernel/index.js'
import { journalNotFound } from './errors.js'
import { accountTable, type JournalRow, journalTable, transferTable } from './ledger.entity.js'

/** One movement of a journal that was posted. */
export interface Transfer {
  readonly from: { readonly party: string; readonly purpose: string }
  readonly to: { readonly party: string; readonly purpose: string }
  /** Minor units of the commodity, above 0. */
  readonly amount: number
  readonly commodity: string
  readonly kind: string
  readonly ref: string | null
}

/** A journal as it stands in the books, for ever. */
export interface Journal {
  readonly id: string
  readonly kind: string
  readonly source: string
  readonly key: string
  readonly effectiveAt: Timestamp
  readonly postedAt: Timestamp
  readonly transfers: readonly Transfer[]
  /** The journal that this one takes back. */
  readonly reverses: string | null
  /** The journal that has taken this one back. */
  readonly reversedBy: string | null
}

/** By its id, or by the key that it was posted under. */
export type JournalInput = { readonly journalId: string } | { readonly key: string }

/** @throws ledger.journal_not_found */
export async function findJournal(reader: Reader, input: JournalInput): Promise<Journal> {
  const row = await reader.findOne(journalTable, 'key' in input ? { key: input.key } : { id: input.journalId })
  if (!row) throw journalNotFound({ journalId: 'key' in input ? `of key "${input.key}"` : input.journalId })
  const back = await reader.findOne(journalTable, { reverses: row.id })
  return toJournal(row, await transfersOf(reader, row.id), back?.id ?? null)
}

/** The transfers of a journal, in their order. */
export async function transfersOf(reader: Reader, journalId: string): Promise<readonly Transfer[]> {
  const rows = await reader.all(sql`
    SELECT t.amount, t.commodity, t.kind, t.ref, f.party AS from_party, f.purpose AS from_purpose, g.party AS to_party, g.purpose AS to_purpose
    FROM ${transferTable} t JOIN ${accountTable} f ON f.id = t.from_account JOIN ${accountTable} g ON g.id = t.to_account
    WHERE t.journal_id = ${journalId} ORDER BY t.position`)
  return rows.map((raw) => ({
    from: { party: String(raw.from_party), purpose: String(raw.from_purpose) },
    to: { party: String(raw.to_party), purpose: String(raw.to_purpose) },
    amount: wholeNumber(raw.amount),
    commodity: String(raw.commodity),
    kind: String(raw.kind),
    ref: raw.ref === null ? null : String(raw.ref),
  }))
}

function toJournal({ contentHash: _, ...row }: JournalRow, transfers: readonly Transfer[], reversedBy: string | null): Journal {
  return { ...row, transfers, reversedBy }
}
