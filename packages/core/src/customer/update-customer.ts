import * as z from 'zod'
import { id, line, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { type CustomerRow, customerTable, toCustomer } from './customer.entity.js'
import type { Customer } from './customer.js'
import { userTaken } from './errors.js'
import { emitCustomer } from './events.js'
import { email, locale, phone } from './inputs.js'
import { type CustomerDeps, lockLivingCustomer } from './lock-customer.js'

/** Another profile. What is not given stays; null empties. */
export interface UpdateCustomerInput {
  readonly customerId: string
  /** A guest who registers gets the id of its user here. */
  readonly externalUserId?: string | null | undefined
  readonly email?: string | null | undefined
  readonly name?: string | null | undefined
  readonly phone?: string | null | undefined
  readonly group?: string | null | undefined
  /** BCP 47 */
  readonly locale?: string | null | undefined
  /** Replaces all metadata. */
  readonly metadata?: Metadata | undefined
}

export const updateCustomerSchema: z.ZodType<UpdateCustomerInput> = z.strictObject({
  customerId: id,
  externalUserId: line(255).nullable().optional(),
  email: email.nullable().optional(),
  name: line(200).nullable().optional(),
  phone: phone.nullable().optional(),
  group: line(64).nullable().optional(),
  locale: locale.nullable().optional(),
  metadata: metadata.optional(),
})

/** @throws customer.not_found, customer.erased, customer.user_taken */
export function updateCustomer({ kernel }: CustomerDeps): (tx: Tx, input: UpdateCustomerInput) => Promise<Customer> {
  return async (tx, { customerId, ...changes }) => {
    const row = await lockLivingCustomer(tx, customerId)
    const given: Partial<CustomerRow> = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    const write = () => tx.update(customerTable, { ...given, updatedAt: tx.now }, { id: customerId })
    // Only another user id can meet another customer's; PostgreSQL needs a savepoint to survive that.
    if (given.externalUserId) await tx.savepoint(write).catch((error: unknown) => refuseTaken(error, kernel))
    else await write()
    emitCustomer(tx, 'customer.updated', customerId, { customerId })
    return toCustomer({ ...row, ...given, updatedAt: tx.now })
  }
}

function refuseTaken(error: unknown, { database }: CustomerDeps['kernel']): never {
  throw database.dialect.isUniqueViolation(error) ? userTaken({}, error) : error
}
