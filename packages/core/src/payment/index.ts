/**
 * Payments: money on its way from a customer through a provider and back. This room knows no order, only the reference that is paid.
 *
 * - A payment exists here before its provider hears of it, and its id is the provider's idempotency key; the sweeper takes over if the caller dies.
 * - Providers are asked between transactions, through one gateway. What they answer is recorded in one place, under the payment's lock or by a condition.
 * - Reports are cumulative and only grow, the status only rises: late, early, doubled and reordered ones end in the same place. A webhook is a hint to ask.
 * - A capture is booked once, with everything that upper rooms do in the hook; captured money outranks whatever was believed before.
 * - Refunded, refunding and disputed together never exceed captured.
 * - A dispute is booked once by its provider's id, and only goes from opened to won or lost; its fee stays spent.
 */
export type { CapturePaymentInput } from './capture-payment.js'
export type { CreatedPayment, PaymentIntent } from './create-payments.js'
export type { Dispute } from './dispute.js'
export type { PaymentEvents } from './events.js'
export { externalProviderId } from './external-provider.js'
export type { CapturedInput, DisputeChargedInput, DisputedInput, DisputeFeeFrom, PaymentHooks } from './hooks.js'
export type { PaymentIdInput } from './inputs.js'
export { type CaptureRow, captureTable, paymentTable, paymentTables, refundTable } from './payment.entity.js'
export type { Payment } from './payment.js'
export type { PaymentService } from './payment-service.js'
export { type CreatePaymentsDeps, createPayments, type Payments } from './payments.js'
export type { ListPaymentsInput, ListRefundsInput } from './read-payments.js'
export type { ReceivedWebhook, ReceiveWebhookInput } from './receive-webhook.js'
export type { Receipt, RecordReceiptInput } from './record-receipt.js'
export { clearingOf } from './record-state.js'
export type { Refund } from './refund.js'
export { type RequestRefund, type RetryRefundInput, refundedKey } from './refund-payment.js'
export type { ListDisputesInput, ReportDisputeInput } from './report-dispute.js'
export type { RetryPaymentInput } from './retry-payment.js'
