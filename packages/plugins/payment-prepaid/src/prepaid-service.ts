import type { Call } from '@entrepot/core'
import type { PrepaidContext } from './context.js'
import { type BalanceInput, type HistoryInput, type PrepaidBalance, type PrepaidEntry, readBalance, readHistory } from './read-balance.js'
import { type PrepaidTransfer, type TopUpInput, topUpSchema, type WithdrawInput, withdrawSchema } from './transfer.js'
import { topUp, withdraw } from './transfer-money.js'

/** What `commerce.prepaid` is. Money is topped up and withdrawn by trusted host code and operators, who know that it came and went. */
export interface Prepaid {
  /**
   * Books money that a customer has paid in. The same `reference` of a source is booked once for ever, and answers with the first transfer.
   * @throws customer.not_found, prepaid.reference_taken
   */
  topUp(input: TopUpInput, call?: Call): Promise<PrepaidTransfer>
  /** Books money that is paid out to a customer; once per `reference` of a destination. @throws customer.not_found, balance.insufficient, prepaid.reference_taken */
  withdraw(input: WithdrawInput, call?: Call): Promise<PrepaidTransfer>
  /** By currency; empty for a customer who never had a balance. @throws customer.not_found */
  balance(input: BalanceInput, call?: Call): Promise<readonly PrepaidBalance[]>
  /** What moved on the balance, oldest first. @throws customer.not_found, time.invalid */
  history(input: HistoryInput, call?: Call): Promise<readonly PrepaidEntry[]>
}

export function createPrepaid(context: PrepaidContext): Prepaid {
  const { command, commerce, options } = context
  return {
    topUp: command('topUp', topUpSchema(options.currencies), topUp(context)),
    withdraw: command('withdraw', withdrawSchema, withdraw(context)),
    // The rooms that are read check the input.
    balance: readBalance(commerce),
    history: readHistory(commerce),
  }
}
