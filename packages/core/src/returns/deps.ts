import type { Inventory } from '../inventory/index.js'
import type { Kernel } from '../kernel/index.js'
import type { Orders } from '../order/index.js'

/** What this room stands on. */
export interface ReturnsDeps {
  readonly kernel: Kernel
  readonly orders: Orders
  readonly inventory: Pick<Inventory, 'restock'>
}
