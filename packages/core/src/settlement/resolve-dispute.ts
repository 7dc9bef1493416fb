import * as z from 'zod'
import { addDays, type Caller, id, type Kernel, reason, type Tx } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import { bookAdjustment } from './adjust.js'
import { lockStatement, refuseStranger, side } from './approve-statement.js'
import { lockToRemove, removeStatement } from './discard-statement.js'
import type { StatementOwner } from './draw-statement.js'
import { disputeNotYours } from './errors.js'
import { emitSettlement, statementEvent } from './events.js'
import { recordSteps } from './record-steps.js'
import { type StatementRow, statementTable } from './settlement.entity.js'
import { type StatementSide, stateByApprovals } from './statement.js'

interface Resolving {
  readonly statementId: string
  /** Why; kept in the statement's trail and, where something is adjusted, with the adjustment; up to 500 characters. */
  readonly reason: string
}

/**
 * What becomes of a dispute:
 * - `withdrawn`: whoever disputed takes it back. `rejected`: the operator finds the statement right. It stands as it was.
 * - `adjusted`: the statement stands, and the operator puts right what was wrong by an adjustment, which is in the next one.
 * - `redrawn`: the operator has the statement drawn anew up to the same moment, under another id, with what became known since and, where an amount is given, with an
 *   adjustment.
 */
export type ResolveDisputeInput =
  | (Resolving & { readonly by: StatementSide; readonly resolution: 'withdrawn' })
  | (Resolving & { readonly by: 'operator'; readonly resolution: 'rejected' })
  /** Minor units; positive to the party, negative from it. */
  | (Resolving & { readonly by: 'operator'; readonly resolution: 'adjusted'; readonly amount: number })
  | (Resolving & { readonly by: 'operator'; readonly resolution: 'redrawn'; readonly amount?: number | undefined })

const [operator, amount] = [z.literal('operator'), z.int().refine((value) => value !== 0, { error: 'must not be 0' })]

export const resolveDisputeInput: z.ZodType<ResolveDisputeInput> = z.discriminatedUnion('resolution', [
  z.strictObject({ statementId: id, by: side, resolution: z.literal('withdrawn'), reason }),
  z.strictObject({ statementId: id, by: operator, resolution: z.literal('rejected'), reason }),
  z.strictObject({ statementId: id, by: operator, resolution: z.literal('adjusted'), amount, reason }),
  z.strictObject({ statementId: id, by: operator, resolution: z.literal('redrawn'), amount: amount.optional(), reason }),
])

export interface ResolveDisputeDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly ledger: Ledger
  /** Days until the party's silence counts, from the resolution on; null where it never does. */
  readonly approvalDays: number | null
  draw(tx: Tx, draw: StatementOwner & { readonly until: string }, by: string): Promise<StatementRow | undefined>
}

/**
 * Ends a dispute. A statement that stands is again what its approvals make it, and waits anew for the party's.
 * @returns the statement, or the one that was drawn in its place; undefined where nothing was left to be stated
 * @throws statement.not_found, statement.wrong_state, statement.not_permitted, statement.dispute_not_yours
 */
export function resolveDispute({ kernel: { ids }, ledger, approvalDays, draw }: ResolveDisputeDeps) {
  const stand = async (tx: Tx, input: ResolveDisputeInput, caller: Caller): Promise<StatementRow> => {
    const { statementId } = input
    const statement = await lockStatement(tx, statementId, ['disputed'])
    refuseStranger(caller.actor, statement, input.by)
    if (input.resolution === 'withdrawn' && statement.disputedBy !== input.by)
      throw disputeNotYours({ statementId, by: input.by, disputedBy: statement.disputedBy ?? '' })
    const { party, currency } = statement
    const subjectId =
      input.resolution === 'adjusted'
        ? await bookAdjustment(tx, ids, ledger, { party, currency, amount: input.amount, reason: input.reason, by: caller.by })
        : null
    const state = stateByApprovals(statement)
    const waits = (statement.approvalNeeded ?? 'operator') !== 'operator' && statement.partyApprovedAt === null
    const change = {
      state,
      disputedBy: null,
      silentFrom: waits && approvalDays !== null ? addDays(tx.now, approvalDays) : null,
      ...(state === 'approved' ? { approvedAt: tx.now, approvedBy: caller.by } : {}),
    }
    await tx.update(statementTable, change, { id: statementId })
    await recordSteps(tx, ids, caller.by, [
      { statementId, action: 'dispute_resolved', from: 'disputed', to: state, side: input.by, subjectId, reason: input.reason },
    ])
    return { ...statement, ...change }
  }

  const redraw = async (
    tx: Tx,
    input: ResolveDisputeInput & { readonly resolution: 'redrawn' },
    caller: Caller,
  ): Promise<StatementRow | undefined> => {
    const { statementId, amount: correction, reason: why } = input
    const statement = await lockToRemove(tx, statementId, ['disputed'])
    refuseStranger(caller.actor, statement, input.by)
    const { party, currency, until } = statement
    await removeStatement(tx, statementId)
    // Of the statement's own period, and so in it.
    if (correction !== undefined)
      await bookAdjustment(tx, ids, ledger, { party, currency, amount: correction, reason: why, by: caller.by, effectiveAt: until })
    const redrawn = await draw(tx, { party, currency, until }, caller.by)
    await recordSteps(tx, ids, caller.by, [
      { statementId, action: 'dispute_resolved', from: 'disputed', to: null, side: input.by, subjectId: redrawn?.id ?? null, reason: why },
    ])
    return redrawn
  }

  return async (tx: Tx, input: ResolveDisputeInput, caller: Caller): Promise<StatementRow | undefined> => {
    const statement = input.resolution === 'redrawn' ? await redraw(tx, input, caller) : await stand(tx, input, caller)
    const { statementId, resolution, reason: why } = input
    emitSettlement(tx, 'statement.dispute_resolved', statementId, {
      statementId,
      resolution,
      reason: why,
      replacedBy: resolution === 'redrawn' ? (statement?.id ?? null) : null,
    })
    if (resolution !== 'redrawn' && statement?.state === 'approved')
      emitSettlement(tx, 'statement.approved', statementId, statementEvent(statement))
    return statement
  }
}
