import { addDays, type Caller, type Kernel, type Timestamp, type Tx } from '../kernel/index.js'
import { agree, type Comparison, stepOf, subjectKey } from './case.js'
import { compare } from './compare.js'
import { entryConflict, periodInFuture, providerUnknown } from './errors.js'
import { emitReconciliation } from './events.js'
import { type CaseRow, caseEntryTable, caseTable, type EntryRow, entryTable, reportTable } from './reconciliation.entity.js'
import type { Named } from './reconciliation.sql.js'
import type { ReportInput } from './report.js'

/** What came of a report. */
export interface ReportResult {
  readonly reportId: string
  /** Entries that no report had told before. */
  readonly fresh: number
  /** Payments and payouts that were compared, by measure and currency. */
  readonly compared: number
  /** Cases that this report opened or opened again. */
  readonly opened: readonly string[]
  /** Cases that it cleared. */
  readonly cleared: readonly string[]
}

/** Cases of payments that came in so near to a report's end that the next one may tell them are compared again by that one. */
const lookBackDays = 3

export interface RunReportDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  /** Ids of the providers that there are. */
  readonly providers: readonly string[]
}

/**
 * Takes a provider's report in and compares it three ways: with our payments or payouts, and with the books. Every difference becomes a case, and one that is
 * no more is cleared; nothing else is changed. The same report again changes nothing.
 * @throws reconciliation.provider_unknown, reconciliation.period_in_future, reconciliation.entry_conflict
 */
export function runReport({ kernel, providers }: RunReportDeps): (tx: Tx, input: ReportInput, caller: Caller) => Promise<ReportResult> {
  return async (tx, input, { by }) => {
    const { provider, from, to } = input
    if (!providers.includes(provider)) throw providerUnknown({ provider, known: providers })
    if (to > tx.now) throw periodInFuture({ to })
    const reportId = kernel.ids('rrp')
    await tx.insert(reportTable, [{ id: reportId, provider, from, to, entries: input.entries.length, by, at: tx.now }])
    const fresh = await keepEntries(tx, kernel, reportId, input)
    // Open cases are looked at with every report: what explains them may come by it, or may have been put right since.
    const open = await tx.find(caseTable, { provider, status: 'open' })
    const named: Named = {
      paymentIds: [...input.entries.flatMap((entry) => entry.paymentId ?? []), ...open.map((row) => row.subjectId)],
      providerRefs: [...input.entries.flatMap((entry) => entry.providerRef ?? []), ...open.map((row) => row.subjectId)],
      payoutIds: [...input.entries.flatMap((entry) => entry.payoutId ?? []), ...open.map((row) => row.subjectId)],
    }
    const compared = await compare(tx, { provider, from: earlier(from), to }, named)
    return { reportId, fresh, compared: compared.length, ...(await keepCases(tx, kernel, provider, compared, by)) }
  }
}

function earlier(from: Timestamp): Timestamp {
  return addDays(from, -lookBackDays)
}

/** @returns how many were new @throws reconciliation.entry_conflict */
async function keepEntries(tx: Tx, kernel: Pick<Kernel, 'ids'>, reportId: string, { provider, entries }: ReportInput): Promise<number> {
  const rows = entries.map(
    ({ ref, type, paymentId = null, providerRef = null, payoutId = null, amount, currency, at }): EntryRow => ({
      id: kernel.ids('ren'),
      reportId,
      provider,
      ref,
      type,
      paymentId,
      providerRef,
      payoutId,
      amount,
      currency,
      at,
    }),
  )
  const fresh = await tx.insertMissing(entryTable, rows)
  if (fresh === rows.length) return fresh
  const there = new Map((await tx.find(entryTable, { provider, ref: rows.map(({ ref }) => ref) })).map((row) => [row.ref, row]))
  for (const row of rows) {
    const known = there.get(row.ref)
    if (known === undefined || !sameEntry(known, row)) throw entryConflict({ provider, ref: row.ref })
  }
  return fresh
}

function sameEntry(a: EntryRow, b: EntryRow): boolean {
  const content = ({ id: _id, reportId: _reportId, ...rest }: EntryRow): string => JSON.stringify(Object.entries(rest).sort())
  return content(a) === content(b)
}

async function keepCases(
  tx: Tx,
  kernel: Pick<Kernel, 'ids'>,
  provider: string,
  compared: readonly Comparison[],
  by: string,
): Promise<Pick<ReportResult, 'opened' | 'cleared'>> {
  const there = new Set((await tx.find(caseTable, { provider, subjectId: compared.map(({ subjectId }) => subjectId) })).map(subjectKey))
  const fresh = compared
    .filter((found) => !agree(found) && !there.has(subjectKey(found)))
    .map((found) => openedCase(kernel.ids('rcc'), provider, found, tx.now))
  await tx.insertMissing(caseTable, fresh)
  // Of two reports at once that find the same, the second waited at the unique key, and finds the first one's case here.
  const known = new Map((await tx.lock(caseTable, { provider, subjectId: compared.map(({ subjectId }) => subjectId) })).map(keyed))
  const ours = new Set(fresh.map(({ id }) => id))
  const steps = compared.flatMap((found) => {
    const row = known.get(subjectKey(found))
    if (row === undefined) return []
    const action = ours.has(row.id) ? 'opened' : stepOf(row, found)
    return action === null ? [] : [{ id: row.id, action, found }]
  })
  for (const { id, action, found } of steps) {
    if (action === 'opened') continue
    const { reported, recorded, booked, known: isKnown } = found
    const closing = action === 'cleared' ? ({ status: 'cleared', closedAt: tx.now } as const) : null
    const opening = action === 'reopened' ? ({ status: 'open', closedAt: null, resolution: null } as const) : null
    await tx.update(caseTable, { reported, recorded, booked, known: isKnown, ...closing, ...opening }, { id })
  }
  await tx.insert(
    caseEntryTable,
    steps.map(({ id: caseId, action, found: { reported, recorded, booked } }) => ({
      id: kernel.ids('rct'),
      caseId,
      action,
      text: null,
      reported,
      recorded,
      booked,
      by,
      at: tx.now,
    })),
  )
  for (const { id: caseId, action, found } of steps) {
    if (action === 'changed') continue
    const { subjectId, measure, currency, reported, recorded, booked } = found
    emitReconciliation(tx, action === 'cleared' ? 'reconciliation.case_closed' : 'reconciliation.case_opened', caseId, {
      caseId,
      provider,
      subjectId,
      measure,
      currency,
      reported,
      recorded,
      booked,
    })
  }
  return {
    opened: steps.filter(({ action }) => action === 'opened' || action === 'reopened').map(({ id }) => id),
    cleared: steps.filter(({ action }) => action === 'cleared').map(({ id }) => id),
  }
}

function keyed(row: CaseRow): readonly [string, CaseRow] {
  return [subjectKey(row), row]
}

function openedCase(id: string, provider: string, found: Comparison, openedAt: Timestamp): CaseRow {
  return { ...found, id, provider, status: 'open', owner: null, openedAt, closedAt: null, resolution: null }
}
