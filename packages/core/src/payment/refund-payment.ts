import * as z from 'zod'
import { addMillis, id, inList, numberByKey, sql, type Tx } from '../kernel/index.js'
import type { RefundState } from '../ports/index.js'
import { about, emitPayment, jobs, type PaymentDeps } from './deps.js'
import { paymentNotFound, refundExceeds, refundNotFailed, refundNotFound } from './errors.js'
import { readPayment } from './finalize-payment.js'
import { type PaymentRow, paymentTable, type RefundRow, refundTable, toPayment, toRefund } from './payment.entity.js'
import { leftOf } from './payment.js'
import { clearingOf, lockPayment } from './record-state.js'
import type { Refund } from './refund.js'

/** Money to be given back. */
export interface RequestRefund {
  readonly paymentId: string
  /** Minor units; at most what was captured and is neither refunded, nor asked to be, nor taken back by the customer's bank. */
  readonly amount: number
  /** What caused it: the order's refund, for one. */
  readonly reference: string
  readonly reason?: string | null | undefined
  /** The failed refund in whose place this one stands. */
  readonly retryOf?: string | undefined
}

/** How soon a refund under way is asked about again. */
const pauseMillis = 10 * 60_000

/**
 * Claims a part of what was captured and leaves the rest to a job. The claim is one conditional update, so that refunds at once never exceed what came in.
 * @throws payment.not_found, payment.unsupported, refund.exceeds_captured
 */
export function requestRefund(deps: PaymentDeps) {
  const request = requestRefunds(deps)
  return async (tx: Tx, wish: RequestRefund): Promise<Refund> => {
    const [refund] = await request(tx, [wish])
    if (!refund) throw paymentNotFound({ paymentId: wish.paymentId })
    return refund
  }
}

/** The same for several payments, each named once, all or none, by as many statements. @throws as requestRefund */
export function requestRefunds({ kernel, gateway }: PaymentDeps) {
  return async (tx: Tx, wishes: readonly RequestRefund[]): Promise<readonly Refund[]> => {
    if (wishes.length === 0) return []
    const ids = wishes.map(({ paymentId }) => paymentId)
    // One update of several takes its rows in no order of ours, so they are locked first, in that of their keys.
    const locked = new Map((wishes.length > 1 ? await tx.lock(paymentTable, { id: ids }) : []).map((payment) => [payment.id, payment]))
    for (const { paymentId, amount } of wishes) {
      const payment = locked.get(paymentId)
      if (payment && leftOf(payment) < amount) throw refundExceeds({ paymentId, amount, left: leftOf(payment) })
    }
    const amounts = numberByKey(
      sql`id`,
      wishes.map(({ paymentId, amount }) => [paymentId, amount]),
    )
    const claimed = await tx.run(sql`
      UPDATE ${paymentTable} SET refunding = refunding + ${amounts}, updated_at = ${tx.now}
      WHERE ${inList(sql`id`, ids)} AND captured - refunded - refunding - disputed >= ${amounts}`)
    const payments = new Map((await tx.find(paymentTable, { id: ids })).map((payment) => [payment.id, payment]))
    const rows = wishes.map(({ paymentId, amount, reference, reason = null, retryOf = null }): RefundRow => {
      const payment = payments.get(paymentId)
      if (!payment) throw paymentNotFound({ paymentId })
      if (claimed < wishes.length) throw refundExceeds({ paymentId, amount, left: leftOf(payment) })
      if (amount < payment.captured) gateway.require(payment.provider, 'partialRefund')
      const id = kernel.ids('rfd')
      const open = {
        status: 'pending',
        refundRef: null,
        failure: null,
        nextCheckAt: addMillis(tx.now, pauseMillis),
        settledAt: null,
      } as const
      return { id, paymentId, amount, currency: payment.currency, reference, reason, retryOf, createdAt: tx.now, ...open }
    })
    await tx.insert(refundTable, rows)
    await kernel.jobs.enqueue(
      tx,
      jobs.refund,
      rows.map(({ id: refundId }) => ({ key: refundId, payload: { refundId } })),
    )
    return rows.map(toRefund)
  }
}

/**
 * Tells the provider of a refund, or asks how it stands, and books it once it has succeeded. Safe to repeat: the refund's id is the provider's idempotency key.
 * @throws refund.not_found, payment.provider_unreachable, payment.provider_answer_invalid
 */
