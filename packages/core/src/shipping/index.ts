/**
 * Shipping: by which methods a supplier's parcel may be sent, and what each costs the customer.
 *
 * Invariants:
 * - A method says its price by a table, or leaves it to its carrier; never both.
 * - Where nothing in a method's table fits a parcel, the method is not offered: there is no price by default.
 * - Tables are read inside a transaction, carriers are asked outside one. A carrier that fails takes only its own methods away.
 * - A removed method stays as a row: orders point to it.
 */
export type { CreateShippingMethodInput } from './create-method.js'
export type { ListShippingMethodsInput } from './list-methods.js'
export type { RemoveShippingMethodInput } from './remove-method.js'
export { shippingTables } from './shipping.entity.js'
export { createShipping, type Shipping, type ShippingDeps } from './shipping.js'
export type { ShippingMethod, ShippingOption, ShippingRate } from './shipping-method.js'
export type { ShippingService } from './shipping-service.js'
