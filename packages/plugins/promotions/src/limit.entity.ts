import { column, defineTable, type Table } from '@entrepot/core'
import { promotionTable } from './promotion.entity.js'

/** How often something was used of how often it may be: a promotion in all, or by one customer. Promotions without limits have none, so nobody waits for them. */
export interface LimitRow {
  /** `limitId` says what it is made of. */
  readonly id: string
  readonly promotionId: string
  readonly most: number
  readonly used: number
}

export const limitTable: Table<LimitRow> = defineTable<LimitRow>({
  name: 'promotions_limit',
  primaryKey: ['id'],
  columns: { id: column.string(140), promotionId: column.id(), most: column.integer(), used: column.integer() },
  foreignKeys: [{ name: 'promotions_limit_promotion_fk', columns: ['promotionId'], references: () => promotionTable, referenced: ['id'] }],
  checks: { promotions_limit_used: 'used >= 0 AND used <= most' },
})

/** The limit of a promotion in all, or that of one customer. */
export function limitId(promotionId: string, customerId?: string): string {
  return customerId === undefined ? promotionId : `${promotionId} ${customerId}`
}
