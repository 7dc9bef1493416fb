import * as z from 'zod'
import type { CommissionHooks } from '../commission/index.js'
import type { FulfilmentHooks } from '../fulfilment/index.js'
import { type Call, id, type Kernel, type Page, type Reader, type Timestamp, type Tx, time } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import { currency, type Rounding } from '../money/index.js'
import type { OrderHooks } from '../order/index.js'
import type { PayoutProvider } from '../ports/index.js'
import type { Suppliers } from '../supplier/index.js'
import { type AdjustInput, adjust, adjustInput, party, type WriteOffInput, writeOff, writeOffInput } from './adjust.js'
import { type ApproveStatementInput, approveStatement, approveStatementInput, lockStatement, refuseStranger } from './approve-statement.js'
import { awaitApprovals } from './await-approvals.js'
import { scheduleCycles } from './cycle.js'
import { type DiscardStatementInput, discardStatement, discardStatementInput } from './discard-statement.js'
import { type DisputeStatementInput, disputeStatement, disputeStatementInput } from './dispute-statement.js'
import { drawStatements, type StatementOwner } from './draw-statement.js'
import { statementNotFound } from './errors.js'
import { emitSettlement, statementEvent } from './events.js'
import { awaitAgain, givenBack, givenUp, holdCaptured, startHold, takenBack } from './hold.js'
import { lockStatements } from './lock-statements.js'
import { createPayouts, type PayoutResult } from './payout.js'
import type { PayoutAccount } from './payout-account.js'
import { createPolicies, type SettlementOptions, settlementOptions } from './policy.js'
import {
  type Claims,
  type Payout,
  readClaims,
  readHistory,
  readPayouts,
  readStatement,
  readStatements,
  type Statement,
  toPayout,
} from './read-settlement.js'
import { createReleases } from './release.js'
import { keepReserves } from './reserve.js'
import { type ResolveDisputeInput, resolveDispute, resolveDisputeInput } from './resolve-dispute.js'
import { createRuns, type RunInput, runInput, type SettlementRun } from './run.js'
import {
  erasePayoutAccount,
  payoutAccountInput,
  payoutAccountsInput,
  readPayoutAccounts,
  type SetPayoutAccountInput,
  setPayoutAccount,
} from './set-payout-account.js'
import { settleInCycle } from './settle-in-cycle.js'
import { type StatementRow, statementTable } from './settlement.entity.js'
import { readStatementJournals, type StatementJournalsInput, type StatementTransfer, statementJournalsInput } from './statement-journals.js'
import type { StatementTrailEntry } from './statement-trail.js'
import { type WithdrawInput, withdraw, withdrawInput } from './withdraw.js'

/** Whose statement, up to when. */
export interface DrawInput {
  /** `supplier:sup_…`, `distributor:…` */
  readonly party: string
  readonly currency: string
  /** What is effective at this moment is included. @default now */
  readonly until?: Timestamp | undefined
}

