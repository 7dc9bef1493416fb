import { addDays, type Tx } from '../kernel/index.js'
import type { PaymentState } from '../ports/index.js'
import { jobs, type PaymentDeps } from './deps.js'
import { notVoidable, paymentNotFound, voidRefused } from './errors.js'
import { neverBegun, readPayment } from './finalize-payment.js'
import type { PaymentIdInput } from './inputs.js'
import { type PaymentRow, paymentTable, toPayment } from './payment.entity.js'
import { isOpen, openStatuses, type Payment } from './payment.js'
import { recordState } from './record-state.js'

/** Notes that a payment is no longer wanted; its provider is told afterwards. @throws payment.not_found, payment.not_voidable */
export function requestVoid({ kernel }: PaymentDeps) {
  return async (tx: Tx, { paymentId }: PaymentIdInput): Promise<void> => {
    const [payment] = await tx.lock(paymentTable, { id: paymentId })
    if (!payment) throw paymentNotFound({ paymentId })
    if (payment.status === 'voided') return
    if (!isOpen(payment.status)) throw notVoidable({ paymentId, status: payment.status })
    await cancel(kernel, tx, [payment])
  }
}

/** Notes that nothing more is wanted of all that is open for a reference; jobs tell the providers. @returns the ids */
export function cancelOpen({ kernel }: PaymentDeps) {
  return async (tx: Tx, reference: string): Promise<readonly string[]> => {
    const open = await tx.lock(paymentTable, { reference, status: openStatuses, canceledAt: null })
    await cancel(kernel, tx, open)
    return open.map((payment) => payment.id)
  }
}

async function cancel(kernel: PaymentDeps['kernel'], tx: Tx, payments: readonly PaymentRow[]): Promise<void> {
  if (payments.length === 0) return
  const ids = payments.map((payment) => payment.id)
  await tx.update(paymentTable, { canceledAt: tx.now, updatedAt: tx.now }, { id: ids, canceledAt: null })
  await kernel.jobs.enqueue(
    tx,
    jobs.void,
    ids.map((paymentId) => ({ payload: { paymentId } })),
  )
}

/**
 * Gives back what a canceled payment holds at its provider. Money that was captured meanwhile is booked instead, and whoever joined the hook sends it back.
 * @throws payment.not_found, payment.void_refused, payment.provider_unreachable, payment.provider_answer_invalid
 */
export function executeVoid(deps: PaymentDeps) {
  const record = recordState(deps)
  return async (paymentId: string): Promise<Payment> => {
    const payment = await readPayment(deps, paymentId)
    if (payment.canceledAt === null || payment.status === 'captured' || payment.status === 'failed') return toPayment(payment)
    const report = await voided(deps, payment)
    if (!report) return toPayment(payment)
    const after = await deps.kernel.database.transaction(undefined, (tx) => record(tx, payment, report, { voiding: true }))
    if (isOpen(report.status) && report.failure) throw voidRefused({ paymentId, reason: report.failure.message })
    return after
  }
}

/** After so long a payment that cannot be voided is held to be forgotten by the customer too. */
const forgottenAfterDays = 30

async function voided({ gateway, kernel }: PaymentDeps, payment: PaymentRow): Promise<PaymentState | undefined> {
  const found = await gateway.fetch(payment)
  if (!found) return neverBegun(payment)
  if (!isOpen(found.status)) return found
  const providerRef = found.providerRef ?? payment.providerRef
  if (gateway.capabilities(payment.provider).void && providerRef !== null) return gateway.void(payment, providerRef)
  return addDays(payment.createdAt, forgottenAfterDays) < kernel.clock.now() ? { ...found, status: 'voided' } : found
}
