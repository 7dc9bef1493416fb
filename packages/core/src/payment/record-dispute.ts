import { addDays, type Tx } from '../kernel/index.js'
import { journalTable, type PostTransfer } from '../ledger/index.js'
import { sumAmounts } from '../money/index.js'
import type { DisputeState } from '../ports/index.js'
import { emitPayment, type PaymentDeps } from './deps.js'
import { type DisputeRow, disputeTable, toDispute } from './dispute.entity.js'
import { type Dispute, type DisputeChange, settleDispute } from './dispute.js'
import { disputeDiffers, refundExceeds } from './errors.js'
import type { DisputeFeeFrom } from './hooks.js'
import { type PaymentRow, paymentTable } from './payment.entity.js'
import { leftOf } from './payment.js'
import { clearingOf, feesOf, lockPayment } from './record-state.js'

/** The money that is disputed. */
export interface DisputedMoney {
  /** Null where it never came through our payments. */
  readonly paymentId: string | null
  readonly reference: string
  readonly provider: string
  /** ISO 4217. */
  readonly currency: string
}

/** How a report is taken. */
export interface DisputeRecording {
  /** Instead of what the contracts say. */
  readonly feeFrom?: DisputeFeeFrom | undefined
  /** Whether more than what is left of the money may be taken back; the platform bears it then. */
  readonly excess: 'platform' | 'refused'
}

/** How soon a provider is asked again about a dispute that is open. */
const checkAfterDays = 1
const platform = { party: 'platform', purpose: 'chargebacks' } as const

/**
 * Takes what is reported of a dispute into the books: the one place where it changes. Whoever reports (webhook, sweeper, operator), twice, late, or two at once:
 * the order and the payment are locked first, and the first report of a dispute is the one that writes its row.
 * @throws payment.not_found, refund.exceeds_captured, dispute.differs
 */
export function recordDispute(deps: PaymentDeps) {
  return async (tx: Tx, money: DisputedMoney, report: DisputeState, recording: DisputeRecording): Promise<Dispute> => {
    const { paymentId, reference } = money
    const payment = paymentId === null ? undefined : await lockPayment(deps, tx, { id: paymentId, reference })
    if (!payment) await deps.hooks.run(tx, 'payment.settling', { paymentId, reference })
    const fresh = newDispute(deps, money, payment, report, tx)
    const isNew = (await tx.insertMissing(disputeTable, [fresh])) === 1
    const row = isNew ? fresh : await lockKnown(tx, fresh)
    const change = settleDispute(isNew ? undefined : row, report)
    const taken = change.taken ? await take(deps, tx, row, payment, recording) : row
    const restored = change.restored ? await giveBack(deps, tx, taken, payment) : taken
    if (change.charged > 0) await charge(deps, tx, restored, change, recording)
    const settled = change.status === 'opened' ? null : (row.settledAt ?? tx.now)
    const nextCheckAt = settled === null && payment && deps.gateway.tellsOfDisputes(row.provider) ? addDays(tx.now, checkAfterDays) : null
    const after: DisputeRow = { ...restored, status: change.status, fee: change.fee, settledAt: settled, nextCheckAt }
    await tx.update(disputeTable, after, { id: after.id })
    await tell(deps, tx, after, isNew ? undefined : row)
    return toDispute(after)
  }
}

function newDispute(
  { kernel }: PaymentDeps,
  { paymentId, reference, provider, currency }: DisputedMoney,
  payment: PaymentRow | undefined,
  { disputeRef, status, amount, fee, reason }: DisputeState,
  { now }: Tx,
): DisputeRow {
  // A payment that gave a part back before has less to take; of what we never had, all may be taken.
  const counted = status === 'won' ? 0 : payment ? Math.min(amount, leftOf(payment)) : amount
  const of = { id: kernel.ids('dsp'), provider, disputeRef, paymentId, reference, currency }
  return { ...of, amount, counted, excess: 0, fee, status, reason, nextCheckAt: null, openedAt: now, settledAt: null }
}

/** @throws dispute.differs */
async function lockKnown(tx: Tx, reported: DisputeRow): Promise<DisputeRow> {
  const { provider, disputeRef, reference, paymentId, amount } = reported
  const [known] = await tx.lock(disputeTable, { provider, disputeRef })
  if (!known || known.reference !== reference || known.paymentId !== paymentId)
    throw disputeDiffers({ provider, disputeRef, known: known?.paymentId ?? known?.reference ?? '', reported: paymentId ?? reference })
  if (known.amount !== amount) throw disputeDiffers({ provider, disputeRef, known: String(known.amount), reported: String(amount) })
  return known
}

