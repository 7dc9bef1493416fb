import { columns, inList, type Reader, sql } from '../kernel/index.js'
import type { Parcel } from '../ports/index.js'
import { shippingMethodTable } from './shipping.entity.js'
import { type ShippingMethod, type ShippingOption, tableOptions } from './shipping-method.js'

/** What can be said without asking anybody: the options of each parcel whose price a table gives, by supplier. One statement. */
export async function quote(reader: Reader, parcels: readonly Parcel[]): Promise<ReadonlyMap<string, readonly ShippingOption[]>> {
  return tableOptions(parcels, await methodsFor(reader, parcels, 'table'))
}

/** Methods that may carry some of the parcels, oldest first, by who gives their price. */
export async function methodsFor(
  reader: Reader,
  parcels: readonly Parcel[],
  priced: 'table' | 'carrier',
): Promise<readonly ShippingMethod[]> {
  if (parcels.length === 0) return []
  const suppliers = [...new Set(parcels.map((parcel) => parcel.supplierId))]
  const currencies = [...new Set(parcels.map((parcel) => parcel.currency))]
  const rows = await reader.all(sql`
    SELECT ${columns(shippingMethodTable)} FROM ${shippingMethodTable}
    WHERE removed_at IS NULL AND ${priced === 'table' ? sql`rates IS NOT NULL` : sql`rates IS NULL`}
      AND ${inList(sql`currency`, currencies)} AND (supplier_id IS NULL OR ${inList(sql`supplier_id`, suppliers)})
    ORDER BY id`)
  return rows.map(shippingMethodTable.read)
}
