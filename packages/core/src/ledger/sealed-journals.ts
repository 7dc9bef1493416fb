import { groupBy, inList, type Reader, sql, wholeNumber } from '../kernel/index.js'
import { accountTable, journalTable, transferTable } from './ledger.entity.js'
import type { SealedJournal, SealedTransfer } from './seal.js'

/** Journals with their transfers, by id and in its order; two statements. One that is not there is left out. */
export async function sealedJournals(reader: Reader, journalIds: readonly string[]): Promise<ReadonlyMap<string, SealedJournal>> {
  const rows = await reader.find(journalTable, { id: journalIds }, { orderBy: ['id'] })
  const raws = await reader.all(sql`
    SELECT t.journal_id, t.position, t.from_account, t.to_account, t.amount, t.commodity, t.kind, t.ref,
      f.party AS from_party, f.purpose AS from_purpose, g.party AS to_party, g.purpose AS to_purpose
    FROM ${transferTable} t JOIN ${accountTable} f ON f.id = t.from_account JOIN ${accountTable} g ON g.id = t.to_account
    WHERE ${inList(sql`t.journal_id`, journalIds)} ORDER BY t.journal_id, t.position`)
  const transfers = groupBy(
    raws.map((raw): SealedTransfer & { readonly journalId: string } => ({
      journalId: String(raw.journal_id),
      position: wholeNumber(raw.position),
      fromAccount: String(raw.from_account),
      toAccount: String(raw.to_account),
      from: { party: String(raw.from_party), purpose: String(raw.from_purpose) },
      to: { party: String(raw.to_party), purpose: String(raw.to_purpose) },
      amount: wholeNumber(raw.amount),
      commodity: String(raw.commodity),
      kind: String(raw.kind),
      ref: raw.ref === null ? null : String(raw.ref),
    })),
    (transfer) => transfer.journalId,
  )
  return new Map(rows.map((row) => [row.id, { ...row, transfers: transfers.get(row.id) ?? [] }]))
}
