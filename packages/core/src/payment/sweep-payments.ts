import { addMillis, inList, type Param, type Sql, sql, type Table } from '../kernel/index.js'
import type { PaymentDeps } from './deps.js'
import { disputeTable } from './dispute.entity.js'
import { finalizePayment } from './finalize-payment.js'
import { paymentTable, refundTable } from './payment.entity.js'
import { resumeParked } from './receive-webhook.js'
import { executeRefund } from './refund-payment.js'
import { fetchDisputes } from './report-dispute.js'
import { executeVoid } from './void-payment.js'

const batch = 50
/** A payment whose check fails is left alone for so long. */
const pauseMillis = 5 * 60_000

/**
 * Closes what crashes and lost webhooks leave open: asks about payments and refunds in doubt and about open disputes, voids what is canceled, takes up parked webhooks. One that fails
 * does not keep the others waiting.
 */
export function sweepPayments(deps: PaymentDeps) {
  const finalize = finalizePayment(deps)
  const cancel = executeVoid(deps)
  const refund = executeRefund(deps)
  const disputes = fetchDisputes(deps)
  const resume = resumeParked(deps)
  const { report } = deps.kernel
  return async (): Promise<void> => {
    await each(deps, paymentTable, report, ({ id, canceledAt }) => (canceledAt === null ? finalize(id) : cancel(id)))
    await each(deps, refundTable, report, ({ id }) => refund(id))
    await each(deps, disputeTable, report, ({ paymentId }) => disputes(paymentId ?? ''))
    await resume()
  }
}

interface Checked {
  readonly id: string
  readonly nextCheckAt: string | null
}

/** Every row that is due, in batches. A row is put off before it is looked at, so that none is due twice in a sweep. */
async function each<Row extends Checked>(
  { kernel }: PaymentDeps,
  table: Table<Row>,
  report: PaymentDeps['kernel']['report'],
  check: (row: Row) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const rows = await kernel.database.transaction(undefined, async (tx) => {
      const due = (await tx.all(dueRows(table, tx.now))).map(table.read)
      const ids = due.map((row): Param => row.id)
      if (ids.length > 0)
        await tx.run(
          sql`UPDATE ${table} SET next_check_at = ${addMillis(tx.now, pauseMillis)} WHERE ${inList(sql`id`, ids)} AND next_check_at <= ${tx.now}`,
        )
      return due
    })
    for (const row of rows)
      await check(row).catch((error: unknown) => report(`${row.id} is still in doubt and will be asked about again`, error))
    if (rows.length < batch) return
  }
}

function dueRows<Row>(table: Table<Row>, now: string): Sql {
  return sql`SELECT * FROM ${table} WHERE next_check_at <= ${now} ORDER BY next_check_at LIMIT ${batch}`
}
