/**
 * The ports: what core needs of the world outside, as interfaces and nothing else.
 *
 * Invariants of every port: amounts are integers in minor units with their currency beside them; our id is the idempotency key, so that asking again is safe;
 * a refusal is an answer, and an error means that the outcome is unknown; nothing is called inside a transaction.
 */
export type { Adapters } from './adapters.js'
export type {
  Carrier,
  CarrierRate,
  Label,
  LabelAddress,
  LabelRefused,
  LabelRequest,
  Parcel,
  TrackingState,
  VoidedLabel,
  VoidLabelRequest,
} from './carrier.js'
export type { ConsumeEvents, EventConsumer, EventTransport, TransportedEvent } from './event-transport.js'
export type {
  CapturePayment,
  DisputeState,
  DisputeStatus,
  IncomingWebhook,
  PaymentAction,
  PaymentCapabilities,
  PaymentFailure,
  PaymentNotice,
  PaymentProvider,
  PaymentQuery,
  PaymentState,
  PaymentStatus,
  RefundPayment,
  RefundQuery,
  RefundState,
  StartPayment,
  VoidPayment,
} from './payment-provider.js'
export type { PayoutFailure, PayoutProvider, PayoutQuery, PayoutState, PayoutStatus, SubmitPayout } from './payout-provider.js'
export type { CalculatedTax, TaxCalculator, TaxQuery } from './tax-calculator.js'
