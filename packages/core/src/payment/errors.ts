import { defineError, type ErrorFactory } from '../kernel/index.js'
import type { PaymentStatus } from '../ports/index.js'

export const paymentNotFound: ErrorFactory<{ paymentId: string }> = defineError(
  'payment.not_found',
  'not_found',
  ({ paymentId }) => `there is no payment ${paymentId}`,
)
export const providerUnknown: ErrorFactory<{ provider: string; known: readonly string[] }> = defineError(
  'payment.provider_unknown',
  'invalid_data',
  ({ provider, known }) => `there is no payment provider "${provider}"; this instance has ${known.join(', ')}`,
)
export const providerDuplicate: ErrorFactory<{ provider: string }> = defineError(
  'payment.provider_duplicate',
  'invalid_argument',
  ({ provider }) => `two payment providers have the id "${provider}"; give one of them another id`,
)
export const providerUnreachable: ErrorFactory<{ provider: string; what: string }> = defineError(
  'payment.provider_unreachable',
  'unexpected_state',
  ({ provider, what }) => `payment provider "${provider}" gave no answer to ${what}; what it did is not known, and it will be asked again`,
)
export const providerAnswerInvalid: ErrorFactory<{ provider: string; what: string; issues: string }> = defineError(
  'payment.provider_answer_invalid',
  'unexpected_state',
  ({ provider, what, issues }) => `payment provider "${provider}" answered ${what} with what is no state: ${issues}`,
)
export const unsupported: ErrorFactory<{ provider: string; capability: string }> = defineError(
  'payment.unsupported',
  'not_allowed',
  ({ provider, capability }) => `payment provider "${provider}" does not offer ${capability}`,
)
export const notCapturable: ErrorFactory<{ paymentId: string; status: PaymentStatus }> = defineError(
  'payment.not_capturable',
  'not_allowed',
  ({ paymentId, status }) => `payment ${paymentId} is ${status} or no longer wanted; only an authorized one can be captured`,
)
export const captureExceeds: ErrorFactory<{ paymentId: string; amount: number; left: number }> = defineError(
  'capture.exceeds_authorized',
  'not_allowed',
  ({ paymentId, amount, left }) => `${amount} cannot be captured of payment ${paymentId}; ${left} is left of what was authorized`,
)
export const captureNotFound: ErrorFactory<{ captureId: string }> = defineError(
  'capture.not_found',
  'not_found',
  ({ captureId }) => `no capture ${captureId} was asked for`,
)
export const captureRefused: ErrorFactory<{ captureId: string; reason: string }> = defineError(
  'payment.capture_refused',
  'payment_authorization_error',
  ({ captureId, reason }) => `capture ${captureId} was refused: ${reason}`,
)
export const notVoidable: ErrorFactory<{ paymentId: string; status: PaymentStatus }> = defineError(
  'payment.not_voidable',
  'not_allowed',
  ({ paymentId, status }) => `payment ${paymentId} is ${status}; refund what was captured instead`,
)
export const voidRefused: ErrorFactory<{ paymentId: string; reason: string }> = defineError(
  'payment.void_refused',
  'unexpected_state',
  ({ paymentId, reason }) => `payment ${paymentId} could not be voided: ${reason}; it will be tried again`,
)
export const notRetryable: ErrorFactory<{ paymentId: string; status: PaymentStatus }> = defineError(
  'payment.not_retryable',
  'not_allowed',
  ({ paymentId, status }) => `payment ${paymentId} is ${status}; only a failed one that is still wanted can be tried again`,
)
export const refundNotFound: ErrorFactory<{ refundId: string }> = defineError(
  'refund.not_found',
  'not_found',
  ({ refundId }) => `there is no refund ${refundId}`,
)
export const refundExceeds: ErrorFactory<{ paymentId: string; amount: number; left: number }> = defineError(
  'refund.exceeds_captured',
  'not_allowed',
  ({ paymentId, amount, left }) => `${amount} cannot be refunded of payment ${paymentId}; ${left} is left of what was captured`,
)
export const refundNotFailed: ErrorFactory<{ refundId: string; status: string }> = defineError(
  'refund.not_failed',
  'not_allowed',
  ({ refundId, status }) => `refund ${refundId} is ${status}; only a failed one can be tried again`,
)
export const webhookForged: ErrorFactory<{ provider: string }> = defineError(
  'payment.webhook_forged',
  'unauthorized',
  ({ provider }) =>
    `the webhook is not from payment provider "${provider}"; check that its secret is the one configured, and that the body reaches us unparsed`,
)
export const receiptExceeds: ErrorFactory<{ paymentId: string; amount: number; left: number }> = defineError(
  'payment.receipt_exceeds_amount',
  'not_allowed',
  ({ paymentId, amount, left }) => `${amount} cannot be recorded as received for payment ${paymentId}; ${left} is still awaited`,
)
export const notExternal: ErrorFactory<{ paymentId: string; provider: string }> = defineError(
  'payment.not_external',
  'not_allowed',
  ({ paymentId, provider }) => `payment ${paymentId} goes through "${provider}", which knows itself what came in; finalize it instead`,
)
export const disputeDiffers: ErrorFactory<{ provider: string; disputeRef: string; known: string; reported: string }> = defineError(
  'dispute.differs',
  'conflict',
  ({ provider, disputeRef, known, reported }) =>
    `dispute ${disputeRef} of provider "${provider}" is known with ${known} and reported with ${reported}; a dispute keeps its payment and its amount, so report another under its own id`,
)
export const nothingDisputed: ErrorFactory<{ reference: string }> = defineError(
  'dispute.nothing_disputed',
  'not_found',
  ({ reference }) => `nothing was paid for ${reference}; name the payment that is disputed`,
)
export const paymentAmbiguous: ErrorFactory<{ reference: string; payments: readonly string[] }> = defineError(
  'dispute.payment_ambiguous',
  'invalid_data',
  ({ reference, payments }) => `${reference} was paid by ${payments.join(', ')}; name the payment that is disputed`,
)
