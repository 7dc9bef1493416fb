/**
 * A stored balance: money that customers have paid in, held in the books until they spend it.
 *
 * - A balance is two guarded accounts, `customer:<id>/prepaid` to spend and `customer:<id>/prepaid-held` for what is promised; neither falls below zero, whatever runs at once.
 * - What is spent leaves by `psp:prepaid/clearing`, out of which core books the sale, and comes back the same way; between payments that account stands at zero.
 * - Only the order's own customer pays with a balance, and a refund goes to the balance it was taken from.
 * - Every capture, void and refund happens once; a refusal is an answer and changes nothing.
 */
export type { PrepaidEvents } from './events.js'
export { type PrepaidOptions, prepaid } from './plugin.js'
export type { Prepaid } from './prepaid-service.js'
export type { BalanceInput, HistoryInput, PrepaidBalance, PrepaidEntry } from './read-balance.js'
export type { PrepaidTransfer, TopUpInput, WithdrawInput } from './transfer.js'
