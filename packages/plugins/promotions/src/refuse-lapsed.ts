import type { OrderPlacing, Tx } from '@entrepot/core'
import { ended, usedUp } from './errors.js'
import { isOver } from './grant.js'
import { sameCode } from './inputs.js'
import { readUsedUp } from './limits.js'
import { promotionTable, toPromotion } from './promotion.entity.js'

/**
 * Refuses an order with a code that was good when it was entered and is over now, by time or by others: nobody pays more than they were shown without being
 * told. A code that gave way to another, or that the goods no longer suffice for, is the customer's own doing. Reads only where a code granted nothing.
 * @throws promotions.used_up, promotions.ended
 */
export async function refuseLapsed(tx: Tx, orders: readonly OrderPlacing[]): Promise<void> {
  const missed = orders.flatMap((placing) => missedCodes(placing).map((code) => ({ code, customerId: placing.order.customerId })))
  if (missed.length === 0) return
  const rows = await tx.find(promotionTable, { code: [...new Set(missed.map(({ code }) => code))] })
  const promotions = new Map(rows.map((row) => [row.code, toPromotion(row)]))
  const uses = missed.flatMap(({ code, customerId }) => {
    const promotion = promotions.get(code)
    return promotion ? [{ promotion, customerId }] : []
  })
  const over = uses.filter(({ promotion }) => isOver(promotion, tx.now))
  if (over.length > 0) throw ended({ promotionIds: over.map(({ promotion }) => promotion.id) })
  const isUsedUp = await readUsedUp(tx, uses)
  const full = uses.filter(({ promotion, customerId }) => isUsedUp(promotion, customerId))
  if (full.length > 0) throw usedUp({ promotionIds: full.map(({ promotion }) => promotion.id) })
}

function missedCodes({ order, lines }: OrderPlacing): readonly string[] {
  const granted = new Set(lines.flatMap(({ discounts }) => discounts.flatMap(({ code }) => (code === null ? [] : sameCode(code)))))
  return order.codes.map(sameCode).filter((code) => !granted.has(code))
}
