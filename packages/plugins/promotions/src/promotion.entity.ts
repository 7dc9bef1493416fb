import { column, defineTable, type Metadata, nullable, type Table } from '@entrepot/core'
import type { Funders, Promotion, PromotionScope, PromotionStatus } from './promotion.js'

/** `promotion.ts` says what the members mean. */
export interface PromotionRow extends Omit<Promotion, 'limits'> {
  /** In 1/1,000,000. */
  readonly percent: number | null
  readonly totalLimit: number | null
  readonly customerLimit: number | null
}

export const promotionTable: Table<PromotionRow> = defineTable<PromotionRow>({
  name: 'promotions_promotion',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(200),
    code: nullable(column.string(64)),
    currency: nullable(column.string(3)),
    amount: nullable(column.amount()),
    percent: nullable(column.integer()),
    atMost: nullable(column.amount()),
    minimum: column.amount(),
    scope: column.json<PromotionScope>(),
    funders: column.json<Funders>(),
    totalLimit: nullable(column.integer()),
    customerLimit: nullable(column.integer()),
    combinable: column.flag(),
    priority: column.integer(),
    status: column.string<PromotionStatus>(10),
    validFrom: column.time(),
    validTo: nullable(column.time()),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    archivedAt: nullable(column.time()),
  },
  indexes: [
    { name: 'promotions_promotion_code', columns: ['code'], unique: true },
    { name: 'promotions_promotion_status', columns: ['status', 'code'] },
  ],
  checks: {
    promotions_promotion_grant: '(amount IS NULL AND percent IS NOT NULL) OR (amount IS NOT NULL AND percent IS NULL)',
    promotions_promotion_minimum: 'minimum >= 0',
  },
})

const perPercent = 10_000

/** To a row's percentage, which is exact. */
export function toMillionths(percent: number): number {
  return Math.round(percent * perPercent)
}

export function toPromotion({ totalLimit: total, customerLimit: perCustomer, percent, ...row }: PromotionRow): Promotion {
  return { ...row, percent: percent === null ? null : percent / perPercent, limits: { total, perCustomer } }
}
