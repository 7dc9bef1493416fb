import type { PaymentState } from '../ports/index.js'
import type { PaymentDeps } from './deps.js'
import { paymentNotFound } from './errors.js'
import { type PaymentRow, paymentTable, toPayment } from './payment.entity.js'
import { isOpen, isStartable, type Payment } from './payment.js'
import { recordState } from './record-state.js'

/**
 * Asks the provider how a payment stands and books what came of it: the one function for the browser's return, webhook, poller and operator. Any number at
 * once book a capture once. A payment that the provider has never heard of is begun; its id is the idempotency key, so a start still under way does no harm.
 * @throws payment.not_found, payment.provider_unreachable, payment.provider_answer_invalid
 */
export function finalizePayment(deps: PaymentDeps) {
  const record = recordState(deps)
  const { database } = deps.kernel
  return async (paymentId: string): Promise<Payment> => {
    const row = await readPayment(deps, paymentId)
    const state = (await deps.gateway.fetch(row)) ?? (isStartable(row) ? await deps.gateway.start(row) : neverBegun(row))
    return state ? database.transaction(undefined, (tx) => record(tx, row, state)) : toPayment(row)
  }
}

/** Canceled before the provider heard of it: nothing can come of it any more. */
export function neverBegun(row: PaymentRow): PaymentState | undefined {
  const nothing = row.canceledAt !== null && row.providerRef === null && isOpen(row.status)
  return nothing ? { status: 'voided', providerRef: null, authorized: 0, captured: 0, refunded: 0 } : undefined
}

/** @throws payment.not_found */
export async function readPayment({ kernel }: PaymentDeps, paymentId: string): Promise<PaymentRow> {
  const row = await kernel.database.read(undefined, (reader) => reader.findOne(paymentTable, { id: paymentId }))
  if (!row) throw paymentNotFound({ paymentId })
  return row
}
