/** What becomes of promotions when orders are placed, given up and taken up again: all in the order's own transaction. */
import type { OrderAggregate, OrderPlacing, Tx } from '@entrepot/core'
import type { PromotionsContext } from './context.js'
import { giveBackLimits, spendLimits } from './limits.js'
import { promotionTable, toPromotion } from './promotion.entity.js'
import type { Redemption } from './promotion.js'
import { redemptionTable } from './redemption.entity.js'
import { refuseLapsed } from './refuse-lapsed.js'

/** Counts the promotions of orders as used. What an imported order was granted elsewhere is no promotion of ours. @throws promotions.used_up, promotions.ended */
export function redeem(context: PromotionsContext): (orders: readonly OrderPlacing[], tx: Tx) => Promise<void> {
  return async (orders, tx) => {
    const ours = orders.filter(({ imported }) => !imported)
    await refuseLapsed(tx, ours)
    const used = ours.flatMap(discountsOf)
    if (used.length === 0) return
    const spent = await spend(tx, used)
    const redemptions = spent.map((use): Redemption => ({ id: context.id('rdm'), ...use, status: 'redeemed', at: tx.now }))
    await tx.insert(redemptionTable, redemptions)
    for (const redemption of redemptions) context.emit(tx, 'promotions.redeemed', redemption.orderId, eventOf(redemption))
  }
}

/** Gives back what orders had used that will not be sent at all. Of an order that goes on without one supplier's goods, the promotions stay used. */
export function giveBack(context: PromotionsContext): (orders: readonly OrderAggregate[], tx: Tx) => Promise<void> {
  return async (orders, tx) => {
    const orderId = orders.flatMap(({ order }) => (order.status === 'open' ? [] : order.id))
    const redemptions = orderId.length === 0 ? [] : await tx.find(redemptionTable, { orderId, status: 'redeemed' })
    if (redemptions.length === 0) return
    await tx.update(redemptionTable, { status: 'returned' }, { id: redemptions.map(({ id }) => id) })
    await giveBackLimits(tx, redemptions)
    for (const redemption of redemptions) context.emit(tx, 'promotions.returned', redemption.orderId, eventOf(redemption))
  }
}

/** An expired order goes on after all: it uses its promotions again, or stays expired. @throws promotions.used_up */
export function redeemAgain(context: PromotionsContext): (orders: readonly OrderAggregate[], tx: Tx) => Promise<void> {
  return async (orders, tx) => {
    const redemptions = await tx.find(redemptionTable, { orderId: orders.map(({ order }) => order.id), status: 'returned' })
    if (redemptions.length === 0) return
    await spend(tx, redemptions)
    await tx.update(redemptionTable, { status: 'redeemed' }, { id: redemptions.map(({ id }) => id) })
    for (const redemption of redemptions) context.emit(tx, 'promotions.redeemed', redemption.orderId, eventOf(redemption))
  }
}

/** What an order got of one source of discounts, all its lines together. */
type OrderDiscount = Pick<Redemption, 'promotionId' | 'orderId' | 'customerId' | 'code' | 'amount' | 'currency'>

function discountsOf({ order, lines }: OrderPlacing): readonly OrderDiscount[] {
  const { id: orderId, customerId, currency } = order
  const bySource = new Map<string, OrderDiscount>()
  for (const { source: promotionId, code, amount } of lines.flatMap(({ discounts }) => discounts)) {
    const before = bySource.get(promotionId)?.amount ?? 0
    bySource.set(promotionId, { promotionId, orderId, customerId, code, currency, amount: before + amount })
  }
  return [...bySource.values()]
}

/** Spends the limits of those uses that are of promotions of ours. @returns them */
async function spend<Used extends Pick<Redemption, 'promotionId' | 'customerId'>>(tx: Tx, uses: readonly Used[]): Promise<readonly Used[]> {
  const rows = await tx.find(promotionTable, { id: [...new Set(uses.map(({ promotionId }) => promotionId))] })
  const promotions = new Map(rows.map((row) => [row.id, toPromotion(row)]))
  await spendLimits(
    tx,
    uses.flatMap(({ promotionId, customerId }) => {
      const promotion = promotions.get(promotionId)
      return promotion ? [{ promotion, customerId }] : []
    }),
  )
  return uses.filter(({ promotionId }) => promotions.has(promotionId))
}

function eventOf({ promotionId, orderId, customerId, amount, currency }: Redemption): OrderDiscountEvent {
  return { promotionId, orderId, customerId, amount, currency }
}

type OrderDiscountEvent = Omit<OrderDiscount, 'code'>
