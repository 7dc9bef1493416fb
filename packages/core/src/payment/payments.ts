import type { Call, Kernel, Reader, Tx } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Adapters } from '../ports/index.js'
import { executeCapture } from './capture-payment.js'
import { type CreatedPayment, createIntents, type PaymentIntent } from './create-payments.js'
import { jobs, type PaymentDeps } from './deps.js'
import { captureRefused } from './errors.js'
import { externalProvider } from './external-provider.js'
import { finalizePayment } from './finalize-payment.js'
import { createGateway } from './gateway.js'
import type { PaymentHooks } from './hooks.js'
import type { PaymentIdInput } from './inputs.js'
import type { Payment } from './payment.js'
import { createService, type PaymentService } from './payment-service.js'
import * as read from './read-payments.js'
import { workWebhook } from './receive-webhook.js'
import { createReceived, type Receipt } from './record-receipt.js'
import type { Refund } from './refund.js'
import { executeRefund, type RequestRefund, requestRefund, requestRefunds } from './refund-payment.js'
import { startPayments } from './start-payments.js'
import { sweepPayments } from './sweep-payments.js'
import { cancelOpen, executeVoid } from './void-payment.js'

/** The payment room, as `createCommerce` and upper rooms hold it. */
export interface Payments {
  readonly service: PaymentService
  /** Writes payments that nobody was asked for yet; `start` them after the commit. @throws payment.provider_unknown */
  create(tx: Tx, intents: readonly PaymentIntent[]): Promise<readonly CreatedPayment[]>
  /**
   * Outside any transaction: asks the providers, for payments as `create` gave them or, later, by id. One that gives no answer leaves its payment `pending`.
   * @throws payment.not_found
   */
  start(payments: readonly (CreatedPayment | string)[], call?: Call): Promise<readonly Payment[]>
  /** Writes payments of provider `external` that are captured from the start: of imported orders. */
  createReceived(tx: Tx, receipts: readonly Receipt[]): Promise<readonly Payment[]>
  /** The payments of a reference, oldest first; with `lock`, none of them changes before the transaction ends. */
  ofReference(reader: Reader | Tx, reference: string, lock?: boolean): Promise<readonly Payment[]>
  /** Those of several references, by one statement. @returns by reference; one without payments is missing */
  ofReferences(reader: Reader, references: readonly string[]): Promise<ReadonlyMap<string, readonly Payment[]>>
  /** The refunds of payments, oldest first. */
  refundsOf(reader: Reader, paymentIds: readonly string[]): Promise<readonly Refund[]>
  /** Nothing more is wanted of what is still open for a reference; jobs tell the providers. @returns the ids of the payments */
  cancelOpen(tx: Tx, reference: string): Promise<readonly string[]>
  /** Claims a part of what was captured, to be given back by a job. @throws payment.not_found, payment.unsupported, refund.exceeds_captured */
  requestRefund(tx: Tx, refund: RequestRefund): Promise<Refund>
  /** The same for several payments, each named once, by as many statements. @throws as requestRefund */
  requestRefunds(tx: Tx, refunds: readonly RequestRefund[]): Promise<readonly Refund[]>
  /** Outside any transaction: does at once what the job would do. @throws refund.not_found, payment.provider_unreachable */
  executeRefund(refundId: string): Promise<Refund>
}

export interface CreatePaymentsDeps {
  readonly kernel: Kernel
  readonly ledger: Pick<Ledger, 'post'>
  readonly adapters: Pick<Adapters, 'payments'>
}

/** Outages of a provider last hours: its jobs are tried for about two days before an operator is asked. */
const attempts = 100
const sweepMillis = 60_000

export function createPayments({ kernel, ledger, adapters }: CreatePaymentsDeps): Payments {
  const gateway = createGateway(kernel.database, [externalProvider(kernel.database), ...adapters.payments])
  const deps: PaymentDeps = { kernel, ledger, gateway, hooks: kernel.hooks<PaymentHooks>() }
  defineJobs(deps)
  return {
    create: createIntents(deps),
    start: startPayments(deps),
    createReceived: createReceived(deps),
    ofReference: read.paymentsOfReference,
    ofReferences: read.paymentsOfReferences,
    refundsOf: read.refundsOfPayments,
    cancelOpen: cancelOpen(deps),
    requestRefund: requestRefund(deps),
    requestRefunds: requestRefunds(deps),
    executeRefund: executeRefund(deps),
    service: createService(deps),
  }
}

/** What takes over where a process died, and what asks again where a provider gave no answer. */
function defineJobs(deps: PaymentDeps): void {
  const { jobs: queue } = deps.kernel
  const options = { attempts }
  const finalize = finalizePayment(deps)
  const capture = executeCapture(deps)
  const cancel = executeVoid(deps)
  const refund = executeRefund(deps)
  const webhook = workWebhook(deps)
  queue.define<PaymentIdInput>(jobs.finalize, async ({ paymentId }) => void (await finalize(paymentId)), options)
  queue.define<PaymentIdInput>(jobs.void, async ({ paymentId }) => void (await cancel(paymentId)), options)
  queue.define<{ captureId: string }>(
    jobs.capture,
    async ({ captureId }) => {
      const { refusal } = await capture(captureId)
      if (refusal?.retryable) throw captureRefused({ captureId, reason: refusal.message })
    },
    options,
  )
  queue.define<{ refundId: string }>(jobs.refund, async ({ refundId }) => void (await refund(refundId)), options)
  queue.define<{ webhookId: string }>(jobs.webhook, ({ webhookId }) => webhook(webhookId), options)
  queue.every(jobs.sweep, { everyMillis: sweepMillis }, sweepPayments(deps))
}
