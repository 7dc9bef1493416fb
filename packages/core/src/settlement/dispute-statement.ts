import * as z from 'zod'
import { type Caller, id, reason, type Tx } from '../kernel/index.js'
import { lineKind, lockStatement, refuseStranger, type StatementDeps, side } from './approve-statement.js'
import { statementLineUnknown } from './errors.js'
import { emitSettlement, statementEvent } from './events.js'
import { recordSteps } from './record-steps.js'
import { type StatementRow, statementLineTable, statementTable } from './settlement.entity.js'
import type { StatementLineKind, StatementSide } from './statement.js'

export interface DisputeStatementInput {
  readonly statementId: string
  /** For whom: the platform's operator, or the party whose statement it is. */
  readonly by: StatementSide
  /** What is wrong; kept in the statement's trail, up to 500 characters. */
  readonly reason: string
  /** Which of its lines are disputed. @default all of them */
  readonly lines?: readonly StatementLineKind[] | undefined
}

export const disputeStatementInput: z.ZodType<DisputeStatementInput> = z.strictObject({
  statementId: id,
  by: side,
  reason,
  lines: z.array(lineKind).max(50).optional(),
})

/**
 * Disputes a statement that is not locked: nothing is paid from it until the dispute is resolved. It takes back what the same side had approved.
 * @throws statement.not_found, statement.wrong_state, statement.not_permitted, statement.line_unknown
 */
export function disputeStatement({ kernel: { ids } }: StatementDeps) {
  return async (tx: Tx, { statementId, by, reason: why, lines = [] }: DisputeStatementInput, caller: Caller): Promise<StatementRow> => {
    const statement = await lockStatement(tx, statementId, ['draft', 'approved'])
    refuseStranger(caller.actor, statement, by)
    const there = new Set((await tx.find(statementLineTable, { statementId })).map(({ kind }) => kind))
    const unknown = lines.filter((kind) => !there.has(kind))
    if (unknown.length > 0) throw statementLineUnknown({ statementId, unknown, lines: [...there].sort() })
    const change = {
      ...(by === 'party' ? { partyApprovedAt: null } : { operatorApprovedAt: null }),
      ...({ state: 'disputed', disputedBy: by, approvedAt: null, approvedBy: null } as const),
    }
    await tx.update(statementTable, change, { id: statementId })
    await recordSteps(tx, ids, caller.by, [
      { statementId, action: 'disputed', from: statement.state, to: 'disputed', side: by, lines: [...new Set(lines)], reason: why },
    ])
    emitSettlement(tx, 'statement.disputed', statementId, { ...statementEvent(statement), by, reason: why })
    return { ...statement, ...change }
  }
}
