import { type AdjustingInput, type Adjustment, columns, inList, type Reader, sql } from '@entrepot/core'
import { choosePromotions } from './choose.js'
import { sameCode } from './inputs.js'
import { readUsedUp } from './limits.js'
import { promotionTable, toPromotion } from './promotion.entity.js'
import type { Promotion } from './promotion.js'

/** Grants a cart its promotions: two statements, whatever is in it. Nothing is counted yet; that is done when the order is placed. */
export async function adjustCart(cart: AdjustingInput, reader: Reader): Promise<Adjustment> {
  const promotions = await readCandidates(reader, cart)
  const { customerId } = cart
  const isUsedUp = await readUsedUp(
    reader,
    promotions.map((promotion) => ({ promotion, customerId })),
  )
  return choosePromotions(cart, promotions, (promotion) => isUsedUp(promotion, customerId))
}

/** What might be granted: by itself, or for a code; the codes also of promotions that are over, so that the customer is told so. */
async function readCandidates(reader: Reader, { codes, at }: AdjustingInput): Promise<readonly Promotion[]> {
  const rows = await reader.all(sql`
    SELECT ${columns(promotionTable)} FROM ${promotionTable}
    WHERE ${inList(sql`code`, codes.map(sameCode))}
      OR (code IS NULL AND status = 'active' AND valid_from <= ${at} AND (valid_to IS NULL OR valid_to > ${at}))`)
  return rows.map((row) => toPromotion(promotionTable.read(row)))
}
