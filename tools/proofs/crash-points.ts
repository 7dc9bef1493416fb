/** Moments at which a process may die, by name. The statements and calls of a worker pass one by one; it dies before the last one named goes out. */
import type { CrashPoint } from './commands.js'

const into = (table: string): string => `^\\s*INSERT INTO \\S*entrepot_${table}\\W`
const change = (table: string): string => `^\\s*UPDATE \\S*entrepot_${table}\\W`
const commit = '^COMMIT'
const next = '.'

export const crashPoints: readonly CrashPoint[] = [
  { name: 'cart: before its lines are kept', steps: [into('cart_line')] },
  { name: 'place: before stock is taken', steps: [change('stock')] },
  { name: 'place: stock taken, no order yet', steps: [into('reservation'), next] },
  { name: 'place: order written, lines not', steps: [into('order_line')] },
  { name: 'place: before the commit', steps: [into('order_line'), commit] },
  { name: 'place: committed, nobody asked for money', steps: ['^before /payments/start'] },
  { name: 'pay: the provider has the money, we do not know', steps: ['^after /payments/start'] },
  { name: 'finalize: before the capture is written', steps: [into('payment_capture')] },
  { name: 'finalize: capture written, books not', steps: [into('payment_capture'), into('ledger_journal')] },
  { name: 'finalize: journal without transfers', steps: [into('payment_capture'), into('ledger_transfer')] },
  { name: 'finalize: before the commit', steps: [into('payment_capture'), commit] },
  { name: 'finalize: just after the commit', steps: [into('payment_capture'), commit, next] },
  { name: 'webhook: before it is kept', steps: [into('payment_webhook')] },
  { name: 'webhook: kept, not worked off', steps: [into('payment_webhook'), commit, next] },
  { name: 'capture: noted, provider not asked', steps: ['^before /payments/capture'] },
  { name: 'capture: done there, not here', steps: ['^after /payments/capture'] },
  { name: 'deliver: before the commit', steps: [into('shipment'), commit] },
  { name: 'refund: before the commit', steps: [into('order_refund'), commit] },
  { name: 'refund: booked, provider not asked', steps: ['^before /payments/refund'] },
  { name: 'refund: given there, not known here', steps: ['^after /payments/refund'] },
  { name: 'settle: statement without its items', steps: [into('settlement_statement_item')] },
  { name: 'settle: before the commit', steps: [into('settlement_statement_item'), commit] },
  { name: 'payout: asked for, not submitted', steps: ['^before /payouts/submit'] },
  { name: 'payout: paid there, not known here', steps: ['^after /payouts/submit'] },
  { name: 'events: told, not struck off', steps: ['^\\s*DELETE FROM \\S*entrepot_delivery\\W'] },
  { name: 'jobs: claimed, not run', steps: ['^\\s*UPDATE \\S*entrepot_job\\W.*lease_until', commit, next] },
]

/** Before the n-th statement or call from now, whichever it is. */
export function anyMoment(n: number): CrashPoint {
  return { name: 'any statement', steps: Array.from({ length: n }, () => next) }
}
