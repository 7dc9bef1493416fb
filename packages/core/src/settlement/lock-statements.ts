import type { Kernel, Tx } from '../kernel/index.js'
import { statementNotFound, statementState } from './errors.js'
import { emitSettlement, statementEvent } from './events.js'
import type { Payouts } from './payout.js'
import { recordSteps } from './record-steps.js'
import { type StatementRow, statementTable } from './settlement.entity.js'

/** From which state they are locked: what nobody has to approve goes from draft to locked in one. */
export type LockFrom = 'draft' | 'approved'

export interface LockStatementsDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly payouts: Pick<Payouts, 'request'>
}

/**
 * Locks statements that are all in the same state, and asks for what they pay; a number of statements to the database that does not grow with theirs.
 * @throws statement.not_found, statement.wrong_state
 */
export type LockStatements = (tx: Tx, statementIds: readonly string[], from: LockFrom, by: string) => Promise<readonly StatementRow[]>

export function lockStatements({ kernel: { ids }, payouts }: LockStatementsDeps): LockStatements {
  return async (tx, statementIds, from, by) => {
    if (statementIds.length === 0) return []
    const statements = await tx.lock(statementTable, { id: statementIds })
    const there = new Set(statements.map(({ id }) => id))
    for (const statementId of statementIds) if (!there.has(statementId)) throw statementNotFound({ statementId })
    for (const { id: statementId, state, approvalNeeded } of statements)
      if (state !== from || (from === 'draft' && approvalNeeded !== null)) throw statementState({ statementId, state, needed: from })
    // Before they are locked: from then on the database takes no transfer more into them.
    await payouts.request(tx, statements)
    const approved = from === 'draft' ? { approvedAt: tx.now, approvedBy: by } : {}
    const change = { state: 'locked', lockedAt: tx.now, ...approved } as const
    await tx.update(statementTable, change, { id: statementIds })
    await recordSteps(
      tx,
      ids,
      by,
      statements.flatMap(({ id: statementId }) => [
        ...(from === 'draft' ? [{ statementId, action: 'approved', from, to: 'approved', side: 'operator' } as const] : []),
        { statementId, action: 'locked', from: 'approved', to: 'locked' } as const,
      ]),
    )
    const locked = statements.map((statement): StatementRow => ({ ...statement, ...change }))
    for (const statement of locked) emitSettlement(tx, 'statement.locked', statement.id, statementEvent(statement))
    return locked
  }
}
