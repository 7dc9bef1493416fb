import { inList, sql } from '../kernel/index.js'
import { closeOrder } from './close-order.js'
import type { OrderDeps } from './deps.js'
import { orderTable } from './order.entity.js'
import { lockOrder } from './order-store.js'

/** Bounds what is read at once; each order is closed in a transaction of its own. */
const batch = 100

/**
 * Closes orders that nobody paid in time: frees their stock, gives up their open payments, and gives back what was paid in part.
 * A payment that succeeds all the same finds the order expired, and opens it again or goes back. @returns how many orders have expired
 */
export function expireOrders(deps: OrderDeps) {
  const { database, report } = deps.kernel
  const close = closeOrder(deps)

  const expire = (orderId: string): Promise<boolean> =>
    database.transaction(undefined, async (tx) => {
      const aggregate = await lockOrder(tx, orderId)
      const { status, expiresAt } = aggregate.order
      // Paid, canceled or given more time since it was listed.
      if (status !== 'open' || expiresAt === null || expiresAt > tx.now) return false
      await close(tx, aggregate, { as: 'expired', reason: 'unpaid', by: 'system' })
      return true
    })

  return async (): Promise<number> => {
    const passed: string[] = []
    for (let expired = 0; ; ) {
      const ids = await database.read(undefined, async (reader) => {
        const due = sql`status = 'open' AND expires_at <= ${reader.now} AND NOT (${inList(sql`id`, passed)})`
        const rows = await reader.all(sql`SELECT id FROM ${orderTable} WHERE ${due} ORDER BY expires_at, id LIMIT ${batch}`)
        return rows.map((row) => String(row.id))
      })
      for (const orderId of ids) {
        const done = await expire(orderId).catch((error: unknown) => {
          // One order that cannot be closed does not keep the others from it; the next run tries it again.
          report(`order ${orderId} could not expire`, error)
          passed.push(orderId)
          return false
        })
        if (done) expired++
      }
      if (ids.length < batch) return expired
    }
  }
}
