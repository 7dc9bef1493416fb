import type { Tx } from '@entrepot/core'
import type { PromotionsContext } from './context.js'
import { promotionNotFound } from './errors.js'
import type { PromotionIdInput } from './inputs.js'
import { promotionTable, toPromotion } from './promotion.entity.js'
import type { Promotion } from './promotion.js'

/** Ends a promotion at once and for good; orders that have it keep it. Repeating it changes nothing. @throws promotions.not_found */
export function archivePromotion(context: PromotionsContext): (tx: Tx, input: PromotionIdInput) => Promise<Promotion> {
  return async (tx, { promotionId }) => {
    const [row] = await tx.lock(promotionTable, { id: promotionId })
    if (!row) throw promotionNotFound({ promotionId })
    if (row.status === 'archived') return toPromotion(row)
    const change = { status: 'archived', archivedAt: tx.now } as const
    await tx.update(promotionTable, change, { id: promotionId })
    context.emit(tx, 'promotions.archived', promotionId, { promotionId })
    return toPromotion({ ...row, ...change })
  }
}
