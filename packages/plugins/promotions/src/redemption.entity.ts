import { column, defineTable, nullable, type Table } from '@entrepot/core'
import { promotionTable } from './promotion.entity.js'
import type { Redemption } from './promotion.js'

export const redemptionTable: Table<Redemption> = defineTable<Redemption>({
  name: 'promotions_redemption',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    promotionId: column.id(),
    orderId: column.id(),
    customerId: nullable(column.id()),
    code: nullable(column.string(64)),
    amount: column.amount(),
    currency: column.string(3),
    status: column.string<Redemption['status']>(10),
    at: column.time(),
  },
  indexes: [
    { name: 'promotions_redemption_order', columns: ['orderId', 'promotionId'], unique: true },
    { name: 'promotions_redemption_promotion', columns: ['promotionId', 'id'] },
    { name: 'promotions_redemption_customer', columns: ['customerId', 'id'] },
  ],
  foreignKeys: [
    { name: 'promotions_redemption_promotion_fk', columns: ['promotionId'], references: () => promotionTable, referenced: ['id'] },
  ],
  checks: { promotions_redemption_amount: 'amount > 0' },
})
