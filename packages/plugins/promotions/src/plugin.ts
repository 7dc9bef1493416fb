import { createTables, definePlugin, type PluginFactory } from '@entrepot/core'
import * as z from 'zod'
import { adjustCart } from './adjust-cart.js'
import { archivePromotion } from './archive-promotion.js'
import type { PromotionsContext } from './context.js'
import { createPromotion, createPromotionInput } from './create-promotion.js'
import type { PromotionsEvents } from './events.js'
import { promotionIdInput } from './inputs.js'
import type { Promotions } from './promotions.js'
import * as read from './read-promotions.js'
import { giveBack, redeem, redeemAgain } from './redeem.js'
import { promotionsTables } from './tables.js'

/** There is nothing to choose: each promotion says itself how it works. */
const options: z.ZodType<object, object> = z.strictObject({})

/**
 * Coupon codes and threshold discounts.
 * @example createCommerce({ plugins: [promotions()] })
 */
export const promotions: PluginFactory<'promotions', object, Promotions, PromotionsEvents> = definePlugin({
  id: 'promotions',
  core: '>=0.1.0 <1.0.0',
  options,
  entities: promotionsTables,
  migrations: [createTables('0001-initial', promotionsTables)],
  setup(context: PromotionsContext): Promotions {
    takePart(context)
    return createPromotions(context)
  },
})

function takePart(context: PromotionsContext): void {
  const [spend, giveUp, takeUp] = [redeem(context), giveBack(context), redeemAgain(context)]
  context.join('cart.adjusting', adjustCart)
  context.join('order.placing', ({ orders }, tx) => spend(orders, tx))
  context.join('order.canceled', ({ orders }, tx) => giveUp(orders, tx))
  context.join('order.reopening', ({ orders }, tx) => takeUp(orders, tx))
}

function createPromotions(context: PromotionsContext): Promotions {
  const { command, query } = context
  const list = query('list', read.listPromotionsInput, read.listPromotions)
  const redemptions = query('redemptions', read.listRedemptionsInput, read.listRedemptions)
  return {
    create: command('create', createPromotionInput, createPromotion(context)),
    archive: command('archive', promotionIdInput, archivePromotion(context)),
    get: query('get', promotionIdInput, read.getPromotion),
    list: (input = {}, call) => list(input, call),
    redemptions: (input = {}, call) => redemptions(input, call),
  }
}
