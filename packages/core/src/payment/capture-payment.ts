import * as z from 'zod'
import { addMillis, id, type Tx } from '../kernel/index.js'
import type { PaymentFailure } from '../ports/index.js'
import { jobs, type PaymentDeps, safetyNetMillis } from './deps.js'
import { captureExceeds, captureNotFound, notCapturable, paymentNotFound } from './errors.js'
import { readPayment } from './finalize-payment.js'
import { captureRequestTable, paymentTable, toPayment } from './payment.entity.js'
import type { Payment } from './payment.js'
import { recordState } from './record-state.js'

/** Captures an authorized payment. */
export interface CapturePaymentInput {
  readonly paymentId: string
  /** Minor units. @default all that is left of what was authorized */
  readonly amount?: number | undefined
}

export const captureSchema: z.ZodType<CapturePaymentInput> = z.object({ paymentId: id, amount: z.int().min(1).optional() })

/** Notes a capture that the provider is then told of; what was noted before counts as captured. @returns its id */
export function requestCapture({ kernel, gateway }: PaymentDeps) {
  return async (tx: Tx, { paymentId, amount }: CapturePaymentInput): Promise<string> => {
    const [payment] = await tx.lock(paymentTable, { id: paymentId })
    if (!payment) throw paymentNotFound({ paymentId })
    const { authorized, provider, status } = payment
    // All of it is captured, or what was left was given back: nothing is authorized any more.
    if (status === 'captured' || status === 'voided' || payment.canceledAt !== null)
      throw captureExceeds({ paymentId, amount: amount ?? authorized, left: 0 })
    if (status !== 'authorized') throw notCapturable({ paymentId, status })
    const requested = await tx.find(captureRequestTable, { paymentId, status: 'requested' })
    const reached = Math.max(payment.captured, ...requested.map((request) => request.target))
    const wanted = amount ?? authorized - reached
    if (wanted > authorized - reached || wanted === 0) throw captureExceeds({ paymentId, amount: wanted, left: authorized - reached })
    if (wanted < authorized) gateway.require(provider, 'partialCapture')
    if (reached > 0) gateway.require(provider, 'multipleCaptures')
    const id = kernel.ids('cpr')
    await tx.insert(captureRequestTable, [
      { id, paymentId, amount: wanted, target: reached + wanted, status: 'requested', failure: null, requestedAt: tx.now },
    ])
    await kernel.jobs.enqueue(tx, jobs.capture, [{ key: id, payload: { captureId: id }, runAt: addMillis(tx.now, safetyNetMillis) }])
    return id
  }
}

/** What became of a capture. */
export interface CaptureOutcome {
  readonly payment: Payment
  /** Why the provider refused; undefined where it captured. */
  readonly refusal: PaymentFailure | undefined
}

/**
 * Tells the provider of a noted capture and books what it took. Safe to repeat: the request's id is the provider's idempotency key.
 * @throws payment.provider_unreachable, payment.provider_answer_invalid
 */
export function executeCapture(deps: PaymentDeps) {
  const record = recordState(deps)
  const { database } = deps.kernel
  return async (captureId: string): Promise<CaptureOutcome> => {
    const request = await database.read(undefined, (reader) => reader.findOne(captureRequestTable, { id: captureId }))
    if (!request) throw captureNotFound({ captureId })
    const payment = await readPayment(deps, request.paymentId)
    if (request.status !== 'requested') return { payment: toPayment(payment), refusal: request.failure ?? undefined }
    const state = await deps.gateway.capture(payment, payment.providerRef ?? payment.id, request)
    const refusal = state.captured < request.target ? state.failure : undefined
    const status = refusal === undefined ? 'done' : refusal.retryable ? 'requested' : 'failed'
    const recorded = await database.transaction(undefined, async (tx) => {
      const after = await record(tx, payment, state)
      await tx.update(captureRequestTable, { status, failure: refusal ?? null }, { id: captureId, status: 'requested' })
      return after
    })
    return { payment: recorded, refusal }
  }
}
