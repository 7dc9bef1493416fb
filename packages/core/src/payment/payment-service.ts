import { type Call, CommerceError, type Page } from '../kernel/index.js'
import { type CapturePaymentInput, captureSchema, executeCapture, requestCapture } from './capture-payment.js'
import { jobs, type PaymentDeps } from './deps.js'
import type { Dispute } from './dispute.js'
import { captureRefused } from './errors.js'
import { finalizePayment } from './finalize-payment.js'
import { type PaymentIdInput, paymentIdSchema } from './inputs.js'
import type { Payment } from './payment.js'
import * as read from './read-payments.js'
import { type ReceivedWebhook, type ReceiveWebhookInput, receiveSchema, receiveWebhook } from './receive-webhook.js'
import { type RecordReceiptInput, receiptSchema, recordReceipt } from './record-receipt.js'
import type { Refund } from './refund.js'
import { executeRefund, type RetryRefundInput, retryRefund, retryRefundSchema } from './refund-payment.js'
import * as disputes from './report-dispute.js'
import { type RetryPaymentInput, retryPayment, retrySchema } from './retry-payment.js'
import { startPayments } from './start-payments.js'
import { executeVoid, requestVoid } from './void-payment.js'

/**
 * What `commerce.payments` is. Where a host's transaction is joined, what asks a provider is only noted, and asked after the commit by a job.
 * A provider that gives no answer is asked again by a job too; the payment that comes back then still has its old state.
 */
export interface PaymentService {
  /** @throws payment.not_found */
  get(input: PaymentIdInput, call?: Call): Promise<Payment>
  /** In the order of creation, of one order or all. */
  list(input?: read.ListPaymentsInput, call?: Call): Promise<Page<Payment>>
  /** In the order of creation. */
  listRefunds(input?: read.ListRefundsInput, call?: Call): Promise<Page<Refund>>
  /**
   * Asks the provider how a payment stands and books what came of it: what a browser's return, a poller and an operator call, as often as they like.
   * @throws payment.not_found, payment.provider_unreachable
   */
  finalize(input: PaymentIdInput, call?: Call): Promise<Payment>
  /** @throws payment.not_found, payment.not_capturable, payment.unsupported, payment.capture_refused, capture.exceeds_authorized */
  capture(input: CapturePaymentInput, call?: Call): Promise<Payment>
  /** Gives back what is authorized and not captured; nothing more is wanted of the payment. @throws payment.not_found, payment.not_voidable */
  void(input: PaymentIdInput, call?: Call): Promise<Payment>
  /** A new payment in the place of a failed one; asked for twice, it is the same. @throws payment.not_found, payment.not_retryable, payment.provider_unknown */
  retry(input: RetryPaymentInput, call?: Call): Promise<Payment>
  /** A new refund in the place of a failed one; asked for twice, it is the same. @throws refund.not_found, refund.not_failed, refund.exceeds_captured */
  retryRefund(input: RetryRefundInput, call?: Call): Promise<Refund>
  /** Says what came in for a payment of provider `external`. @throws payment.not_found, payment.not_external, payment.receipt_exceeds_amount */
  recordReceipt(input: RecordReceiptInput, call?: Call): Promise<Payment>
  /**
   * Says what became of a dispute, where its provider does not: the money is taken from its owners, or given back to them, and the fee is charged. Again, or late, it changes nothing.
   * @throws payment.not_found, dispute.nothing_disputed, dispute.payment_ambiguous, dispute.differs, refund.exceeds_captured
   */
  reportDispute(input: disputes.ReportDisputeInput, call?: Call): Promise<Dispute>
  /** Asks the provider for the disputes of a payment and books what came of them: what a webhook does too. @throws payment.not_found, payment.provider_unreachable */
  fetchDisputes(input: PaymentIdInput, call?: Call): Promise<readonly Dispute[]>
  /** In the order in which they became known. */
  listDisputes(input?: disputes.ListDisputesInput, call?: Call): Promise<Page<Dispute>>
  /** Stores a genuine webhook once, to be worked off by a job: answer 200 when this resolves. @throws payment.webhook_forged, payment.provider_unknown */
  receiveWebhook(input: ReceiveWebhookInput, call?: Call): Promise<ReceivedWebhook>
}

