import type { Timestamp, Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import type { PaymentState } from '../ports/index.js'
import { about, emitPayment, jobs, type PaymentDeps } from './deps.js'
import { paymentNotFound } from './errors.js'
import { captureTable, type PaymentRow, paymentTable, toPayment } from './payment.entity.js'
import { isOpen, isStartable, isUnheard, nextCheck, type Payment, type Settled, settle, unheard } from './payment.js'

/** The account of a provider's debt to us: what it has taken from customers and not yet handed over. */
export function clearingOf(provider: string): AccountRef {
  return { party: `psp:${provider}`, purpose: 'clearing' }
}

/** The account of what a provider has charged us. */
export function feesOf(provider: string): AccountRef {
  return { party: `psp:${provider}`, purpose: 'fees' }
}

/** Locks a payment in the order that everyone keeps: first what it pays for, then itself. @throws payment.not_found */
export async function lockPayment(
  { hooks }: Pick<PaymentDeps, 'hooks'>,
  tx: Tx,
  { id, reference }: Pick<Payment, 'id' | 'reference'>,
): Promise<PaymentRow> {
  await hooks.run(tx, 'payment.settling', { paymentId: id, reference })
  return lockRow(tx, id)
}

async function lockRow(tx: Tx, paymentId: string): Promise<PaymentRow> {
  const [row] = await tx.lock(paymentTable, { id: paymentId })
  if (!row) throw paymentNotFound({ paymentId })
  return row
}

/** How a report is taken. */
export interface Recording {
  /** When its money counts as received. @default now */
  readonly at?: Timestamp | undefined
  /** It answers a void: what is still open then is tried again by the same job, not by another. */
  readonly voiding?: boolean | undefined
}

/** A payment before and after a report. */
interface Taken {
  readonly row: Readonly<PaymentRow>
  readonly next: Readonly<PaymentRow>
  readonly settled: Settled
}

/**
 * Takes what a provider reports into the books: the one place where a payment changes by a report. Of any number of reporters at once (browser, webhook,
 * poller, operator) the first books a capture, and the others find it booked.
 * @param known the payment as the caller read or wrote it
 */
export function recordState(deps: PaymentDeps) {
  return async (
    tx: Tx,
    known: Readonly<PaymentRow>,
    report: PaymentState,
    { at = tx.now, voiding = false }: Recording = {},
  ): Promise<Payment> => {
    await deps.hooks.run(tx, 'payment.settling', { paymentId: known.id, reference: known.reference })
    const { row, next, settled } = (await storeFirst(tx, known, report)) ?? (await storeLocked(tx, known.id, report))
    const payment = toPayment(next)
    if (settled.captured > 0) await book(deps, tx, payment, settled.captured, at)
    if (settled.exceeded) emitPayment(tx, 'payment.exceeded', payment.id, { ...about(payment), excess: payment.excess })
    await tell(deps, tx, payment, settled)
    if (!voiding && wantsVoid(deps, row, report)) await deps.kernel.jobs.enqueue(tx, jobs.void, [{ payload: { paymentId: row.id } }])
    return payment
  }
}

function take(row: Readonly<PaymentRow>, report: PaymentState, now: Timestamp): Taken {
  const settled = settle(row, report)
  const after = { ...row, ...settled.facts }
  // A card's token has served once the provider knows the payment.
  const startData = isStartable(after) ? row.startData : null
  return { row, settled, next: { ...after, startData, nextCheckAt: nextCheck(after, now), updatedAt: now } }
}

/** A payment that nobody has heard of is as it was written, so that its first report takes it by a condition instead of a lock. @returns nothing to whoever comes second */
async function storeFirst(tx: Tx, known: Readonly<PaymentRow>, report: PaymentState): Promise<Taken | undefined> {
  if (!isUnheard(known)) return undefined
  const taken = take(known, report, tx.now)
  const changed = await tx.update(paymentTable, taken.next, { id: known.id, ...unheard })
  return changed === 1 ? taken : undefined
}

/** @throws payment.not_found */
async function storeLocked(tx: Tx, paymentId: string, report: PaymentState): Promise<Taken> {
  const taken = take(await lockRow(tx, paymentId), report, tx.now)
  await tx.update(paymentTable, taken.next, { id: paymentId })
  return taken
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