/** The money is gone: upper rooms take it from whose it was, and what none of them can take is the platform's loss. */
async function take(
  { hooks, ledger }: PaymentDeps,
  tx: Tx,
  row: DisputeRow,
  payment: PaymentRow | undefined,
  { excess: allowed }: DisputeRecording,
): Promise<DisputeRow> {
  const { id, provider, amount, counted, reference } = row
  const clearing = clearingOf(provider)
  const taken = sumAmounts(await hooks.run(tx, 'payment.disputed', { dispute: toDispute(row), amount: counted, clearing, at: tx.now }))
  const excess = amount - taken
  if (excess > 0 && allowed === 'refused') throw refundExceeds({ paymentId: payment?.id ?? reference, amount, left: taken })
  if (payment && counted > 0) await tx.update(paymentTable, { disputed: payment.disputed + counted, updatedAt: tx.now }, { id: payment.id })
  if (excess > 0) {
    const transfers = [transfer(row, { from: platform, to: clearing, amount: excess, kind: 'chargeback' })]
    await ledger.post(tx, [{ kind: 'chargeback', source: id, key: excessKey(id), effectiveAt: tx.now, transfers }])
  }
  return { ...row, excess }
}

/** The money is back: everything as before, by journals that take back those that took it. */
async function giveBack({ hooks, ledger }: PaymentDeps, tx: Tx, row: DisputeRow, payment: PaymentRow | undefined): Promise<DisputeRow> {
  const { id, provider, counted, excess } = row
  const clearing = clearingOf(provider)
  await hooks.run(tx, 'payment.dispute_won', { dispute: toDispute(row), clearing, at: tx.now })
  if (payment && counted > 0) await tx.update(paymentTable, { disputed: payment.disputed - counted, updatedAt: tx.now }, { id: payment.id })
  if (excess > 0) {
    const reverses = (await tx.findOne(journalTable, { key: excessKey(id) }))?.id
    const transfers = [transfer(row, { from: clearing, to: platform, amount: excess, kind: 'chargeback' })]
    await ledger.post(tx, [
      { kind: 'chargeback_won', source: id, key: `chargeback_excess_won:${id}`, effectiveAt: tx.now, transfers, reverses },
    ])
  }
  return row
}

/** What the provider charges: upper rooms take it from whom the contracts name, and what none of them takes the platform pays. */
async function charge(
  { hooks, ledger }: PaymentDeps,
  tx: Tx,
  row: DisputeRow,
  { charged: amount, fee }: DisputeChange,
  { feeFrom }: DisputeRecording,
): Promise<void> {
  const fees = feesOf(row.provider)
  const key = `chargeback_fee:${row.id}:${fee}`
  const taken = sumAmounts(
    await hooks.run(tx, 'payment.dispute_charged', { dispute: toDispute(row), amount, feeFrom, fees, key, at: tx.now }),
  )
  if (taken === amount) return
  const transfers = [transfer(row, { from: platform, to: fees, amount: amount - taken, kind: 'chargeback_fee' })]
  await ledger.post(tx, [{ kind: 'chargeback_fee', source: row.id, key: `${key}:platform`, effectiveAt: tx.now, transfers }])
}

function excessKey(disputeId: string): string {
  return `chargeback_excess:${disputeId}`
}

function transfer({ id, currency }: DisputeRow, moved: Pick<PostTransfer, 'from' | 'to' | 'amount' | 'kind'>): PostTransfer {
  return { ...moved, commodity: currency, ref: id }
}

async function tell({ hooks }: PaymentDeps, tx: Tx, row: DisputeRow, before: DisputeRow | undefined): Promise<void> {
  const { id: disputeId, paymentId, reference, provider, currency, amount, fee, status } = row
  const told = { disputeId, paymentId, reference, provider, currency, amount, fee }
  const aggregate = paymentId ?? reference
  if (!before && status !== 'won') emitPayment(tx, 'payment.disputed', aggregate, told)
  if (status === 'opened' || status === before?.status) return
  if (status === 'lost') await hooks.run(tx, 'payment.dispute_lost', { dispute: toDispute(row), at: tx.now })
  emitPayment(tx, `payment.dispute_${status}`, aggregate, told)
}
