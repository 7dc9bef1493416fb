import type { Inventory } from '../inventory/index.js'
import type { Kernel } from '../kernel/index.js'
import type { Orders } from '../order/index.js'
import type { Adapters } from '../ports/index.js'
import type { Shipping } from '../shipping/index.js'

/** What this room stands on. */
export interface FulfilmentDeps {
  readonly kernel: Kernel
  readonly orders: Orders
  readonly inventory: Inventory
  readonly shipping: Pick<Shipping, 'find'>
  readonly adapters: Pick<Adapters, 'carriers'>
}
