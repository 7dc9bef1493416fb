import type { Carts } from '../cart/index.js'
import type { Catalog } from '../catalog/index.js'
import type { Inventory } from '../inventory/index.js'
import { type Emit, emit, type Hooks, type Kernel } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import type { Payments } from '../payment/index.js'
import type { OrderEvents } from './events.js'
import type { OrderHooks } from './hooks.js'
import type { Note } from './timeline.js'

/** What the room's use cases are built from. */
export interface OrderDeps {
  readonly kernel: Kernel
  readonly hooks: Hooks<OrderHooks>
  readonly carts: Pick<Carts, 'quoteTax' | 'claim' | 'complete'>
  readonly catalog: Pick<Catalog, 'offers'>
  readonly inventory: Pick<Inventory, 'reserve' | 'confirm' | 'release'>
  readonly payments: Payments
  readonly ledger: Pick<Ledger, 'post'>
  readonly note: Note
  /** How long the stock of an unpaid order waits for its payment. */
  readonly payWithinMillis: number
}

export const emitOrder: Emit<OrderEvents> = emit
