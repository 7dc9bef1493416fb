import * as z from 'zod'
import type { Tx } from '../kernel/index.js'
import { accountPath, accountTable, insufficientBalance, type Ledger } from '../ledger/index.js'
import { currency, percent, percentage, percentOf, type Rounding, sumAmounts } from '../money/index.js'
import { party } from './adjust.js'
import { withdrawalTooSmall } from './errors.js'
import type { Payouts, Withdrawal } from './payout.js'
import type { Policies } from './policy.js'
import type { Releases } from './release.js'
import { type PayoutRow, statementTable } from './settlement.entity.js'
import { netOfTax, type Withholding, withholdingFor } from './withholding.js'

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

/** How an amount is withdrawn. */
export interface WithdrawalTerms {
  readonly feePercent: number
  readonly rounding: Rounding
  /** The rail takes only multiples of it. */
  readonly roundTo: number
  readonly withholding: Withholding | undefined
}

/** R1: what of an amount the platform keeps, what of the rest is withheld, and what is paid out. What is none of them, for the rail's sake, stays available. */
export function withdrawalOf(
  { party, currency, amount }: WithdrawInput,
  { feePercent, rounding, roundTo, withholding }: WithdrawalTerms,
): Withdrawal {
  const fee = percentOf(amount, percentage(feePercent), rounding)
  const { gross, withheld, rule } = netOfTax({ party, currency, gross: amount - fee }, withholding, roundTo)
  return { party, currency, amount: gross - withheld, fee, withheld, withholdingRule: rule }
}

export interface WithdrawDeps {
  readonly ledger: Pick<Ledger, 'balances'>
  readonly releases: Releases
  readonly policies: Policies
  readonly payouts: Pick<Payouts, 'withdraw'>
  readonly withholding: readonly Withholding[]
  readonly feePercent: number
  readonly rounding: Rounding
}

/**
 * Pays a party out of its available balance at its own request, before any statement: the fee goes to the platform, the rest is a payout. Both stand in the
 * party's next statement.
 * @throws balance.insufficient, settlement.withdrawal_too_small, withholding.invalid
 */
export function withdraw(deps: WithdrawDeps): (tx: Tx, input: WithdrawInput) => Promise<PayoutRow> {
  const { ledger, releases, policies, payouts, rounding } = deps
  return async (tx, input) => {
    const { party: owner, currency: commodity, amount, feePercent = deps.feePercent } = input
    await releases.all(tx, { until: tx.now, parties: [owner] })
    // Two withdrawals, or one and a statement, would each pay the same money.
    await tx.lock(accountTable, { party: owner, purpose: 'available', commodity })
    const accounts = await ledger.balances(tx, { party: owner, purpose: 'available', commodity, at: tx.now })
    // What an open statement says it will pay is no longer there to be withdrawn.
    const open = await tx.find(statementTable, { party: owner, currency: commodity, state: ['draft', 'approved', 'disputed'] })
    const left = sumAmounts([...accounts.map(({ balance }) => balance), ...open.map(({ payable }) => -payable)])
    if (left < amount) throw insufficientBalance({ accounts: [accountPath({ party: owner, purpose: 'available' }, commodity)] })
    const { roundTo } = (await policies(tx, [owner], tx.now))(owner)
    const withdrawal = withdrawalOf(input, { feePercent, rounding, roundTo, withholding: withholdingFor(deps.withholding, input, tx.now) })
    if (withdrawal.amount === 0) throw withdrawalTooSmall({ party: owner, amount, fee: withdrawal.fee, roundTo })
    return payouts.withdraw(tx, withdrawal)
  }
}
