import { type OrderPlacing, sumAmounts, type Tx } from '@entrepot/core'
import { choosePromotions } from './choose.js'
import { ended, usedUp } from './errors.js'
import { isOver } from './grant.js'
import { sameCode } from './inputs.js'
import { promotionTable, toPromotion } from './promotion.entity.js'
import type { Promotion } from './promotion.js'

/**
 * Refuses an order with a code that was good when it was entered and is over now, by time or by others: nobody pays more than they were shown without being
 * told. A code that gave way to another, or that the goods no longer suffice for, is the customer's own doing. Reads only where a code granted nothing.
 * @throws promotions.used_up, promotions.ended
 */
export async function refuseLapsed(tx: Tx, orders: readonly OrderPlacing[]): Promise<void> {
  const missed = orders.flatMap((placing) => missedCodes(placing).map((code) => ({ code, placing })))
  if (missed.length === 0) return
  const granted = missed.flatMap(({ placing }) => sourcesOf(placing))
  const rows = [
    ...(await tx.find(promotionTable, { code: [...new Set(missed.map(({ code }) => code))] })),
    ...(await tx.find(promotionTable, { id: [...new Set(granted)] })),
  ]
  const promotions = rows.map(toPromotion)
  const uses = missed.flatMap(({ code, placing }) => {
    const promotion = promotions.find((known) => known.code === code)
    return promotion ? [{ promotion, placing }] : []
  })
  const over = uses.filter(({ promotion }) => isOver(promotion, tx.now))
  if (over.length > 0) throw ended({ promotionIds: over.map(({ promotion }) => promotion.id) })
  const full = uses.filter(({ promotion, placing }) => isDueButForLimits(promotion, placing, promotions))
  if (full.length > 0) throw usedUp({ promotionIds: full.map(({ promotion }) => promotion.id) })
}

function missedCodes({ order, lines }: OrderPlacing): readonly string[] {
  const granted = new Set(lines.flatMap(({ discounts }) => discounts.flatMap(({ code }) => (code === null ? [] : sameCode(code)))))
  return order.codes.map(sameCode).filter((code) => !granted.has(code))
}

/**
 * Whether nothing but a limit can have kept a promotion from an order. The limit itself is not asked: a use that was given back since the order was priced
 * would hide that the order was priced without it.
 */
function isDueButForLimits(promotion: Promotion, placing: OrderPlacing, known: readonly Promotion[]): boolean {
  const { order, lines } = placing
  const sources = sourcesOf(placing)
  const goods = lines.flatMap(({ offerId, productId, ...line }) =>
    offerId === null || productId === null ? [] : [{ ...line, offerId, productId }],
  )
  const { discounts } = choosePromotions(
    { ...order, at: order.placedAt, lines: goods },
    known.filter(({ id }) => id === promotion.id || sources.includes(id)),
    () => false,
  )
  const due = discounts.find(({ source }) => source === promotion.id)
  const left = goods
    .filter(({ id }) => due?.lineIds?.includes(id))
    .map((line) => line.price - sumAmounts(line.discounts.map(({ amount }) => amount)))
  return sumAmounts(left) > 0
}

function sourcesOf({ lines }: OrderPlacing): readonly string[] {
  return lines.flatMap(({ discounts }) => discounts.map(({ source }) => source))
}
