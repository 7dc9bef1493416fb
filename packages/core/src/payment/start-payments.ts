import type { Call } from '../kernel/index.js'
import type { PaymentDeps } from './deps.js'
import { paymentNotFound } from './errors.js'
import { type PaymentRow, paymentTable, toPayment } from './payment.entity.js'
import { isStartable, type Payment } from './payment.js'
import { recordState } from './record-state.js'

/**
 * Asks the providers for the money, after the transaction that created the payments. A provider that gives no answer leaves its payment `pending`: the job
 * asks again. Where a host owns the transaction, which cannot have committed yet, all of it is left to the job.
 * @throws payment.not_found
 */
export function startPayments(deps: PaymentDeps) {
  const record = recordState(deps)
  const { database, report } = deps.kernel

  const startOne = async (row: PaymentRow): Promise<Payment> => {
    if (!isStartable(row)) return toPayment(row)
    const state = await deps.gateway
      .start(row)
      .catch((error: unknown) => report(`payment ${row.id} is in doubt and will be asked about`, error))
    return state ? database.transaction(undefined, (tx) => record(tx, row, state)) : toPayment(row)
  }

  return async (paymentIds: readonly string[], call?: Call): Promise<readonly Payment[]> => {
    const rows = await database.read(call, (reader) => reader.find(paymentTable, { id: paymentIds }))
    const byId = new Map(rows.map((row) => [row.id, row]))
    const wanted = paymentIds.map((paymentId) => {
      const row = byId.get(paymentId)
      if (!row) throw paymentNotFound({ paymentId })
      return row
    })
    return call?.tx === undefined ? Promise.all(wanted.map(startOne)) : wanted.map(toPayment)
  }
}