export function createService(deps: PaymentDeps): PaymentService {
  const { command, query, process } = deps.kernel.useCases
  const get = query('payments.get', paymentIdSchema, read.getPayment)
  const list = query('payments.list', read.listPaymentsSchema, read.listPayments)
  const listRefunds = query('payments.listRefunds', read.listRefundsSchema, read.listRefunds)
  const listDisputes = query('payments.listDisputes', disputes.listDisputesSchema, disputes.listDisputes)
  const noteFinalize = command('payments.finalize', paymentIdSchema, (tx, { paymentId }) =>
    deps.kernel.jobs.enqueue(tx, jobs.finalize, [{ payload: { paymentId } }]),
  )
  const finalize = process('payments.finalize', paymentIdSchema, ({ paymentId }) => finalizePayment(deps)(paymentId))
  const noteCapture = command('payments.capture', captureSchema, requestCapture(deps))
  const noteVoid = command('payments.void', paymentIdSchema, requestVoid(deps))
  const noteRetry = command('payments.retry', retrySchema, retryPayment(deps))
  const noteRefund = command('payments.retryRefund', retryRefundSchema, retryRefund(deps))
  const [capture, cancel, refund, start] = [executeCapture(deps), executeVoid(deps), executeRefund(deps), startPayments(deps)]

  /** Asks a provider for what has been noted; where it gives no answer, the job that was noted with it asks again. */
  const attempt = async <Result>(call: Call | undefined, work: () => Promise<Result>): Promise<Result | undefined> => {
    if (call?.tx !== undefined) return undefined
    return work().catch((error: unknown) => {
      if (!CommerceError.is(error) || !unanswered.has(error.code)) throw error
      deps.kernel.report('a payment provider was asked in vain, and will be asked again', error)
      return undefined
    })
  }

  return {
    get,
    list: (input = {}, call) => list(input, call),
    listRefunds: (input = {}, call) => listRefunds(input, call),
    finalize: async (input, call) => {
      if (call?.tx === undefined) return finalize(input, call)
      await noteFinalize(input, call)
      return get(input, call)
    },
    capture: async (input, call) => {
      const captureId = await noteCapture(input, call)
      const refusal = (await attempt(call, () => capture(captureId)))?.refusal
      if (refusal) throw captureRefused({ captureId, reason: refusal.message })
      return get({ paymentId: input.paymentId }, call)
    },
    void: async (input, call) => {
      await noteVoid(input, call)
      return (await attempt(call, () => cancel(input.paymentId))) ?? get(input, call)
    },
    retry: async (input, call) => {
      const created = await noteRetry(input, call)
      const [payment] = await start([created.id], call)
      return payment ?? created
    },
    retryRefund: async (input, call) => {
      const noted = await noteRefund(input, call)
      return (await attempt(call, () => refund(noted.id))) ?? noted
    },
    recordReceipt: command('payments.recordReceipt', receiptSchema, recordReceipt(deps)),
    reportDispute: command('payments.reportDispute', disputes.reportDisputeSchema, disputes.reportDispute(deps)),
    fetchDisputes: process('payments.fetchDisputes', paymentIdSchema, ({ paymentId }) => disputes.fetchDisputes(deps)(paymentId)),
    listDisputes: (input = {}, call) => listDisputes(input, call),
    receiveWebhook: process('payments.receiveWebhook', receiveSchema, receiveWebhook(deps)),
  }
}

const unanswered: ReadonlySet<string> = new Set(['payment.provider_unreachable', 'payment.provider_answer_invalid', 'payment.void_refused'])
