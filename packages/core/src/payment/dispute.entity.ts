import { column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { DisputeStatus } from '../ports/index.js'
import type { Dispute } from './dispute.js'

export interface DisputeRow {
  id: string
  provider: string
  disputeRef: string
  paymentId: string | null
  reference: string
  currency: string
  amount: number
  /** The part of the amount that stands in the payment's `disputed`. */
  counted: number
  excess: number
  fee: number
  status: DisputeStatus
  reason: string | null
  /** When the sweeper asks the provider; null where there is nobody to ask, or nothing more to hear. */
  nextCheckAt: string | null
  openedAt: string
  settledAt: string | null
}

export const disputeTable: Table<DisputeRow> = defineTable<DisputeRow>({
  name: 'payment_dispute',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    provider: column.string(40),
    disputeRef: column.string(160),
    paymentId: nullable(column.id()),
    reference: column.id(),
    currency: column.string(3),
    amount: column.amount(),
    counted: column.amount(),
    excess: column.amount(),
    fee: column.amount(),
    status: column.string<DisputeStatus>(8),
    reason: nullable(column.string(200)),
    nextCheckAt: nullable(column.time()),
    openedAt: column.time(),
    settledAt: nullable(column.time()),
  },
  indexes: [
    // However often, by whom and in whatever order it is reported: one dispute.
    { name: 'payment_dispute_once', columns: ['provider', 'disputeRef'], unique: true },
    { name: 'payment_dispute_payment', columns: ['paymentId'] },
    { name: 'payment_dispute_reference', columns: ['reference'] },
    { name: 'payment_dispute_status', columns: ['status', 'id'] },
    { name: 'payment_dispute_next_check', columns: ['nextCheckAt'] },
  ],
  checks: { payment_dispute_amounts: 'amount > 0 AND counted >= 0 AND excess >= 0 AND excess <= amount AND fee >= 0' },
})

export function toDispute({ counted: _counted, nextCheckAt: _nextCheckAt, ...dispute }: DisputeRow): Dispute {
  return dispute
}
