import { type Emit, emit } from '../kernel/index.js'
import type { StatementRow } from './settlement.entity.js'
import type { StatementSide } from './statement.js'

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
  /** By whoever had to, or, where the party did not answer in time, by its silence. */
  'statement.approved': StatementEvent
  'statement.disputed': StatementEvent & { readonly by: StatementSide; readonly reason: string }
  'statement.dispute_resolved': {
    readonly statementId: string
    readonly resolution: 'withdrawn' | 'rejected' | 'adjusted' | 'redrawn'
    readonly reason: string
    /** The statement that was drawn in its place. */
    readonly replacedBy: string | null
  }
  /** What stood in it stands in the next. */
  'statement.discarded': StatementEvent & { readonly reason: string }
  'statement.locked': StatementEvent
  'payout.requested': PayoutEvent
  'payout.paid': PayoutEvent
  'payout.failed': PayoutEvent
  'payout.returned': PayoutEvent
  /** Another account, or none any more: who looks after fraud looks here. */
  'payout_account.changed': { readonly party: string; readonly by: string }
}

export const emitSettlement: Emit<SettlementEvents> = emit

export function statementEvent({ id: statementId, party, currency, payable }: StatementRow): StatementEvent {
  return { statementId, party, currency, payable }
}
