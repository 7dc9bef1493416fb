import type { Call } from '../kernel/index.js'
import type { CreatedPayment } from './create-payments.js'
import { jobs, type PaymentDeps } from './deps.js'
import { paymentNotFound } from './errors.js'
import { paymentTable, toPayment } from './payment.entity.js'
import { isStartable, type Payment } from './payment.js'
import { recordState } from './record-state.js'

/**
 * Asks the providers for the money, after the transaction that created the payments. A provider that gives no answer leaves its payment `pending`: the
 * sweeper asks again. Where a host owns the transaction, which cannot have committed yet, jobs ask once it has.
 * @throws payment.not_found
 */
export function startPayments(deps: PaymentDeps) {
  const record = recordState(deps)
  const { database, jobs: queue, report } = deps.kernel

  const startOne = async (row: CreatedPayment): Promise<Payment> => {
    if (!isStartable(row)) return toPayment(row)
    const state = await deps.gateway
      .start(row)
      .catch((error: unknown) => report(`payment ${row.id} is in doubt and will be asked about`, error))
    return state ? database.transaction(undefined, (tx) => record(tx, row, state)) : toPayment(row)
  }

  return async (payments: readonly (CreatedPayment | string)[], call?: Call): Promise<readonly Payment[]> => {
    const ids = payments.filter((payment) => typeof payment === 'string')
    const rows = ids.length === 0 ? [] : await database.read(call, (reader) => reader.find(paymentTable, { id: ids }))
    const byId = new Map(rows.map((row) => [row.id, row]))
    const wanted = payments.map((payment) => {
      if (typeof payment !== 'string') return payment
      const row = byId.get(payment)
      if (!row) throw paymentNotFound({ paymentId: payment })
      return row
    })
    if (call?.tx !== undefined) {
      const begin = wanted.filter(isStartable).map(({ id }) => ({ key: id, payload: { paymentId: id } }))
      if (begin.length > 0) await database.transaction(call, (tx) => queue.enqueue(tx, jobs.finalize, begin))
      return wanted.map(toPayment)
    }
    database.assertOutside('payments.start')
    return Promise.all(wanted.map(startOne))
  }
}