export function executeRefund(deps: PaymentDeps) {
  return async (refundId: string): Promise<Refund> => {
    const refund = await deps.kernel.database.read(undefined, (reader) => reader.findOne(refundTable, { id: refundId }))
    if (!refund) throw refundNotFound({ refundId })
    if (refund.status !== 'pending') return toRefund(refund)
    const payment = await readPayment(deps, refund.paymentId)
    const state = await askForRefund(deps, payment, refund)
    return deps.kernel.database.transaction(undefined, (tx) => recordRefund(deps, tx, payment, refundId, state))
  }
}

async function askForRefund({ gateway }: PaymentDeps, payment: PaymentRow, refund: RefundRow): Promise<RefundState> {
  const known = refund.refundRef === null ? null : await gateway.fetchRefund(payment, refund)
  // What was captured has a reference; a provider that gives none is asked by our id.
  return known ?? gateway.refund(payment, payment.providerRef ?? payment.id, refund)
}

async function recordRefund(deps: PaymentDeps, tx: Tx, known: PaymentRow, refundId: string, state: RefundState): Promise<Refund> {
  const payment = await lockPayment(deps, tx, known)
  const before = await tx.findOne(refundTable, { id: refundId })
  if (!before) throw refundNotFound({ refundId })
  if (before.status !== 'pending') return toRefund(before)
  const settled = state.status !== 'pending'
  const row: RefundRow = {
    ...before,
    status: state.status,
    refundRef: state.refundRef ?? before.refundRef,
    failure: state.failure ?? null,
    nextCheckAt: settled ? null : addMillis(tx.now, pauseMillis),
    settledAt: settled ? tx.now : null,
  }
  await tx.update(refundTable, row, { id: refundId })
  if (!settled) return toRefund(row)
  const succeeded = state.status === 'succeeded' ? row.amount : 0
  const after = { ...payment, refunding: payment.refunding - row.amount, refunded: payment.refunded + succeeded, updatedAt: tx.now }
  await tx.update(paymentTable, { refunding: after.refunding, refunded: after.refunded, updatedAt: tx.now }, { id: payment.id })
  await tellRefund(deps, tx, after, row)
  return toRefund(row)
}

async function tellRefund({ hooks, ledger }: PaymentDeps, tx: Tx, row: PaymentRow, refundRow: RefundRow): Promise<void> {
  const payment = toPayment(row)
  const refund = toRefund(refundRow)
  const { id: refundId, amount, failure } = refund
  if (refund.status === 'failed') {
    await hooks.run(tx, 'payment.refund_failed', { payment, refund })
    return emitPayment(tx, 'payment.refund_failed', payment.id, { ...about(payment), refundId, amount, failure })
  }
  const from = { party: 'refunds', purpose: 'payable' }
  const transfer = { from, to: clearingOf(payment.provider), amount, commodity: refund.currency, kind: 'refund', ref: refundId }
  await ledger.post(tx, [
    { kind: 'payment.refunded', source: refundId, key: refundedKey(refundId), effectiveAt: tx.now, transfers: [transfer] },
  ])
  await hooks.run(tx, 'payment.refunded', { payment, refund })
  emitPayment(tx, 'payment.refunded', payment.id, { ...about(payment), refundId, amount })
}

/** Tries a failed refund again. */
export interface RetryRefundInput {
  readonly refundId: string
}

export const retryRefundSchema: z.ZodType<RetryRefundInput> = z.object({ refundId: id })

/** A refund in the place of a failed one, whose id the provider would recognise; asked for twice, it is the same. @throws refund.not_found, refund.not_failed */
export function retryRefund(deps: PaymentDeps) {
  const request = requestRefund(deps)
  return async (tx: Tx, { refundId }: RetryRefundInput): Promise<Refund> => {
    const [failed] = await tx.lock(refundTable, { id: refundId })
    if (!failed) throw refundNotFound({ refundId })
    const successor = await tx.findOne(refundTable, { retryOf: refundId })
    if (successor) return toRefund(successor)
    if (failed.status !== 'failed') throw refundNotFailed({ refundId, status: failed.status })
    const { paymentId, amount, reference, reason } = failed
    return request(tx, { paymentId, amount, reference, reason, retryOf: refundId })
  }
}

/** The key of the journal of a refund that has left. */
export function refundedKey(refundId: string): string {
  return `payment.refunded ${refundId}`
}
