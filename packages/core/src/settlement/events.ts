import { type Emit, emit } from '../kernel/index.js'

interface PayoutEvent {
  readonly payoutId: string
  readonly party: string
  /** Minor units. */
  readonly amount: number
  readonly currency: string
}

interface StatementEvent {
  readonly statementId: string
  readonly party: string
  readonly currency: string
  /** Minor units that it pays. */
  readonly payable: number
}

export interface SettlementEvents {
  'statement.drawn': StatementEvent
  'statement.locked': StatementEvent
  'payout.requested': PayoutEvent
  'payout.paid': PayoutEvent
  'payout.failed': PayoutEvent
  'payout.returned': PayoutEvent
  /** Another account, or none any more: who looks after fraud looks here. */
  'payout_account.changed': { readonly party: string; readonly by: string }
}

export const emitSettlement: Emit<SettlementEvents> = emit