export interface SettlementService {
  /** What a party is owed and has been paid, by currency; from the books. */
  balances(input: { readonly party: string }, call?: Call): Promise<readonly Claims[]>
  /** Draws a statement; null where nothing moved and nothing is payable. @throws statement.open, statement.in_future, statement.until_stated */
  draw(input: DrawInput, call?: Call): Promise<Statement | null>
  /** `approveStatement` for the operator. @throws statement.not_found, statement.wrong_state, statement.not_permitted */
  approve(input: { readonly statementId: string }, call?: Call): Promise<Statement>
  /**
   * Approves a statement for the operator or for its party; again, it changes nothing. With the last approval that the option `approval` asks for, it is approved
   * and is locked, and paid, within a minute; where none is asked for, either's will do, and `lock` comes by hand.
   * @throws statement.not_found, statement.wrong_state, statement.not_permitted
   */
  approveStatement(input: ApproveStatementInput, call?: Call): Promise<Statement>
  /**
   * Disputes a statement that is not locked, or lines of it: nothing is paid from it until the dispute is resolved.
   * @throws statement.not_found, statement.wrong_state, statement.not_permitted, statement.line_unknown
   */
  disputeStatement(input: DisputeStatementInput, call?: Call): Promise<Statement>
  /**
   * Ends a dispute: it is withdrawn or rejected, or put right by an adjustment in the next statement, or by drawing this one anew under another id.
   * @returns the statement, or the one that was drawn in its place; null where nothing was left to be stated
   * @throws statement.not_found, statement.wrong_state, statement.not_permitted, statement.dispute_not_yours
   */
  resolveDispute(input: ResolveDisputeInput, call?: Call): Promise<Statement | null>
  /**
   * Withdraws a draft, also one that is disputed; what stood in it stands in the next. Its history stays.
   * @throws statement.not_found, statement.wrong_state, statement.not_permitted
   */
  discardStatement(input: DiscardStatementInput, call?: Call): Promise<void>
  /** Who did what with a statement, when and why, first to last; also of one that was discarded. @throws statement.not_found */
  statementHistory(input: { readonly statementId: string }, call?: Call): Promise<readonly StatementTrailEntry[]>
  /**
   * The transfers behind a statement, or behind one of its lines, page by page, each with the journal that it is in: their amounts add up to the line's. What a statement
   * pays is booked when it is locked. @throws statement.not_found
   */
  statementJournals(input: StatementJournalsInput, call?: Call): Promise<Page<StatementTransfer>>
  /** Locks an approved statement and asks for its payout. @throws statement.not_found, statement.wrong_state, statement.not_permitted */
  lock(input: { readonly statementId: string }, call?: Call): Promise<Statement>
  /** Draws, approves and locks in one: what a cycle does. Where an approval is asked for, it locks what has it, and leaves the rest as it is. @throws statement.open, statement.in_future, statement.until_stated */
  settle(input: DrawInput, call?: Call): Promise<Statement | null>
  /**
   * Settles all parties, whatever their cycle, page by page; how far it has come is kept in the database, so that a run which was broken off goes on where it
   * stopped. A run that is finished is answered by its result. @throws statement.in_future
   */
  run(input?: RunInput, call?: Call): Promise<SettlementRun>
  statement(input: { readonly statementId: string }, call?: Call): Promise<Statement>
  /** A party's statements, newest first. */
  statements(
    input: { readonly party?: string | undefined; readonly limit?: number | undefined },
    call?: Call,
  ): Promise<readonly Statement[]>
  /** Newest first. */
  payouts(
    input: {
      readonly party?: string | undefined
      readonly status?: Payout['status'] | undefined
      /** Only these, up to 1000. */
      readonly payoutIds?: readonly string[] | undefined
      /** @default 50, or as many as `payoutIds` names */
      readonly limit?: number | undefined
    },
    call?: Call,
  ): Promise<readonly Payout[]>
  /** Says where a party is paid from now on. @throws settlement.supplier_unknown */
  setPayoutAccount(input: SetPayoutAccountInput, call?: Call): Promise<PayoutAccount>
  /** Where parties are paid, up to 1000; who has no account is missing. Personal data. */
  payoutAccounts(input: { readonly parties: readonly string[] }, call?: Call): Promise<readonly PayoutAccount[]>
  /** Forgets where a party was paid. */
  erasePayoutAccount(input: { readonly party: string }, call?: Call): Promise<void>
  /** Writes down what became of a payout: by an operator, or by a provider's report. @throws payout.not_found, payout.wrong_state */
  reportPayout(
    input: { readonly payoutId: string; readonly result: PayoutResult; readonly failure?: string | undefined },
    call?: Call,
  ): Promise<Payout>
  /** Pays a party out of its available balance at its own request; the fee goes to the platform. @throws balance.insufficient, settlement.withdrawal_too_small */
  withdraw(input: WithdrawInput, call?: Call): Promise<Payout>
  /** Moves an amount to a party (or, negative, from it); the platform is the other side. @throws settlement.supplier_unknown */
  adjust(input: AdjustInput, call?: Call): Promise<void>
  /** Writes a negative balance off to bad debt. @throws settlement.nothing_to_write_off */
  writeOff(input: WriteOffInput, call?: Call): Promise<void>
}

export interface Settlement {
  readonly service: SettlementService
}

