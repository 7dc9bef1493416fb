/**
 * From claims to money: hold, release, statement, payout.
 *
 * - A claim becomes available at the end of its hold, to the millisecond; what is available is stated; what is stated and locked is paid.
 * - Every transfer on a party's available account stands in exactly one statement of that party.
 * - Opening plus lines equals closing, and equals the next one's opening. A locked statement never changes, and neither do its lines: the database refuses it.
 * - Nothing is paid from a statement that lacks an approval that it was drawn to wait for, or that is disputed.
 * - A payout is submitted under one id and never twice; what comes back is available again, and the next attempt has another id.
 */
export type { AdjustInput, WriteOffInput } from './adjust.js'
export type { ApproveStatementInput } from './approve-statement.js'
export { cnLabourSingle } from './cn-labour-single.js'
export type { DiscardStatementInput } from './discard-statement.js'
export type { DisputeStatementInput } from './dispute-statement.js'
export type { SettlementEvents } from './events.js'
export { settlementMigrations } from './migrations.js'
export { manualPayouts, type PayoutResult } from './payout.js'
export type { PayoutAccount } from './payout-account.js'
export type { SettlementOptions } from './policy.js'
export type { Claims, Payout, Statement } from './read-settlement.js'
export type { ResolveDisputeInput } from './resolve-dispute.js'
export type { RunInput, SettlementProgress, SettlementRun } from './run.js'
export type { SetPayoutAccountInput } from './set-payout-account.js'
export { payoutTable, reserveTable, settlementTables, statementItemTable } from './settlement.entity.js'
export { createSettlement, type DrawInput, type Settlement, type SettlementDeps, type SettlementService } from './settlement-service.js'
export type { ApprovalNeeded, StatementLine, StatementLineKind, StatementSide, StatementState } from './statement.js'
export type { StatementJournalsInput, StatementTransfer } from './statement-journals.js'
export type { StatementAction, StatementTrailEntry } from './statement-trail.js'
export type { WithdrawInput } from './withdraw.js'
export type { TaxedPayout, Withholding } from './withholding.js'
