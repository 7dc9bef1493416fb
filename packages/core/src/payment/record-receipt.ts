import * as z from 'zod'
import { id, type Timestamp, type Tx, timestamp } from '../kernel/index.js'
import { createIntents } from './create-payments.js'
import type { PaymentDeps } from './deps.js'
import { notExternal, paymentNotFound, receiptExceeds } from './errors.js'
import { type ExternalPaymentRow, externalPaymentTable } from './external-payment.entity.js'
import { externalProviderId, externalState } from './external-provider.js'
import { paymentTable } from './payment.entity.js'
import type { Payment } from './payment.js'
import { lockPayment, recordState } from './record-state.js'

/** Records money that came in by a way we cannot ask, for a payment of provider `external`. */
export interface RecordReceiptInput {
  readonly paymentId: string
  /** Minor units. @default all that is still awaited */
  readonly amount?: number | undefined
  /** When it came in; ISO 8601 with an offset. @default now */
  readonly receivedAt?: string | undefined
}

export const receiptSchema: z.ZodType<RecordReceiptInput> = z.object({
  paymentId: id,
  amount: z.int().min(1).optional(),
  receivedAt: z.iso.datetime({ offset: true }).optional(),
})

/** @throws payment.not_found, payment.not_external, payment.receipt_exceeds_amount */
export function recordReceipt(deps: PaymentDeps) {
  const record = recordState(deps)
  return async (tx: Tx, { paymentId, amount, receivedAt }: RecordReceiptInput): Promise<Payment> => {
    const found = await tx.findOne(paymentTable, { id: paymentId })
    if (!found) throw paymentNotFound({ paymentId })
    const payment = await lockPayment(deps, tx, found)
    if (payment.provider !== externalProviderId) throw notExternal({ paymentId, provider: payment.provider })
    // Not begun yet where the operator is quicker than the job.
    await tx.insertMissing(externalPaymentTable, [{ paymentId, amount: payment.amount, received: 0, voided: false }])
    const [before] = await tx.lock(externalPaymentTable, { paymentId })
    if (!before) throw paymentNotFound({ paymentId })
    const left = before.amount - before.received
    const more = amount ?? left
    if (more > left || more === 0) throw receiptExceeds({ paymentId, amount: more, left })
    const after: ExternalPaymentRow = { ...before, received: before.received + more }
    await tx.update(externalPaymentTable, { received: after.received }, { paymentId })
    return record(tx, payment, externalState(after), { at: receivedAt === undefined ? tx.now : timestamp(receivedAt) })
  }
}

/** Money that is known to have come in already: of an imported order. */
export interface Receipt {
  /** What was paid: the order's id. */
  readonly reference: string
  /** Minor units, above 0. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  readonly customerId: string | null
  readonly receivedAt: Timestamp
}

/** Writes payments of provider `external` that are captured from the start, without asking anyone; hooks and events as for any capture. */
export function createReceived(deps: PaymentDeps) {
  const create = createIntents(deps)
  const record = recordState(deps)
  return async (tx: Tx, receipts: readonly Receipt[]): Promise<readonly Payment[]> => {
    const intents = receipts.map(({ receivedAt: _receivedAt, ...receipt }) => ({
      ...receipt,
      provider: externalProviderId,
      capture: 'automatic' as const,
    }))
    const payments = await create(tx, intents)
    const rows = payments.map(({ id, amount }): ExternalPaymentRow => ({ paymentId: id, amount, received: amount, voided: false }))
    await tx.insert(externalPaymentTable, rows)
    const recorded: Payment[] = []
    for (const [index, payment] of payments.entries()) {
      const row = rows[index]
      if (row) recorded.push(await record(tx, payment, externalState(row), { at: receipts[index]?.receivedAt }))
    }
    return recorded
  }
}
