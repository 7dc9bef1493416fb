import { column, defineTable, nullable, type PaymentFailure, type Table } from '@entrepot/core'

export interface PrepaidPaymentRow {
  /** Core's id of the payment. */
  id: string
  /** Whose balance pays. */
  customerId: string
  orderId: string
  amount: number
  currency: string
  status: 'authorized' | 'captured' | 'voided' | 'failed'
  captured: number
  refunded: number
  failure: PaymentFailure | null
  startedAt: string
}

/** Payments as this provider knows them: what core is told when it asks. */
export const prepaidPaymentTable: Table<PrepaidPaymentRow> = defineTable<PrepaidPaymentRow>({
  name: 'prepaid_payment',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    customerId: column.id(),
    orderId: column.id(),
    amount: column.amount(),
    currency: column.string(3),
    status: column.string<PrepaidPaymentRow['status']>(12),
    captured: column.amount(),
    refunded: column.amount(),
    failure: nullable(column.json<PaymentFailure>()),
    startedAt: column.time(),
  },
  checks: {
    prepaid_payment_captured: 'captured >= 0 AND captured <= amount',
    prepaid_payment_refunded: 'refunded >= 0 AND refunded <= captured',
  },
})

export interface PrepaidOperationRow {
  paymentId: string
  /** Core's id of the capture or the refund: its idempotency key. */
  id: string
  type: 'capture' | 'refund'
  amount: number
  at: string
}

/** Captures and refunds that were made: none is made twice. */
export const prepaidOperationTable: Table<PrepaidOperationRow> = defineTable<PrepaidOperationRow>({
  name: 'prepaid_operation',
  primaryKey: ['paymentId', 'id'],
  appendOnly: true,
  columns: {
    paymentId: column.id(),
    id: column.id(),
    type: column.string<PrepaidOperationRow['type']>(8),
    amount: column.amount(),
    at: column.time(),
  },
  checks: { prepaid_operation_positive: 'amount > 0' },
  foreignKeys: [{ name: 'prepaid_operation_payment', columns: ['paymentId'], references: () => prepaidPaymentTable, referenced: ['id'] }],
})
