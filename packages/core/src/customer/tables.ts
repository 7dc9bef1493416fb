import type { AnyTable } from '../kernel/index.js'
import { contactTable, customerAddressTable } from './address.entity.js'
import { customerTable } from './customer.entity.js'

/** The room's tables, in the order in which they can be created. */
export const customerTables: readonly AnyTable[] = [customerTable, customerAddressTable, contactTable]
