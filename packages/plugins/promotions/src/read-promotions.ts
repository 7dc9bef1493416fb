import { inList, type Page, type PageInput, pageShape, type Reader, readPage, sql, wholeNumber } from '@entrepot/core'
import * as z from 'zod'
import { promotionNotFound } from './errors.js'
import { code, id, type PromotionIdInput } from './inputs.js'
import { type PromotionRow, promotionTable, toPromotion } from './promotion.entity.js'
import { type Promotion, type PromotionStatus, promotionStatuses, type Redemption } from './promotion.js'
import { redemptionTable } from './redemption.entity.js'

/** A promotion with what has become of it. */
export interface PromotionWithUse extends Promotion {
  /** Orders that have it; those that were canceled or have expired do not count. */
  readonly used: number
}

/** @throws promotions.not_found */
export async function getPromotion(reader: Reader, { promotionId }: PromotionIdInput): Promise<PromotionWithUse> {
  const [promotion] = await withUse(reader, await reader.find(promotionTable, { id: promotionId }))
  if (!promotion) throw promotionNotFound({ promotionId })
  return promotion
}

export interface ListPromotionsInput extends PageInput {
  readonly status?: PromotionStatus | undefined
  readonly code?: string | undefined
}

export const listPromotionsInput: z.ZodType<ListPromotionsInput> = z.strictObject({
  status: z.enum(promotionStatuses).optional(),
  code: code.optional(),
  ...pageShape,
})

export async function listPromotions(
  reader: Reader,
  { status, code: wanted, ...page }: ListPromotionsInput,
): Promise<Page<PromotionWithUse>> {
  const { items, next } = await readPage(reader, promotionTable, { status, code: wanted }, page)
  return { items: await withUse(reader, items), next }
}

export interface ListRedemptionsInput extends PageInput {
  readonly promotionId?: string | undefined
  readonly customerId?: string | undefined
  readonly orderId?: string | undefined
}

export const listRedemptionsInput: z.ZodType<ListRedemptionsInput> = z.strictObject({
  promotionId: id.optional(),
  customerId: id.optional(),
  orderId: id.optional(),
  ...pageShape,
})

export function listRedemptions(
  reader: Reader,
  { promotionId, customerId, orderId, ...page }: ListRedemptionsInput,
): Promise<Page<Redemption>> {
  return readPage(reader, redemptionTable, { promotionId, customerId, orderId }, page)
}

async function withUse(reader: Reader, rows: readonly PromotionRow[]): Promise<readonly PromotionWithUse[]> {
  if (rows.length === 0) return []
  const counts = await reader.all(sql`
    SELECT promotion_id, COUNT(*) AS used FROM ${redemptionTable}
    WHERE ${inList(
      sql`promotion_id`,
      rows.map((row) => row.id),
    )} AND status = 'redeemed' GROUP BY promotion_id`)
  const used = new Map(counts.map((row) => [String(row.promotion_id), wholeNumber(row.used)]))
  return rows.map((row) => ({ ...toPromotion(row), used: used.get(row.id) ?? 0 }))
}
