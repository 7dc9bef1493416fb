import { type AnyTable, column, defineTable, nullable, type Table } from '../kernel/index.js'
import type { ShippingMethod, ShippingRate } from './shipping-method.js'

/** A method is public as it lies. */
export type ShippingMethodRow = { -readonly [Key in keyof ShippingMethod]: ShippingMethod[Key] }

export const shippingMethodTable: Table<ShippingMethodRow> = defineTable<ShippingMethodRow>({
  name: 'shipping_method',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    supplierId: nullable(column.id()),
    name: column.string(200),
    carrier: nullable(column.string(40)),
    service: nullable(column.string(100)),
    countries: nullable(column.json<readonly string[]>()),
    regions: nullable(column.json<readonly string[]>()),
    rates: nullable(column.json<readonly ShippingRate[]>()),
    currency: column.string(3),
    freeFrom: nullable(column.amount()),
    allocate: column.string<'price' | 'weight'>(8),
    metadata: column.json<ShippingMethod['metadata']>(),
    createdAt: column.time(),
    removedAt: nullable(column.time()),
  },
  indexes: [{ name: 'shipping_method_supplier', columns: ['supplierId', 'id'] }],
  checks: { shipping_method_priced: 'rates IS NOT NULL OR carrier IS NOT NULL', shipping_method_free_from: 'free_from >= 0' },
})

export const shippingTables: readonly AnyTable[] = [shippingMethodTable]
