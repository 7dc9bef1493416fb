import { column, defineTable, nullable, type Table } from '../kernel/index.js'

export interface PaymentWebhookRow {
  id: string
  provider: string
  eventId: string
  type: string
  paymentId: string | null
  providerRef: string | null
  /** `parked`: it came before its payment was known here. */
  status: 'received' | 'parked' | 'done'
  receivedAt: string
}

/** The inbox. The body is not kept: it may hold personal data, and nothing in it is believed. */
export const paymentWebhookTable: Table<PaymentWebhookRow> = defineTable<PaymentWebhookRow>({
  name: 'payment_webhook',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    provider: column.string(40),
    eventId: column.string(160),
    type: column.string(120),
    paymentId: nullable(column.id()),
    providerRef: nullable(column.string(160)),
    status: column.string<PaymentWebhookRow['status']>(8),
    receivedAt: column.time(),
  },
  indexes: [
    { name: 'payment_webhook_event', columns: ['provider', 'eventId'], unique: true },
    { name: 'payment_webhook_status', columns: ['status', 'receivedAt'] },
  ],
})
