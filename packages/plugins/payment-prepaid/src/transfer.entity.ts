import { column, defineTable, nullable, type Table } from '@entrepot/core'
import type { PrepaidTransfer } from './transfer.js'

/** A transfer is stored as it is shown. */
export type PrepaidTransferRow = { -readonly [Key in keyof PrepaidTransfer]: PrepaidTransfer[Key] }

export const prepaidTransferTable: Table<PrepaidTransferRow> = defineTable<PrepaidTransferRow>({
  name: 'prepaid_transfer',
  primaryKey: ['id'],
  appendOnly: true,
  columns: {
    id: column.id(),
    type: column.string<PrepaidTransfer['type']>(12),
    customerId: column.id(),
    amount: column.amount(),
    currency: column.string(3),
    counterparty: column.string(40),
    reference: nullable(column.string(160)),
    by: column.string(120),
    at: column.time(),
  },
  checks: { prepaid_transfer_positive: 'amount > 0' },
  // Empty references are not equal to each other.
  indexes: [{ name: 'prepaid_transfer_reference', columns: ['type', 'counterparty', 'reference'], unique: true }],
})
