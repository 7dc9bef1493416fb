import { columns, type Emit, emit, forUpdate, type Kernel, sql, type Tx } from '../kernel/index.js'
import { cartTable } from './cart.entity.js'
import type { CartEvents } from './events.js'

const batch = 500

const emitCart: Emit<CartEvents> = emit

/** Closes carts whose time has run out, in batches, each in a transaction of its own. @returns how many */
export function expireCarts({ database }: Kernel): () => Promise<number> {
  return async () => {
    let expired = 0
    for (;;) {
      const closed = await database.transaction(undefined, expireBatch)
      expired += closed
      if (closed < batch) return expired
    }
  }
}

/** A cart that somebody is editing is passed over; the next round finds it, unless the edit has put its expiry off. */
async function expireBatch(tx: Tx): Promise<number> {
  const rows = await tx.all(sql`
    SELECT ${columns(cartTable)} FROM ${cartTable} WHERE status = 'open' AND expires_at <= ${tx.now} ORDER BY id LIMIT ${batch}${forUpdate('skip')}`)
  const carts = rows.map(cartTable.read)
  if (carts.length === 0) return 0
  await tx.update(cartTable, { status: 'expired' }, { id: carts.map((cart) => cart.id) })
  for (const { id: cartId, customerId } of carts) emitCart(tx, 'cart.expired', cartId, { cartId, customerId })
  return carts.length
}
