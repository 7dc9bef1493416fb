import { claimTable } from '../commission/index.js'
import { addDays, groupBy, type Reader, sql, type Timestamp, wholeNumber } from '../kernel/index.js'
import { accountTable, type Ledger, transferTable } from '../ledger/index.js'
import { type Rounding, sumAmounts } from '../money/index.js'
import { statementNotFound } from './errors.js'
import type { Policies } from './policy.js'
import { toTrailEntry } from './record-steps.js'
import { reservedOf } from './reserve.js'
import {
  type PayoutRow,
  payoutTable,
  reserveTable,
  type StatementLineRow,
  type StatementRow,
  statementLineTable,
  statementTable,
  statementTrailTable,
} from './settlement.entity.js'
import { type ApprovalNeeded, inOrder, type StatementLine, type StatementSide, type StatementState } from './statement.js'
import type { StatementTrailEntry } from './statement-trail.js'

/** What a party is owed and has been paid, in one currency; minor units. */
export interface Claims {
  readonly currency: string
  /** Accrued or held: not yet to be had. May be negative. */
  readonly pending: number
  /** To be paid with the next statement; negative after a refund of what was paid already, and then carried. */
  readonly available: number
  /** Withheld of claims that are available; released when its time has come, and taken by refunds first. */
  readonly reserve: number
  /** Asked for and not yet arrived. */
  readonly inPayout: number
  /** Arrived, over all time. */
  readonly paid: number
}

/** A period's account of one party, drawn from the books: opening and lines add up to closing, and closing is the next one's opening. */
export interface Statement {
  readonly id: string
  readonly party: string
  readonly currency: string
  readonly state: StatementState
  /** What was effective up to here, inclusive. */
  readonly until: Timestamp
  /** Minor units. */
  readonly opening: number
  readonly lines: readonly StatementLine[]
  /** Minor units; after the payout. */
  readonly closing: number
  /** Minor units that leave the balance with its payout. */
  readonly payable: number
  /** Minor units of those that are withheld as tax, and by which rule. */
  readonly withheld: number
  readonly withholdingRule: string | null
  readonly drawnAt: Timestamp
  readonly approvedAt: Timestamp | null
  readonly approvedBy: string | null
  readonly lockedAt: Timestamp | null
  /** Whose approval it was drawn to wait for; null where nobody's is asked for. */
  readonly approvalNeeded: ApprovalNeeded | null
  readonly operatorApprovedAt: Timestamp | null
  readonly partyApprovedAt: Timestamp | null
  /** From here on the party's silence counts as its approval; null where it never does, or the party has spoken. */
  readonly silentFrom: Timestamp | null
  /** Who disputes it; null where nobody does. Why stands in its history. */
  readonly disputedBy: StatementSide | null
}

export interface Payout {
  readonly id: string
  /** The statement that it pays; null for a withdrawal. */
  readonly statementId: string | null
  readonly party: string
  readonly currency: string
  /** Minor units that arrive. */
  readonly amount: number
  /** Minor units that the platform kept of a withdrawal, beside the amount. */
  readonly fee: number
  /** Minor units withheld as tax, beside the amount, and by which rule. */
  readonly withheld: number
  readonly withholdingRule: string | null
  readonly provider: string
  readonly status: 'requested' | 'submitted' | 'paid' | 'failed' | 'returned'
  readonly failure: string | null
  readonly createdAt: Timestamp
  /** When it was paid, failed or returned. */
  readonly settledAt: Timestamp | null
}

export interface ReadClaimsDeps {
  readonly ledger: Ledger
  readonly policies: Policies
  readonly rounding: Rounding
}

const purposes = { pending: 'pending', available: 'available', reserve: 'reserve', in_payout: 'inPayout', paid: 'paid' } as const

/** A party's claims, to the millisecond: what a hold has released by now counts as available, whether or not the job that books it has run. */
export async function readClaims(reader: Reader, { ledger, ...deps }: ReadClaimsDeps, party: string): Promise<readonly Claims[]> {
  const accounts = await ledger.balances(reader, { party, purpose: Object.keys(purposes) })
  const due = await dueForRelease(reader, deps, party)
  return [...groupBy(accounts, (account) => account.commodity)].map(([currency, ofCurrency]) => {
    const of = (purpose: keyof typeof purposes): number => ofCurrency.find((account) => account.purpose === purpose)?.balance ?? 0
    const { released, withheld } = due.get(currency) ?? { released: 0, withheld: 0 }
    return {
      currency,
      pending: sumAmounts([of('pending'), -released]),
      available: sumAmounts([of('available'), released, -withheld]),
      reserve: sumAmounts([of('reserve'), withheld]),
      inPayout: of('in_payout'),
      paid: of('paid'),
    }
  })
}

