import * as z from 'zod'
import type { Tx } from '../kernel/index.js'
import { accountPath, accountTable, insufficientBalance, type Ledger } from '../ledger/index.js'
import { currency, percent, percentage, percentOf, type Rounding, sumAmounts } from '../money/index.js'
import { party } from './adjust.js'
import { withdrawalTooSmall } from './errors.js'
import type { Payouts } from './payout.js'
import type { Policies } from './policy.js'
import type { Releases } from './release.js'
import { type PayoutRow, statementTable } from './settlement.entity.js'

export interface WithdrawInput {
  /** `supplier:sup_…`, `distributor:…` */
  readonly party: string
  readonly currency: string
  /** Minor units that leave the available balance; the fee comes out of them. */
  readonly amount: number
  /** In percent of the amount, where another fee than the platform's is agreed. @default the option `withdrawalFeePercent` */
  readonly feePercent?: number | undefined
}

export const withdrawInput: z.ZodType<WithdrawInput> = z.strictObject({
  party,
  currency,
  amount: z.int().positive(),
  feePercent: percent.optional(),
})

/** R1: what of an amount the platform keeps, and what is paid out: a multiple of what the rail takes. What is neither stays available. */
export function withdrawalOf(
  amount: number,
  feePercent: number,
  { roundTo, rounding }: { readonly roundTo: number; readonly rounding: Rounding },
): { readonly fee: number; readonly payout: number } {
  const fee = percentOf(amount, percentage(feePercent), rounding)
  const net = amount - fee
  return { fee, payout: net - (net % roundTo) }
}

export interface WithdrawDeps {
  readonly ledger: Pick<Ledger, 'balances'>
  readonly releases: Releases
  readonly policies: Policies
  readonly payouts: Pick<Payouts, 'withdraw'>
  readonly feePercent: number
  readonly rounding: Rounding
}

/**
 * Pays a party out of its available balance at its own request, before any statement: the fee goes to the platform, the rest is a payout. Both stand in the
 * party's next statement.
 * @throws balance.insufficient, settlement.withdrawal_too_small
 */
export function withdraw(deps: WithdrawDeps): (tx: Tx, input: WithdrawInput) => Promise<PayoutRow> {
  const { ledger, releases, policies, payouts, rounding } = deps
  return async (tx, { party: owner, currency: commodity, amount, feePercent = deps.feePercent }) => {
    await releases.all(tx, { until: tx.now, parties: [owner] })
    // Two withdrawals, or one and a statement, would each pay the same money.
    await tx.lock(accountTable, { party: owner, purpose: 'available', commodity })
    const accounts = await ledger.balances(tx, { party: owner, purpose: 'available', commodity, at: tx.now })
    // What an open statement says it will pay is no longer there to be withdrawn.
    const open = await tx.find(statementTable, { party: owner, currency: commodity, state: ['draft', 'approved'] })
    const left = sumAmounts([...accounts.map(({ balance }) => balance), ...open.map(({ payable }) => -payable)])
    if (left < amount) throw insufficientBalance({ accounts: [accountPath({ party: owner, purpose: 'available' }, commodity)] })
    const { roundTo } = (await policies(tx, [owner], tx.now))(owner)
    const { fee, payout } = withdrawalOf(amount, feePercent, { roundTo, rounding })
    if (payout === 0) throw withdrawalTooSmall({ party: owner, amount, fee, roundTo })
    return payouts.withdraw(tx, { party: owner, currency: commodity, amount: payout, fee })
  }
}
