import * as z from 'zod'
import { type Caller, id, reason, type Tx } from '../kernel/index.js'
import { accountTable } from '../ledger/index.js'
import { lockStatement, refuseStranger, type StatementDeps } from './approve-statement.js'
import { statementNotFound } from './errors.js'
import { emitSettlement, statementEvent } from './events.js'
import { recordSteps } from './record-steps.js'
import { type StatementRow, statementItemTable, statementLineTable, statementTable } from './settlement.entity.js'
import type { StatementState } from './statement.js'

export interface DiscardStatementInput {
  readonly statementId: string
  /** Kept in the statement's trail, up to 500 characters. */
  readonly reason: string
}

export const discardStatementInput: z.ZodType<DiscardStatementInput> = z.strictObject({ statementId: id, reason })

/** Locks a statement that is to be taken away, its party's account first, as whoever draws one does. @throws statement.not_found, statement.wrong_state */
export async function lockToRemove(tx: Tx, statementId: string, states: readonly StatementState[]): Promise<StatementRow> {
  const found = await tx.findOne(statementTable, { id: statementId })
  if (!found) throw statementNotFound({ statementId })
  await tx.lock(accountTable, { party: found.party, purpose: 'available', commodity: found.currency })
  return lockStatement(tx, statementId, states)
}

/** Takes a statement away that nobody was paid from: what stood in it stands in the next one. */
export async function removeStatement(tx: Tx, statementId: string): Promise<void> {
  await tx.remove(statementItemTable, { statementId })
  await tx.remove(statementLineTable, { statementId })
  await tx.remove(statementTable, { id: statementId })
}

/**
 * Withdraws a draft, also one that is disputed: what stood in it stands in the next statement. Its trail stays.
 * @throws statement.not_found, statement.wrong_state, statement.not_permitted
 */
export function discardStatement({ kernel: { ids } }: StatementDeps) {
  return async (tx: Tx, { statementId, reason: why }: DiscardStatementInput, caller: Caller): Promise<void> => {
    const statement = await lockToRemove(tx, statementId, ['draft', 'disputed'])
    refuseStranger(caller.actor, statement, 'operator')
    await removeStatement(tx, statementId)
    await recordSteps(tx, ids, caller.by, [
      { statementId, action: 'discarded', from: statement.state, to: null, side: 'operator', reason: why },
    ])
    emitSettlement(tx, 'statement.discarded', statementId, { ...statementEvent(statement), reason: why })
  }
}