/** What no job has booked yet, by currency: what lies on the pending account for claims whose hold has ended, and what their reserves withhold less what older ones give back. */
async function dueForRelease(
  reader: Reader,
  { policies, rounding }: Omit<ReadClaimsDeps, 'ledger'>,
  party: string,
): Promise<ReadonlyMap<string, { readonly released: number; readonly withheld: number }>> {
  const claims = await reader.all(sql`
    SELECT a.commodity, c.release_at, SUM(CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END) AS amount
    FROM ${claimTable} c
    JOIN ${accountTable} a ON a.party = c.party AND a.purpose = 'pending' AND a.commodity = c.currency
    JOIN ${transferTable} t ON t.ref = c.line_id AND (t.to_account = a.id OR t.from_account = a.id)
    WHERE c.party = ${party} AND c.state = 'pending' AND c.release_at <= ${reader.now}
    GROUP BY a.commodity, c.line_id, c.release_at`)
  const reserves = await reader.find(reserveTable, { party, state: 'held' })
  const { reserve } = (await policies(reader, claims.length === 0 ? [] : [party], reader.now))(party)
  const due = [
    ...claims.map((raw) => {
      const released = wholeNumber(raw.amount)
      const isOver = addDays(String(raw.release_at), reserve?.days ?? 0) <= reader.now
      return { currency: String(raw.commodity), released, withheld: isOver ? 0 : reservedOf(released, reserve, rounding) }
    }),
    ...reserves
      .filter(({ releaseAt }) => releaseAt <= reader.now)
      .map(({ currency, withheld, consumed }) => ({ currency, released: 0, withheld: consumed - withheld })),
  ]
  return new Map(
    [...groupBy(due, ({ currency }) => currency)].map(([currency, own]) => [
      currency,
      { released: sumAmounts(own.map(({ released }) => released)), withheld: sumAmounts(own.map(({ withheld }) => withheld)) },
    ]),
  )
}

export async function readStatement(reader: Reader, row: StatementRow): Promise<Statement> {
  return toStatement(row, await reader.find(statementLineTable, { statementId: row.id }))
}

export async function readStatements(
  reader: Reader,
  { party, limit }: { readonly party?: string | undefined; readonly limit: number },
): Promise<readonly Statement[]> {
  const rows = await reader.find(statementTable, { party }, { orderBy: ['until', 'id'], descending: true, limit })
  const lines = groupBy(await reader.find(statementLineTable, { statementId: rows.map((row) => row.id) }), (line) => line.statementId)
  return rows.map((row) => toStatement(row, lines.get(row.id) ?? []))
}

function toStatement({ statedBefore: _, ...statement }: StatementRow, lines: readonly StatementLineRow[]): Statement {
  return { ...statement, lines: inOrder(statement.party, lines).map(({ kind, amount, count }) => ({ kind, amount, count })) }
}

/** Who did what with a statement, first to last. @throws statement.not_found */
export async function readHistory(
  reader: Reader,
  { statementId }: { readonly statementId: string },
): Promise<readonly StatementTrailEntry[]> {
  const rows = await reader.find(statementTrailTable, { statementId }, { orderBy: ['id'] })
  if (rows.length === 0 && !(await reader.findOne(statementTable, { id: statementId }))) throw statementNotFound({ statementId })
  return rows.map(toTrailEntry)
}

interface ReadPayouts {
  readonly party?: string | undefined
  readonly status?: Payout['status'] | undefined
  readonly payoutIds?: readonly string[] | undefined
  readonly limit?: number | undefined
}

export async function readPayouts(
  reader: Reader,
  { party, status, payoutIds, limit = payoutIds?.length ?? 50 }: ReadPayouts,
): Promise<readonly Payout[]> {
  return (await reader.find(payoutTable, { party, status, id: payoutIds }, { orderBy: ['id'], descending: true, limit })).map(toPayout)
}

export function toPayout({ providerRef: _, askAt: __, ...payout }: PayoutRow): Payout {
  return payout
}
