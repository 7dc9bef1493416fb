/** What a person does with a case. */
import * as z from 'zod'
import {
  type Caller,
  id,
  type Kernel,
  line,
  mapPage,
  type Page,
  type PageInput,
  pageShape,
  type Reader,
  readPage,
  reason,
  type Tx,
} from '../kernel/index.js'
import type { CaseAction, CaseEntry, CaseStatus, ReconciliationCase } from './case.js'
import { caseClosed, caseNotFound, caseOpen } from './errors.js'
import { emitReconciliation } from './events.js'
import { type CaseRow, caseEntryTable, caseTable } from './reconciliation.entity.js'

export interface CaseIdInput {
  readonly caseId: string
}

export interface AssignCaseInput extends CaseIdInput {
  /** Who sees to it: `staff:42`; null gives it back. */
  readonly owner: string | null
}

export interface NoteCaseInput extends CaseIdInput {
  readonly text: string
}

export interface ResolveCaseInput extends CaseIdInput {
  /** Why the three differ and what was done about it: a journal, a refund, a claim with the provider. */
  readonly resolution: string
}

export interface ReopenCaseInput extends CaseIdInput {
  readonly reason: string
}

export interface ListCasesInput extends PageInput {
  readonly provider?: string | undefined
  readonly status?: CaseStatus | undefined
  readonly owner?: string | undefined
}

/** A case with its trail, first to last. */
export interface CaseDetail extends ReconciliationCase {
  readonly trail: readonly CaseEntry[]
}

export const caseIdInput: z.ZodType<CaseIdInput> = z.strictObject({ caseId: id })
export const assignInput: z.ZodType<AssignCaseInput> = z.strictObject({ caseId: id, owner: line(200).nullable() })
export const noteInput: z.ZodType<NoteCaseInput> = z.strictObject({ caseId: id, text: reason })
export const resolveInput: z.ZodType<ResolveCaseInput> = z.strictObject({ caseId: id, resolution: reason })
export const reopenInput: z.ZodType<ReopenCaseInput> = z.strictObject({ caseId: id, reason })
export const listCasesInput: z.ZodType<ListCasesInput> = z.strictObject({
  ...pageShape,
  provider: line(40).optional(),
  status: z.enum(['open', 'cleared', 'resolved']).optional(),
  owner: line(200).optional(),
})

export function workCases({ kernel }: { readonly kernel: Pick<Kernel, 'ids'> }): {
  readonly assign: (tx: Tx, input: AssignCaseInput, caller: Caller) => Promise<ReconciliationCase>
  readonly note: (tx: Tx, input: NoteCaseInput, caller: Caller) => Promise<ReconciliationCase>
  readonly resolve: (tx: Tx, input: ResolveCaseInput, caller: Caller) => Promise<ReconciliationCase>
  readonly reopen: (tx: Tx, input: ReopenCaseInput, caller: Caller) => Promise<ReconciliationCase>
} {
  const step = async (
    tx: Tx,
    row: CaseRow,
    change: Partial<CaseRow>,
    entry: { readonly action: CaseAction; readonly text: string | null; readonly by: string },
  ): Promise<ReconciliationCase> => {
    const { id: caseId, reported, recorded, booked } = row
    if (Object.keys(change).length > 0) await tx.update(caseTable, change, { id: caseId })
    await tx.insert(caseEntryTable, [{ id: kernel.ids('rct'), caseId, reported, recorded, booked, at: tx.now, ...entry }])
    return toCase({ ...row, ...change }, tx.now)
  }
  return {
    assign: async (tx, { caseId, owner }, { by }) =>
      step(tx, await lockCase(tx, caseId), { owner }, { action: 'assigned', text: owner, by }),
    note: async (tx, { caseId, text }, { by }) => step(tx, await lockCase(tx, caseId), {}, { action: 'noted', text, by }),
    resolve: async (tx, { caseId, resolution }, { by }) => {
      const row = await lockCase(tx, caseId)
      if (row.status !== 'open') throw caseClosed({ caseId, status: row.status })
      const { provider, subjectId, measure, currency, reported, recorded, booked } = row
      emitReconciliation(tx, 'reconciliation.case_closed', caseId, {
        caseId,
        provider,
        subjectId,
        measure,
        currency,
        reported,
        recorded,
        booked,
      })
      return step(tx, row, { status: 'resolved', closedAt: tx.now, resolution }, { action: 'resolved', text: resolution, by })
    },
    reopen: async (tx, { caseId, reason: why }, { by }) => {
      const row = await lockCase(tx, caseId)
      if (row.status === 'open') throw caseOpen({ caseId })
      return step(tx, row, { status: 'open', closedAt: null, resolution: null }, { action: 'reopened', text: why, by })
    },
  }
}

/** @throws reconciliation.case_not_found */
async function lockCase(tx: Tx, caseId: string): Promise<CaseRow> {
  const [row] = await tx.lock(caseTable, { id: caseId })
  if (!row) throw caseNotFound({ caseId })
  return row
}

/** @throws reconciliation.case_not_found */
export async function readCase(reader: Reader, { caseId }: CaseIdInput): Promise<CaseDetail> {
  const row = await reader.findOne(caseTable, { id: caseId })
  if (!row) throw caseNotFound({ caseId })
  return { ...toCase(row, reader.now), trail: await reader.find(caseEntryTable, { caseId }, { orderBy: ['id'] }) }
}

/** In the order in which they were first opened. */
export async function listCases(reader: Reader, { provider, status, owner, ...page }: ListCasesInput): Promise<Page<ReconciliationCase>> {
  return mapPage(await readPage(reader, caseTable, { provider, status, owner }, page), (row) => toCase(row, reader.now))
}

function toCase(row: CaseRow, now: string): ReconciliationCase {
  return { ...row, ageMillis: Date.parse(row.closedAt ?? now) - Date.parse(row.openedAt) }
}
