import type { Kernel, Reader, Tx } from '../kernel/index.js'
import { confirm } from './confirm.js'
import { fulfil } from './fulfil.js'
import { createInventoryService, type InventoryService } from './inventory-service.js'
import { available } from './read-stock.js'
import { release, releaseExpired } from './release.js'
import type { ReservedUnits } from './reservation.js'
import { type ReserveRequest, reserve } from './reserve.js'
import { type RestockItem, restock } from './restock.js'

/** The room: its API, and what upper rooms call inside their transactions. */
export interface Inventory {
  readonly service: InventoryService
  /** What a buyer may have of each offer, by offer id; one statement. A distributor's own allotment counts for it and for nobody else. */
  available(reader: Reader, offerIds: readonly string[], distributorId: string | null): Promise<ReadonlyMap<string, number>>
  /** Promises all items or none. @throws inventory.insufficient, inventory.already_reserved */
  reserve(tx: Tx, request: ReserveRequest): Promise<void>
  /** Keeps what is promised for good, since it is paid. @returns false where nothing lives that could be kept */
  confirm(tx: Tx, reference: string): Promise<boolean>
  /** Puts goods back on sale; all that the reference holds, unless lines are given. With a `source`, once. */
  release(tx: Tx, reference: string, lines?: readonly ReservedUnits[], source?: string): Promise<void>
  /** Goods leave for whom they were promised. With a `source`, once. @throws inventory.not_reserved */
  fulfil(tx: Tx, reference: string, items: readonly ReservedUnits[], source?: string): Promise<void>
  /** Goods came back and are for sale again. With a `source`, once. */
  restock(tx: Tx, items: readonly RestockItem[], source?: string): Promise<void>
  /** What the recurring job does: puts back what was not confirmed in time. @returns how many reservations have lapsed */
  releaseExpired(): Promise<number>
}

export interface InventoryDeps {
  readonly kernel: Kernel
}

const sweepMillis = 60_000

export function createInventory({ kernel }: InventoryDeps): Inventory {
  const sweep = releaseExpired(kernel)
  kernel.jobs.every('inventory.releaseExpired', { everyMillis: sweepMillis }, async () => {
    await sweep()
  })
  return {
    service: createInventoryService(kernel),
    available,
    reserve: reserve(kernel),
    confirm,
    release,
    fulfil: fulfil(kernel),
    restock: restock(kernel),
    releaseExpired: sweep,
  }
}
