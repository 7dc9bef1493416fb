import * as z from 'zod'
import type { CommissionHooks } from '../commission/index.js'
import type { FulfilmentHooks } from '../fulfilment/index.js'
import { type Call, id, type Kernel, type Reader, type Timestamp, type Tx, time } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import { currency, type Rounding } from '../money/index.js'
import type { OrderHooks } from '../order/index.js'
import type { PayoutProvider } from '../ports/index.js'
import type { Suppliers } from '../supplier/index.js'
import { type AdjustInput, adjust, adjustInput, party, type WriteOffInput, writeOff, writeOffInput } from './adjust.js'
import { scheduleCycles } from './cycle.js'
import { drawStatements, type StatementOwner } from './draw-statement.js'
import { statementNotFound, statementState } from './errors.js'
import { emitSettlement } from './events.js'
import { awaitAgain, givenBack, givenUp, holdCaptured, startHold, takenBack } from './hold.js'
import { createPayouts, type PayoutResult } from './payout.js'
import type { PayoutAccount } from './payout-account.js'
import { createPolicies, type SettlementOptions, settlementOptions } from './policy.js'
import {
  type Claims,
  type Payout,
  readClaims,
  readPayouts,
  readStatement,
  readStatements,
  type Statement,
  toPayout,
} from './read-settlement.js'
import { createReleases } from './release.js'
import { keepReserves } from './reserve.js'
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
  /** Approves a draft. @throws statement.not_found, statement.wrong_state */
  approve(input: { readonly statementId: string }, call?: Call): Promise<Statement>
  /** Locks an approved statement and asks for its payout. @throws statement.not_found, statement.wrong_state */
  lock(input: { readonly statementId: string }, call?: Call): Promise<Statement>
  /** Draws, approves and locks in one: what a cycle does. @throws statement.open, statement.in_future, statement.until_stated */
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
  const { holdDays, threshold, cycle, roundTo, reserve, timezone, withdrawalFeePercent, withholding, payoutProvider } =
    settlementOptions.parse(options)
  const policies = createPolicies({ holdDays, threshold, cycle, roundTo, reserve }, suppliers)
  const releases = createReleases({ kernel, ledger, policies, rounding })
  const payouts = createPayouts({ kernel, ledger, adapters, provider: payoutProvider })
  const drawNew = drawStatements(kernel, releases, withholding)
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

  const drawAll = async (tx: Tx, until: Timestamp, owners: readonly StatementOwner[]): Promise<readonly StatementRow[]> => {
    const policyOf = await policies(
      tx,
      owners.map((owner) => owner.party),
      until,
    )
    const draws = owners.map(({ party: of, currency: commodity }) => ({ party: of, currency: commodity, policy: policyOf(of) }))
    const statements = await drawNew(tx, { until, draws })
    for (const statement of statements) {
      if (statement.state === 'draft') emitSettlement(tx, 'statement.drawn', statement.id, eventOf(statement))
    }
    return statements
  }
  const draw = async (tx: Tx, { until = tx.now, ...owner }: DrawInput): Promise<StatementRow | undefined> =>
    (await drawAll(tx, until, [owner]))[0]
  const move = async (tx: Tx, statementId: string, needed: StatementRow['state'], change: Partial<StatementRow>): Promise<StatementRow> => {
    const [statement] = await tx.lock(statementTable, { id: statementId })
    if (!statement) throw statementNotFound({ statementId })
    if (statement.state !== needed) throw statementState({ statementId, state: statement.state, needed })
    await tx.update(statementTable, change, { id: statementId })
    return { ...statement, ...change }
  }
  const approve = (tx: Tx, statementId: string, by: string): Promise<StatementRow> =>
    move(tx, statementId, 'draft', { state: 'approved', approvedAt: tx.now, approvedBy: by })
  const lock = async (tx: Tx, statementId: string): Promise<StatementRow> => {
    const statement = await move(tx, statementId, 'approved', { state: 'locked', lockedAt: tx.now })
    await payouts.request(tx, [statement])
    emitSettlement(tx, 'statement.locked', statementId, eventOf(statement))
    return statement
  }
  /** Approves and locks drafts in one. */
  const lockAll = async (tx: Tx, drafts: readonly StatementRow[], by: string): Promise<readonly StatementRow[]> => {
    if (drafts.length === 0) return []
    const change = { state: 'locked', approvedAt: tx.now, approvedBy: by, lockedAt: tx.now } as const
    const moved = await tx.update(statementTable, change, { id: drafts.map(({ id: draft }) => draft), state: 'draft' })
    // Only a draft that was there before, of the same moment, can have been approved in between.
    if (moved !== drafts.length) throw statementState({ statementId: drafts[0]?.id ?? '', state: 'approved', needed: 'draft' })
    const locked = drafts.map((draft): StatementRow => ({ ...draft, ...change }))
    await payouts.request(tx, locked)
    for (const statement of locked) emitSettlement(tx, 'statement.locked', statement.id, eventOf(statement))
    return locked
  }
  const settle = async (tx: Tx, input: DrawInput, by: string): Promise<StatementRow | undefined> => {
    const statement = await draw(tx, input)
    if (statement?.state === 'approved') return lock(tx, statement.id)
    return statement?.state === 'draft' ? (await lockAll(tx, [statement], by))[0] : statement
  }
  const settler = settleInCycle(kernel, async (tx, owners, until) => {
    // A draft that somebody drew up to this very moment is theirs to approve.
    const drawn = (await drawAll(tx, until, owners)).filter(({ state, drawnAt }) => state === 'draft' && drawnAt === tx.now)
    return (await lockAll(tx, drawn, 'system')).length
  })
  const runs = createRuns({ kernel, ledger, policies, releases, settler })
  scheduleCycles({ kernel, releases, policies, timezone, runs })

  const withdrawNow = withdraw({ ledger, releases, policies, payouts, withholding, feePercent: withdrawalFeePercent, rounding })

  const { command, process, query } = kernel.useCases
  const run = process('settlement.run', runInput, (input) => runs.all(input))
  const full = async (reader: Reader, row: StatementRow | undefined): Promise<Statement | null> => (row ? readStatement(reader, row) : null)
  return {
    service: {
      balances: query('settlement.balances', z.strictObject({ party }), (reader, input) =>
        readClaims(reader, { ledger, policies, rounding }, input.party),
      ),
      draw: command('settlement.draw', drawInput, async (tx, input) => full(tx, await draw(tx, input))),
      approve: command('settlement.approve', statementInput, async (tx, input, caller) =>
        readStatement(tx, await approve(tx, input.statementId, caller.by)),
      ),
      lock: command('settlement.lock', statementInput, async (tx, input) => readStatement(tx, await lock(tx, input.statementId))),
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

function eventOf({ id: statementId, party: owner, currency: commodity, payable }: StatementRow): {
  statementId: string
  party: string
  currency: string
  payable: number
} {
  return { statementId, party: owner, currency: commodity, payable }
}
