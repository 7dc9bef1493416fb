import * as z from 'zod'
import { type Actor, type Caller, groupBy, id, type Kernel, type Tx } from '../kernel/index.js'
import { statementNotFound, statementNotPermitted, statementState } from './errors.js'
import { emitSettlement, statementEvent } from './events.js'
import { recordSteps } from './record-steps.js'
import { type StatementRow, statementTable } from './settlement.entity.js'
import { type StatementLineKind, type StatementSide, type StatementState, stateByApprovals } from './statement.js'
import type { StatementStep } from './statement-trail.js'

export interface ApproveStatementInput {
  readonly statementId: string
  /** For whom: the platform's operator, or the party whose statement it is. */
  readonly by: StatementSide
}

export const lineKind: z.ZodType<StatementLineKind> = z.custom<StatementLineKind>(
  (kind) => typeof kind === 'string' && /^[a-z_]{1,40}$/.test(kind),
  { error: 'is no kind of line' },
)

export const side: z.ZodType<StatementSide> = z.enum(['operator', 'party'])

export const approveStatementInput: z.ZodType<ApproveStatementInput> = z.strictObject({ statementId: id, by: side })

export interface StatementDeps {
  readonly kernel: Pick<Kernel, 'ids'>
}

/** Locks a statement's row until the end of the transaction: what is done with it happens one after another. @throws statement.not_found, statement.wrong_state */
export async function lockStatement(tx: Tx, statementId: string, states: readonly StatementState[]): Promise<StatementRow> {
  const [statement] = await tx.lock(statementTable, { id: statementId })
  if (!statement) throw statementNotFound({ statementId })
  if (!states.includes(statement.state)) throw statementState({ statementId, state: statement.state, needed: states.join(' or ') })
  return statement
}

/** A supplier's or distributor's caller acts for its own kind of party alone, a customer for nobody; everybody else is the operator's, who may pass on what a party said. @throws statement.not_permitted */
export function refuseStranger(actor: Actor | undefined, { id: statementId, party }: StatementRow, by: StatementSide): void {
  if (actor === undefined || ['staff', 'apiKey', 'service'].includes(actor.type)) return
  if (by === 'party' && party.startsWith(`${actor.type}:`)) return
  throw statementNotPermitted({ statementId, actor: `${actor.type}:${actor.id}`, by })
}

/**
 * Approves a statement for one side; again, it changes nothing. With the last approval that it waits for, it is approved, and is locked by the next pass of the
 * background work; where none is asked for, it is approved at once, and waits to be locked by hand.
 * @throws statement.not_found, statement.wrong_state, statement.not_permitted
 */
export function approveStatement({ kernel: { ids } }: StatementDeps) {
  return async (tx: Tx, { statementId, by }: ApproveStatementInput, caller: Pick<Caller, 'actor' | 'by'>): Promise<StatementRow> => {
    const statement = await lockStatement(tx, statementId, ['draft', 'approved'])
    refuseStranger(caller.actor, statement, by)
    if ((by === 'party' ? statement.partyApprovedAt : statement.operatorApprovedAt) !== null) return statement
    const change = approval(statement, by, caller.by, tx.now)
    const approved = { ...statement, ...change }
    await tx.update(statementTable, change, { id: statementId })
    await recordSteps(tx, ids, caller.by, [approvalStep(statement, by, approved.state)])
    if (statement.state !== approved.state) emitSettlement(tx, 'statement.approved', statementId, statementEvent(approved))
    return approved
  }
}

/** Approves drafts for parties that have been silent for too long; a number of statements to the database that does not grow with the drafts. */
export function approveSilently({ kernel: { ids } }: StatementDeps) {
  return async (tx: Tx, statementIds: readonly string[]): Promise<void> => {
    const locked = await tx.lock(statementTable, { id: statementIds, state: 'draft' })
    // Whoever approved, disputed or discarded one meanwhile was first.
    const silent = locked.filter(({ silentFrom }) => silentFrom !== null && silentFrom <= tx.now)
    if (silent.length === 0) return
    const changes = silent.map((statement) => ({ statement, change: approval(statement, 'party', 'system', tx.now) }))
    for (const alike of groupBy(changes, ({ change }) => JSON.stringify(change)).values()) {
      const [first] = alike
      if (first) await tx.update(statementTable, first.change, { id: alike.map(({ statement }) => statement.id) })
    }
    const reason = 'the party was silent until the end of its time'
    await recordSteps(
      tx,
      ids,
      'system',
      changes.map(({ statement, change }) => ({ ...approvalStep(statement, 'party', change.state ?? 'draft'), reason })),
    )
    for (const { statement, change } of changes)
      if (change.state === 'approved') emitSettlement(tx, 'statement.approved', statement.id, statementEvent({ ...statement, ...change }))
  }
}

function approval(statement: StatementRow, by: StatementSide, who: string, now: string): Partial<StatementRow> {
  const given = by === 'party' ? { partyApprovedAt: now, silentFrom: null } : { operatorApprovedAt: now }
  const state = stateByApprovals({ ...statement, ...given })
  return { ...given, state, ...(state === 'approved' && statement.approvedAt === null ? { approvedAt: now, approvedBy: who } : {}) }
}

function approvalStep({ id: statementId, state }: StatementRow, by: StatementSide, to: StatementState): StatementStep {
  return { statementId, action: 'approved', from: state, to, side: by }
}
