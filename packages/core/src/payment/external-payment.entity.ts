import { column, defineTable, type Table } from '../kernel/index.js'

export interface ExternalPaymentRow {
  paymentId: string
  amount: number
  received: number
  voided: boolean
}

/** What the operator has recorded of money that came by ways we cannot ask: the state that the `external` provider reports. */
export const externalPaymentTable: Table<ExternalPaymentRow> = defineTable<ExternalPaymentRow>({
  name: 'external_payment',
  primaryKey: ['paymentId'],
  columns: { paymentId: column.id(), amount: column.amount(), received: column.amount(), voided: column.flag() },
  checks: { external_payment_received: 'received >= 0 AND received <= amount' },
})
