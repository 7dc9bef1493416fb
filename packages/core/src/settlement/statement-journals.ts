import * as z from 'zod'
import {
  defaultLimit,
  id,
  inList,
  join,
  type Page,
  type PageInput,
  pageOf,
  pageShape,
  type Reader,
  type Sql,
  sql,
  type Timestamp,
  wholeNumber,
} from '../kernel/index.js'
import { accountTable, journalTable, transferTable } from '../ledger/index.js'
import { lineKind } from './approve-statement.js'
import { statementNotFound } from './errors.js'
import { type StatementRow, statementItemTable, statementTable } from './settlement.entity.js'
import { lineOf, type StatementLineKind } from './statement.js'

export interface StatementJournalsInput extends PageInput {
  readonly statementId: string
  /** Only what is behind this line. @default all of them */
  readonly kind?: StatementLineKind | undefined
}

/** One transfer that stands in a statement, and the journal that it is in. */
export interface StatementTransfer {
  readonly journalId: string
  /** The transfer's place in its journal. */
  readonly position: number
  readonly journalKind: string
  /** What the journal is about: an order, a payout, an adjustment. */
  readonly source: string
  readonly effectiveAt: Timestamp
  /** The line that it is in. */
  readonly line: StatementLineKind
  /** The transfer's kind as the ledger has it: `commission:goods`. */
  readonly kind: string
  /** What the transfer is about: an order line, a payout, an adjustment. */
  readonly ref: string | null
  /** Minor units; to the party positive, from it negative. */
  readonly amount: number
}

export const statementJournalsInput: z.ZodType<StatementJournalsInput> = z.strictObject({
  ...pageShape,
  after: z
    .string()
    .regex(/^[^/]{1,64}\/\d{1,9}$/, { error: 'must be the `next` of the page before' })
    .optional(),
  statementId: id,
  kind: lineKind.optional(),
})

const signed = sql`CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END`

/**
 * What is behind a statement or one of its lines, in the order of journals; the amounts add up to the line's. What a statement pays is booked when it is locked, so
 * that a draft has nothing behind its own `payout` and `withholding`.
 * @throws statement.not_found
 */
export async function readStatementJournals(
  reader: Reader,
  { statementId, kind, limit = defaultLimit, after }: StatementJournalsInput,
): Promise<Page<StatementTransfer>> {
  const statement = await reader.findOne(statementTable, { id: statementId })
  if (!statement) throw statementNotFound({ statementId })
  const [journalId = '', position = '0'] = after?.split('/') ?? []
  const behind = sql`${statementItemTable} i
    JOIN ${transferTable} t ON t.journal_id = i.journal_id AND t.position = i.position
    JOIN ${accountTable} a ON a.party = i.party AND a.purpose = 'available' AND a.commodity = t.commodity`
  const narrowed = kind === undefined ? sql`` : await ofLine(reader, statement, kind, behind)
  if (narrowed === undefined) return { items: [], next: null }
  const rows = await reader.all(sql`
    SELECT i.journal_id, i.position, j.kind AS journal_kind, j.source, j.effective_at, t.kind, t.ref, ${signed} AS amount
    FROM ${behind} JOIN ${journalTable} j ON j.id = i.journal_id
    WHERE i.statement_id = ${statementId}
      AND (i.journal_id > ${journalId} OR (i.journal_id = ${journalId} AND i.position > ${Number(position)}))${narrowed}
    ORDER BY i.journal_id, i.position LIMIT ${limit + 1}`)
  const transfers = rows.map((raw): StatementTransfer => {
    const [moved, amount] = [String(raw.kind), wholeNumber(raw.amount)]
    return {
      journalId: String(raw.journal_id),
      position: wholeNumber(raw.position),
      journalKind: String(raw.journal_kind),
      source: String(raw.source),
      effectiveAt: String(raw.effective_at),
      line: lineOf(statement.party, { kind: moved, amount }),
      kind: moved,
      ref: raw.ref === null ? null : String(raw.ref),
      amount,
    }
  })
  return pageOf(transfers, limit, (last) => `${last.journalId}/${last.position}`)
}

/** The condition that leaves one line's transfers; undefined where none is in it. */
async function ofLine(
  reader: Reader,
  { id: statementId, party }: StatementRow,
  line: StatementLineKind,
  behind: Sql,
): Promise<Sql | undefined> {
  const rows = await reader.all(sql`
    SELECT t.kind, CASE WHEN t.to_account = a.id THEN 1 ELSE -1 END AS way FROM ${behind} WHERE i.statement_id = ${statementId}
    GROUP BY t.kind, CASE WHEN t.to_account = a.id THEN 1 ELSE -1 END`)
  const its = rows
    .map((raw) => ({ kind: String(raw.kind), amount: wholeNumber(raw.way) }))
    .filter((movement) => lineOf(party, movement) === line)
  const ways = [
    { kinds: its.filter(({ amount }) => amount > 0), way: sql`t.to_account = a.id` },
    { kinds: its.filter(({ amount }) => amount < 0), way: sql`t.to_account <> a.id` },
  ].filter(({ kinds }) => kinds.length > 0)
  if (ways.length === 0) return undefined
  const either = ways.map(
    ({ kinds, way }) =>
      sql`(${way} AND ${inList(
        sql`t.kind`,
        kinds.map(({ kind }) => kind),
      )})`,
  )
  return sql` AND (${join(either, ' OR ')})`
}
