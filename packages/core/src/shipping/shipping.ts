import type { Kernel, Reader } from '../kernel/index.js'
import type { Adapters, Parcel } from '../ports/index.js'
import { quote } from './quote.js'
import { quoteCarriers } from './quote-carriers.js'
import { shippingMethodTable } from './shipping.entity.js'
import type { ShippingMethod, ShippingOption } from './shipping-method.js'
import { createShippingService, type ShippingService } from './shipping-service.js'

/** The room: its API, and what upper rooms call. */
export interface Shipping {
  readonly service: ShippingService
  /** Methods by id, removed ones too: what an order was sent by. */
  find(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, ShippingMethod>>
  /** The options of each supplier's parcel whose price a table gives; one statement. Every parcel has an entry. */
  quote(reader: Reader, parcels: readonly Parcel[]): Promise<ReadonlyMap<string, readonly ShippingOption[]>>
  /** The options whose price a carrier gives. Calls the outside, so it is refused inside a transaction. @throws tx.outside_call */
  quoteCarriers(parcels: readonly Parcel[]): Promise<ReadonlyMap<string, readonly ShippingOption[]>>
}

export interface ShippingDeps {
  readonly kernel: Kernel
  readonly adapters: Pick<Adapters, 'carriers'>
}

export function createShipping({ kernel, adapters: { carriers } }: ShippingDeps): Shipping {
  return {
    service: createShippingService(kernel, carriers),
    async find(reader, ids) {
      const methods = ids.length === 0 ? [] : await reader.find(shippingMethodTable, { id: ids })
      return new Map(methods.map((method) => [method.id, method]))
    },
    quote,
    quoteCarriers: quoteCarriers(kernel, carriers),
  }
}
