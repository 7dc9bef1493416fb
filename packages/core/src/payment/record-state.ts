import type { Timestamp, Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import type { PaymentState } from '../ports/index.js'
import { about, emitPayment, jobs, type PaymentDeps } from './deps.js'
import { paymentNotFound } from './errors.js'
import { captureTable, type PaymentRow, paymentTable, toPayment } from './payment.entity.js'
import { isOpen, isStartable, nextCheck, type Payment, type Settled, settle } from './payment.js'

/** The account of a provider's debt to us: what it has taken from customers and not yet handed over. */
export function clearingOf(provider: string): AccountRef {
  return { party: `psp:${provider}`, purpose: 'clearing' }
}

/** Locks a payment in the order that everyone keeps: first what it pays for, then itself. @throws payment.not_found */
export async function lockPayment(
  { hooks }: Pick<PaymentDeps, 'hooks'>,
  tx: Tx,
  { id, reference }: Pick<Payment, 'id' | 'reference'>,
): Promise<PaymentRow> {
  await hooks.run(tx, 'payment.settling', { paymentId: id, reference })
  const [row] = await tx.lock(paymentTable, { id })
  if (!row) throw paymentNotFound({ paymentId: id })
  return row
}

/** How a report is taken. */
export interface Recording {
  /** When its money counts as received. @default now */
  readonly at?: Timestamp | undefined
  /** It answers a void: what is still open then is tried again by the same job, not by another. */
  readonly voiding?: boolean | undefined
}

/**
 * Takes what a provider reports into the books: the one place where a payment changes by a report. Under the payment's lock, so that of any number of
 * reporters at once (browser, webhook, poller, operator) the first books a capture and the others find it booked.
 */
export function recordState(deps: PaymentDeps) {
  return async (
    tx: Tx,
    known: Pick<Payment, 'id' | 'reference'>,
    report: PaymentState,
    { at = tx.now, voiding = false }: Recording = {},
  ): Promise<Payment> => {
    const row = await lockPayment(deps, tx, known)
    const settled = settle(row, report)
    const next: PaymentRow = { ...row, ...settled.facts, nextCheckAt: nextCheck({ ...row, ...settled.facts }, tx.now), updatedAt: tx.now }
    // A card's token has served once the provider knows the payment.
    if (!isStartable(next)) next.startData = null
    await tx.update(paymentTable, next, { id: row.id })
    const payment = toPayment(next)
    if (settled.captured > 0) await book(deps, tx, payment, settled.captured, at)
    if (settled.exceeded) emitPayment(tx, 'payment.exceeded', payment.id, { ...about(payment), excess: payment.excess })
    await tell(deps, tx, payment, settled)
    if (!voiding && wantsVoid(deps, row, report)) await deps.kernel.jobs.enqueue(tx, jobs.void, [{ payload: { paymentId: row.id } }])
    return payment
  }
}

async function book({ kernel, hooks }: PaymentDeps, tx: Tx, payment: Payment, amount: number, at: Timestamp): Promise<void> {
  const captureId = kernel.ids('cap')
  await tx.insert(captureTable, [{ id: captureId, paymentId: payment.id, amount, cumulative: payment.captured, capturedAt: at }])
  await hooks.run(tx, 'payment.captured', { payment, captureId, amount, clearing: clearingOf(payment.provider), at })
  emitPayment(tx, 'payment.captured', payment.id, { ...about(payment), captureId, amount, captured: payment.captured })
}

async function tell({ hooks }: PaymentDeps, tx: Tx, payment: Payment, { became }: Settled): Promise<void> {
  switch (became) {
    case 'requires_action':
      return emitPayment(tx, 'payment.action_required', payment.id, about(payment))
    case 'authorized':
      await hooks.run(tx, 'payment.authorized', { payment })
      return emitPayment(tx, 'payment.authorized', payment.id, { ...about(payment), authorized: payment.authorized })
    case 'failed':
      await hooks.run(tx, 'payment.failed', { payment })
      return emitPayment(tx, 'payment.failed', payment.id, { ...about(payment), failure: payment.failure })
    case 'voided':
      await hooks.run(tx, 'payment.voided', { payment })
      return emitPayment(tx, 'payment.voided', payment.id, about(payment))
  }
}

/** A start that was under way while its payment was canceled comes to life at the provider: it is to be voided once more. */
function wantsVoid({ gateway }: PaymentDeps, row: PaymentRow, report: PaymentState): boolean {
  const cameToLife = !isOpen(row.status) || row.providerRef === null
  return row.canceledAt !== null && isOpen(report.status) && cameToLife && gateway.capabilities(row.provider).void
}