export interface SettlementDeps {
  readonly kernel: Kernel
  readonly ledger: Ledger
  readonly suppliers: Pick<Suppliers, 'contracts' | 'find'>
  readonly adapters: { readonly payouts: readonly PayoutProvider[] }
  readonly options?: SettlementOptions | undefined
  /** How a reserve is rounded. @default 'half-up' */
  readonly rounding?: Rounding | undefined
}

const drawInput = z.strictObject({
  party,
  currency,
  until: time.optional(),
})
const statementInput = z.strictObject({ statementId: id })
const limit = z.int().min(1).max(200).default(50)

export function createSettlement({ kernel, ledger, suppliers, adapters, options = {}, rounding = 'half-up' }: SettlementDeps): Settlement {
  const plan = settlementOptions.parse(options)
  const { timezone, withdrawalFeePercent, withholding, approval, approvalDays, payoutProvider } = plan
  const { holdDays, threshold, cycle, roundTo, reserve } = plan
  const policies = createPolicies({ holdDays, threshold, cycle, roundTo, reserve }, suppliers)
  const releases = createReleases({ kernel, ledger, policies, rounding })
  const payouts = createPayouts({ kernel, ledger, adapters, provider: payoutProvider })
  const drawNew = drawStatements({ kernel, releases, withholding, approval, approvalDays })
  kernel.hooks<FulfilmentHooks>().join('fulfilment.delivered', (input, tx: Tx) => startHold(tx, policies, input.lines, { arrived: true }))
  const reserves = keepReserves({ kernel, ledger, policies, rounding })
  const claims = kernel.hooks<CommissionHooks>()
  // A refund just after the end of a hold finds the claim available, and its reserve withheld, whether or not the job has run.
  claims.join('commission.booking', ({ lineIds }, tx: Tx) => releases.all(tx, { until: tx.now, lineIds }))
  claims.join('commission.booked', (input, tx: Tx) => reserves(tx, input.movements))
  // Joined after the commission room, whose claims these are.
  const orders = kernel.hooks<OrderHooks>()
  orders.join('order.captured', (input, tx: Tx) => holdCaptured(tx, policies, input.orders))
  orders.join('order.refunding', (input, tx: Tx) => startHold(tx, policies, givenBack(input.orders)))
  orders.join('order.charged_back', (input, tx: Tx) => startHold(tx, policies, takenBack(input.orders)))
  orders.join('order.chargeback_won', (input, tx: Tx) => awaitAgain(tx, input.orders))
  orders.join('order.canceled', (input, tx: Tx) => startHold(tx, policies, givenUp(input.orders, tx.now)))

  const drawAll = async (tx: Tx, until: Timestamp, owners: readonly StatementOwner[], by: string): Promise<readonly StatementRow[]> => {
    const policyOf = await policies(
      tx,
      owners.map((owner) => owner.party),
      until,
    )
    const draws = owners.map(({ party: of, currency: commodity }) => ({ party: of, currency: commodity, policy: policyOf(of) }))
    const statements = await drawNew(tx, { until, draws, by })
    for (const statement of statements) {
      if (statement.state === 'draft') emitSettlement(tx, 'statement.drawn', statement.id, statementEvent(statement))
    }
    return statements
  }
  const draw = async (tx: Tx, { until = tx.now, ...owner }: DrawInput, by: string): Promise<StatementRow | undefined> =>
    (await drawAll(tx, until, [owner], by))[0]
  const lock = lockStatements({ kernel, payouts })
  const settle = async (tx: Tx, input: DrawInput, by: string): Promise<StatementRow | undefined> => {
    const statement = await draw(tx, input, by)
    if (statement?.state === 'approved' || (statement?.state === 'draft' && statement.approvalNeeded === null))
      return (await lock(tx, [statement.id], statement.state, by))[0]
    return statement
  }
  const settler = settleInCycle(kernel, async (tx, owners, until) => {
    // A draft that somebody drew up to this very moment is theirs to approve.
    const drawn = (await drawAll(tx, until, owners, 'system')).filter(({ state, drawnAt }) => state === 'draft' && drawnAt === tx.now)
    const free = drawn.filter(({ approvalNeeded }) => approvalNeeded === null)
    await lock(
      tx,
      free.map(({ id: statementId }) => statementId),
      'draft',
      'system',
    )
    return drawn.length
  })
  const runs = createRuns({ kernel, ledger, policies, releases, settler })
  scheduleCycles({ kernel, releases, policies, timezone, runs, approvals: awaitApprovals(kernel, lock) })
  const approve = approveStatement({ kernel })
  const dispute = disputeStatement({ kernel })
  const resolve = resolveDispute({ kernel, ledger, approvalDays, draw })

  const withdrawNow = withdraw({ ledger, releases, policies, payouts, withholding, feePercent: withdrawalFeePercent, rounding })

  const { command, process, query } = kernel.useCases
  const run = process('settlement.run', runInput, (input) => runs.all(input))
  const full = async (reader: Reader, row: StatementRow | undefined): Promise<Statement | null> => (row ? readStatement(reader, row) : null)
  return {
    service: {
      balances: query('settlement.balances', z.strictObject({ party }), (reader, input) =>
        readClaims(reader, { ledger, policies, rounding }, input.party),
      ),
      draw: command('settlement.draw', drawInput, async (tx, input, caller) => full(tx, await draw(tx, input, caller.by))),
      approve: command('settlement.approve', statementInput, async (tx, input, caller) =>
        readStatement(tx, await approve(tx, { ...input, by: 'operator' }, caller)),
      ),
      approveStatement: command('settlement.approveStatement', approveStatementInput, async (tx, input, caller) =>
        readStatement(tx, await approve(tx, input, caller)),
      ),
      disputeStatement: command('settlement.disputeStatement', disputeStatementInput, async (tx, input, caller) =>
        readStatement(tx, await dispute(tx, input, caller)),
      ),
      resolveDispute: command('settlement.resolveDispute', resolveDisputeInput, async (tx, input, caller) =>
        full(tx, await resolve(tx, input, caller)),
      ),
      discardStatement: command('settlement.discardStatement', discardStatementInput, discardStatement({ kernel })),
      statementHistory: query('settlement.statementHistory', statementInput, readHistory),
      statementJournals: query('settlement.statementJournals', statementJournalsInput, readStatementJournals),
      lock: command('settlement.lock', statementInput, async (tx, { statementId }, { actor, by }) => {
        const statement = await lockStatement(tx, statementId, ['approved'])
        refuseStranger(actor, statement, 'operator')
        const [locked = statement] = await lock(tx, [statementId], 'approved', by)
        return readStatement(tx, locked)
      }),
      settle: command('settlement.settle', drawInput, async (tx, input, caller) => full(tx, await settle(tx, input, caller.by))),
      run: (input = {}, call) => run(input, call),
      statement: query('settlement.statement', statementInput, async (reader, { statementId }) => {
        const row = await reader.findOne(statementTable, { id: statementId })
        if (!row) throw statementNotFound({ statementId })
        return readStatement(reader, row)
      }),
      statements: query('settlement.statements', z.strictObject({ party: party.optional(), limit }), readStatements),
      payouts: query(
        'settlement.payouts',
        z.strictObject({
          party: party.optional(),
          status: z.enum(['requested', 'submitted', 'paid', 'failed', 'returned']).optional(),
          payoutIds: z.array(id).max(1000).optional(),
          limit: z.int().min(1).max(1000).optional(),
        }),
        readPayouts,
      ),
      setPayoutAccount: command('settlement.setPayoutAccount', payoutAccountInput, setPayoutAccount({ suppliers })),
      payoutAccounts: query('settlement.payoutAccounts', payoutAccountsInput, readPayoutAccounts),
      erasePayoutAccount: command('settlement.erasePayoutAccount', z.strictObject({ party }), erasePayoutAccount),
      reportPayout: command(
        'settlement.reportPayout',
        z.strictObject({ payoutId: id, result: z.enum(['paid', 'failed', 'returned']), failure: z.string().max(500).optional() }),
        async (tx, input) => toPayout(await payouts.report(tx, input)),
      ),
      withdraw: command('settlement.withdraw', withdrawInput, async (tx, input) => toPayout(await withdrawNow(tx, input))),
      adjust: command('settlement.adjust', adjustInput, adjust({ kernel, ledger, suppliers })),
      writeOff: command('settlement.writeOff', writeOffInput, writeOff({ kernel, ledger, releases })),
    },
  }
}
