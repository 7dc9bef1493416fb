import { column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { ExchangeStatus, ExchangeTerms, OrderExchange } from './exchange.js'
import { orderLineTable, orderTable } from './order.entity.js'
import type { OrderLine } from './order.js'

export interface ExchangeRow extends OrderExchange {
  /** As it will stand in the order. */
  readonly newLine: OrderLine
}

export const exchangeTable: Table<ExchangeRow> = defineTable<ExchangeRow>({
  name: 'order_exchange',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    orderId: column.id(),
    lineId: column.id(),
    newLineId: column.id(),
    newLine: column.json<OrderLine>(),
    status: column.string<ExchangeStatus>(20),
    quantity: column.integer(),
    terms: column.string<ExchangeTerms>(8),
    credit: column.amount(),
    price: column.amount(),
    difference: column.amount(),
    paymentId: nullable(column.id()),
    reason: column.string(500),
    by: column.string(200),
    at: column.time(),
    expiresAt: nullable(column.time()),
    endedAt: nullable(column.time()),
  },
  indexes: [
    { name: 'order_exchange_order', columns: ['orderId', 'id'] },
    { name: 'order_exchange_expiry', columns: ['status', 'expiresAt'] },
    { name: 'order_exchange_new_line', columns: ['newLineId'], unique: true },
  ],
  foreignKeys: [
    { name: 'order_exchange_order_fk', columns: ['orderId'], references: () => orderTable, referenced: ['id'] },
    { name: 'order_exchange_line_fk', columns: ['lineId'], references: () => orderLineTable, referenced: ['id'] },
  ],
  checks: { order_exchange_amounts: 'quantity > 0 AND credit >= 0 AND price >= 0 AND difference = price - credit' },
})

export function toExchange({ newLine: _newLine, ...exchange }: ExchangeRow): OrderExchange {
  return exchange
}
