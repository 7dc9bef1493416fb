import { sql } from '../kernel/index.js'
import { cancelExchange } from './complete-exchange.js'
import type { OrderDeps } from './deps.js'
import { exchangeTable } from './exchange.entity.js'
import { lockOrder } from './order-store.js'

const batch = 100

/** Ends exchanges whose difference nobody paid in time; what comes in later goes back. Each in a transaction of its own; one that fails is tried again by the next run. */
export function expireExchanges(deps: OrderDeps) {
  const { database, report } = deps.kernel
  const cancel = cancelExchange(deps)
  return async (): Promise<void> => {
    const due = await database.read(undefined, (reader) =>
      reader.all(
        sql`SELECT id, order_id FROM ${exchangeTable} WHERE status = 'awaiting_payment' AND expires_at <= ${reader.now} ORDER BY expires_at, id LIMIT ${batch}`,
      ),
    )
    for (const { id, order_id: orderId } of due) {
      await database
        .transaction(undefined, async (tx) => {
          const aggregate = await lockOrder(tx, String(orderId))
          const [row] = await tx.lock(exchangeTable, { id: String(id) })
          // Paid since it was listed.
          if (row?.status === 'awaiting_payment') await cancel(tx, aggregate, row, 'unpaid')
        })
        .catch((error: unknown) => report(`exchange ${String(id)} could not expire`, error))
    }
  }
}
