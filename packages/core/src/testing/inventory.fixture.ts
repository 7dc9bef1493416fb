/** The room with one warehouse, as its tests begin. */
import {
  createInventory,
  type Inventory,
  type InventoryEvents,
  inventoryTables,
  type ReserveRequest,
  stockTable,
} from '../inventory/index.js'
import { createTables, type Tx } from '../kernel/index.js'
import { openTestKernel, type TestDatabase, type TestKernel } from './databases.js'

export interface InventoryFixture extends TestKernel {
  readonly inventory: Inventory
  readonly locationId: string
  /** Offers' units on hand at the fixture's location, set by one statement. */
  stock(onHand: Readonly<Record<string, number>>): Promise<void>
  /** Runs tx-level functions in a transaction of their own. */
  inTx<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  /** One line, by default of 1 `tea` for `order`, that expires in 15 minutes. */
  reserve(request: Partial<ReserveRequest> & { readonly quantity?: number }): Promise<void>
  /** Events that were told so far. */
  heard<Name extends keyof InventoryEvents>(name: Name): readonly InventoryEvents[Name][]
  /** How many statements work sends, transaction control in. */
  count(work: () => Promise<unknown>): Promise<number>
}

export const expiry = '2026-01-01T00:15:00.000Z'

export async function openInventory(database: TestDatabase): Promise<InventoryFixture> {
  const opened = await openTestKernel(database, [{ owner: 'inventory', migrations: [createTables('0001', inventoryTables)] }])
  const { kernel } = opened
  const inventory = createInventory({ kernel })
  const { id: locationId } = await inventory.service.createLocation({ name: 'Shanghai' })
  const told: { name: string; event: unknown }[] = []
  for (const name of ['inventory.low', 'inventory.reservation_lapsed'])
    kernel.events.on(name, (event: unknown) => told.push({ name, event }))
  const inTx: InventoryFixture['inTx'] = (work) => kernel.database.transaction(undefined, work)
  return {
    ...opened,
    inventory,
    locationId,
    inTx,
    stock: (onHand) =>
      inTx((tx) =>
        tx.insert(
          stockTable,
          Object.entries(onHand).map(([offerId, units]) => ({
            id: kernel.ids('stk'),
            offerId,
            locationId,
            onHand: units,
            reserved: 0,
            safety: 0,
            lowAt: 0,
            updatedAt: tx.now,
          })),
        ),
      ),
    reserve: ({ quantity = 1, ...request }) =>
      inTx((tx) =>
        inventory.reserve(tx, {
          reference: 'order',
          expiresAt: expiry,
          distributorId: null,
          items: [{ lineId: 'l1', offerId: 'tea', quantity }],
          ...request,
        }),
      ),
    heard: <Name extends keyof InventoryEvents>(name: Name) =>
      told.filter((entry) => entry.name === name).map((entry) => entry.event as InventoryEvents[Name]),
    async count(work) {
      let statements = 0
      const stop = kernel.database.observe(() => statements++)
      await work()
      stop()
      return statements
    },
  }
}
