import type { AnyTable } from '../kernel/index.js'
import { exchangeTable } from './exchange.entity.js'
import {
  orderChargebackTable,
  orderLineTable,
  orderRefundLineTable,
  orderRefundTable,
  orderTable,
  orderTimelineTable,
  supplierOrderTable,
} from './order.entity.js'

/** In the order of creation. */
export const orderTables: readonly AnyTable[] = [
  orderTable,
  supplierOrderTable,
  orderLineTable,
  orderTimelineTable,
  orderRefundTable,
  orderRefundLineTable,
  orderChargebackTable,
  exchangeTable,
]
