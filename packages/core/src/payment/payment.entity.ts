import { type AnyTable, column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { PaymentAction, PaymentFailure, PaymentStatus } from '../ports/index.js'
import { disputeTable } from './dispute.entity.js'
import { externalPaymentTable } from './external-payment.entity.js'
import type { Payment } from './payment.js'
import type { Refund } from './refund.js'
import { paymentWebhookTable } from './webhook.entity.js'

export interface PaymentRow {
  id: string
  reference: string
  provider: string
  providerRef: string | null
  amount: number
  currency: string
  customerId: string | null
  capture: 'automatic' | 'manual'
  status: PaymentStatus
  authorized: number
  captured: number
  refunded: number
  refunding: number
  disputed: number
  excess: number
  failure: PaymentFailure | null
  action: PaymentAction | null
  /** What the host handed in for the provider; emptied once the payment has begun, since it may hold a card's token. */
  startData: Readonly<Record<string, unknown>> | null
  returnUrl: string | null
  retryOf: string | null
  canceledAt: string | null
  /** When the sweeper asks the provider; null where nothing is in doubt. */
  nextCheckAt: string | null
  metadata: Metadata
  createdAt: string
  updatedAt: string
}

export const paymentTable: Table<PaymentRow> = defineTable<PaymentRow>({
  name: 'payment',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    reference: column.id(),
    provider: column.string(40),
    providerRef: nullable(column.string(160)),
    amount: column.amount(),
    currency: column.string(3),
    customerId: nullable(column.id()),
    capture: column.string<PaymentRow['capture']>(9),
    status: column.string<PaymentStatus>(16),
    authorized: column.amount(),
    captured: column.amount(),
    refunded: column.amount(),
    refunding: column.amount(),
    disputed: column.amount(),
    excess: column.amount(),
    failure: nullable(column.json<PaymentFailure>()),
    action: nullable(column.json<PaymentAction>()),
    startData: nullable(column.json<Readonly<Record<string, unknown>>>()),
    returnUrl: nullable(column.text()),
    retryOf: nullable(column.id()),
    canceledAt: nullable(column.time()),
    nextCheckAt: nullable(column.time()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    updatedAt: column.time(),
  },
  indexes: [
    { name: 'payment_reference', columns: ['reference'] },
    { name: 'payment_provider_ref', columns: ['provider', 'providerRef'] },
    { name: 'payment_next_check', columns: ['nextCheckAt'] },
    // A failed payment has one successor, however often another try is asked for.
    { name: 'payment_retry_of', columns: ['retryOf'], unique: true },
  ],
  checks: {
    payment_amount_positive: 'amount > 0',
    payment_captured_within: 'captured >= 0 AND captured <= amount',
    payment_refunded_within: 'refunded >= 0 AND refunding >= 0 AND disputed >= 0 AND refunded + refunding + disputed <= captured',
  },
})

export interface CaptureRow {
  id: string
  paymentId: string
  amount: number
  /** All captured of the payment, this capture in. */
  cumulative: number
  capturedAt: string
}

/** Money that came in: booked once, never changed. */
export const captureTable: Table<CaptureRow> = defineTable<CaptureRow>({
  name: 'payment_capture',
  primaryKey: ['id'],
  columns: { id: column.id(), paymentId: column.id(), amount: column.amount(), cumulative: column.amount(), capturedAt: column.time() },
  // The database's own word that no money is booked twice.
  indexes: [{ name: 'payment_capture_once', columns: ['paymentId', 'cumulative'], unique: true }],
  foreignKeys: [{ name: 'payment_capture_payment', columns: ['paymentId'], references: () => paymentTable, referenced: ['id'] }],
  checks: { payment_capture_positive: 'amount > 0 AND cumulative >= amount' },
  appendOnly: true,
})

export interface CaptureRequestRow {
  id: string
  paymentId: string
  amount: number
  /** What the payment's captures add up to once this one is done. */
  target: number
  status: 'requested' | 'done' | 'failed'
  failure: PaymentFailure | null
  requestedAt: string
}

/** A capture that was asked for, kept before the provider is told, so that a crash does not forget it. */
export const captureRequestTable: Table<CaptureRequestRow> = defineTable<CaptureRequestRow>({
  name: 'payment_capture_request',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    paymentId: column.id(),
    amount: column.amount(),
    target: column.amount(),
    status: column.string<CaptureRequestRow['status']>(9),
    failure: nullable(column.json<PaymentFailure>()),
    requestedAt: column.time(),
  },
  indexes: [{ name: 'payment_capture_request_payment', columns: ['paymentId', 'status'] }],
  foreignKeys: [{ name: 'payment_capture_request_of', columns: ['paymentId'], references: () => paymentTable, referenced: ['id'] }],
})

export interface RefundRow {
  id: string
  paymentId: string
  amount: number
  currency: string
  reference: string
  reason: string | null
  status: Refund['status']
  refundRef: string | null
  failure: PaymentFailure | null
  retryOf: string | null
  /** When the sweeper asks the provider; null once settled. */
  nextCheckAt: string | null
  createdAt: string
  settledAt: string | null
}

export const refundTable: Table<RefundRow> = defineTable<RefundRow>({
  name: 'payment_refund',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    paymentId: column.id(),
    amount: column.amount(),
    currency: column.string(3),
    reference: column.id(),
    reason: nullable(column.text()),
    status: column.string<Refund['status']>(9),
    refundRef: nullable(column.string(160)),
    failure: nullable(column.json<PaymentFailure>()),
    retryOf: nullable(column.id()),
    nextCheckAt: nullable(column.time()),
    createdAt: column.time(),
    settledAt: nullable(column.time()),
  },
  indexes: [
    { name: 'payment_refund_payment', columns: ['paymentId'] },
    { name: 'payment_refund_reference', columns: ['reference'] },
    { name: 'payment_refund_next_check', columns: ['nextCheckAt'] },
    { name: 'payment_refund_retry_of', columns: ['retryOf'], unique: true },
  ],
  foreignKeys: [{ name: 'payment_refund_of', columns: ['paymentId'], references: () => paymentTable, referenced: ['id'] }],
  checks: { payment_refund_positive: 'amount > 0' },
})

/** In the order of creation. */
export const paymentTables: readonly AnyTable[] = [
  paymentTable,
  captureTable,
  captureRequestTable,
  refundTable,
  disputeTable,
  paymentWebhookTable,
  externalPaymentTable,
]

export function toPayment(row: PaymentRow): Payment {
  const { startData: _startData, returnUrl: _returnUrl, nextCheckAt: _nextCheckAt, ...payment } = row
  return payment
}

export function toRefund(row: RefundRow): Refund {
  const { refundRef: _refundRef, nextCheckAt: _nextCheckAt, ...refund } = row
  return refund
}
