import type { IdGenerator, Tx } from '../kernel/index.js'
import { type StatementTrailRow, statementTrailTable } from './settlement.entity.js'
import type { StatementStep, StatementTrailEntry } from './statement-trail.js'

/** Writes to the trail who did what, and when, by one statement. */
export async function recordSteps(tx: Tx, ids: IdGenerator, by: string, steps: readonly StatementStep[]): Promise<void> {
  await tx.insert(
    statementTrailTable,
    steps.map(({ statementId, action, from, to, side = null, subjectId = null, lines = [], reason = null }) => ({
      id: ids('sth'),
      statementId,
      action,
      fromState: from,
      toState: to,
      side,
      subjectId,
      lines,
      reason,
      by,
      at: tx.now,
    })),
  )
}

export function toTrailEntry({ fromState, toState, ...row }: StatementTrailRow): StatementTrailEntry {
  return { ...row, from: fromState, to: toState }
}
