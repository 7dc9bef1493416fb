import type { Callable, Kernel, Page } from '../kernel/index.js'
import type { Carrier } from '../ports/index.js'
import { type CreateShippingMethodInput, createMethod, createMethodSchema } from './create-method.js'
import { type ListShippingMethodsInput, listMethods, listMethodsSchema } from './list-methods.js'
import { type RemoveShippingMethodInput, removeMethod, removeMethodSchema } from './remove-method.js'
import type { ShippingMethod } from './shipping-method.js'

/** `commerce.shipping` */
export interface ShippingService {
  /** Offers a way to send parcels, for one supplier or for all. @throws shipping.carrier_unknown */
  readonly createMethod: Callable<CreateShippingMethodInput, ShippingMethod>
  /** Methods that are offered, oldest first. */
  readonly listMethods: Callable<ListShippingMethodsInput, Page<ShippingMethod>>
  /** Offers a method no more. @throws shipping.method_not_found */
  readonly removeMethod: Callable<RemoveShippingMethodInput, void>
}

export function createShippingService(kernel: Kernel, carriers: readonly Carrier[]): ShippingService {
  const { command, query } = kernel.useCases
  return {
    createMethod: command('shipping.createMethod', createMethodSchema, createMethod(kernel, carriers)),
    listMethods: query('shipping.listMethods', listMethodsSchema, listMethods),
    removeMethod: command('shipping.removeMethod', removeMethodSchema, removeMethod),
  }
}
