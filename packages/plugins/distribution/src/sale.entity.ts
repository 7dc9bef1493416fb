import { column, defineTable, type Table } from '@entrepot/core'
import { distributorTable } from './distributor.entity.js'
import type { DistributorOrder } from './sale.js'

export interface SaleRow extends DistributorOrder {
  readonly distributorId: string
}

export const saleTable: Table<SaleRow> = defineTable<SaleRow>({
  name: 'distribution_sale',
  primaryKey: ['distributorId', 'orderId'],
  columns: {
    distributorId: column.id(),
    orderId: column.id(),
    number: column.string(40),
    tier: column.integer(),
    currency: column.string(3),
    goods: column.amount(),
    placedAt: column.time(),
  },
  foreignKeys: [
    { name: 'distribution_sale_distributor_fk', columns: ['distributorId'], references: () => distributorTable, referenced: ['id'] },
  ],
  checks: { distribution_sale_tier: 'tier >= 1' },
})
