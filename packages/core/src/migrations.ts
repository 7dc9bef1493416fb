/** Core's migrations, room by room, lower floors first. */
import { cartTables } from './cart/index.js'
import { catalogTables } from './catalog/index.js'
import { commissionTables } from './commission/index.js'
import { customerTables } from './customer/index.js'
import { fulfilmentTables } from './fulfilment/index.js'
import { inventoryTables } from './inventory/index.js'
import {
  type AnyTable,
  createTables,
  kernelMigrations,
  kernelTables,
  type Migration,
  type MigrationSet,
  migrationTables,
} from './kernel/index.js'
import { ledgerTables } from './ledger/index.js'
import { orderTables } from './order/index.js'
import { paymentTables } from './payment/index.js'
import { pricingTables } from './pricing/index.js'
import { reconciliationTables } from './reconciliation/index.js'
import { returnTables } from './returns/index.js'
import { settlementMigrations, settlementTables } from './settlement/index.js'
import { shippingTables } from './shipping/index.js'
import { supplierTables } from './supplier/index.js'
import { taxTables } from './tax/index.js'

const rooms: Readonly<Record<string, readonly AnyTable[]>> = {
  supplier: supplierTables,
  customer: customerTables,
  tax: taxTables,
  ledger: ledgerTables,
  catalog: catalogTables,
  pricing: pricingTables,
  inventory: inventoryTables,
  shipping: shippingTables,
  payment: paymentTables,
  cart: cartTables,
  order: orderTables,
  fulfilment: fulfilmentTables,
  returns: returnTables,
  commission: commissionTables,
  settlement: settlementTables,
  reconciliation: reconciliationTables,
}

/** Every table of core, referenced tables first. */
export const coreTables: readonly AnyTable[] = [...migrationTables, ...kernelTables, ...Object.values(rooms).flat()]

/** The migrations of rooms that have changed since their first. */
const changed: Readonly<Record<string, readonly Migration[]>> = { settlement: settlementMigrations }

/** A released migration never changes; what comes after is appended to its room's list. */
export const coreMigrations: readonly MigrationSet[] = [
  kernelMigrations,
  ...Object.entries(rooms).map(([owner, tables]) => ({ owner, migrations: changed[owner] ?? [createTables('0001-initial', tables)] })),
]
