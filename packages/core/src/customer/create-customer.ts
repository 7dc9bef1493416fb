import * as z from 'zod'
import { line, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { type CustomerRow, customerTable, toCustomer } from './customer.entity.js'
import type { Customer } from './customer.js'
import { userTaken } from './errors.js'
import { emitCustomer } from './events.js'
import { email, locale, phone } from './inputs.js'
import type { CustomerDeps } from './lock-customer.js'

export interface CreateCustomerInput {
  /** The host's own id of the user, up to 255 characters; left out for a guest. */
  readonly externalUserId?: string | undefined
  readonly email?: string | undefined
  readonly name?: string | undefined
  readonly phone?: string | undefined
  /** The host's own name of a group that has prices of its own. */
  readonly group?: string | undefined
  /** BCP 47 */
  readonly locale?: string | undefined
  readonly metadata?: Metadata | undefined
}

export const createCustomerSchema: z.ZodType<CreateCustomerInput> = z.strictObject({
  externalUserId: line(255).optional(),
  email: email.optional(),
  name: line(200).optional(),
  phone: phone.optional(),
  group: line(64).optional(),
  locale: locale.optional(),
  metadata: metadata.optional(),
})

/** Creates a customer, or a guest, who is a customer without a user. @throws customer.user_taken */
export function createCustomer({ kernel }: CustomerDeps): (tx: Tx, input: CreateCustomerInput) => Promise<Customer> {
  return async (tx, input) => {
    const { externalUserId = null, email = null, name = null, phone = null, group = null, locale = null, metadata = {} } = input
    const profile = { externalUserId, email, name, phone, group, locale, metadata }
    const row: CustomerRow = { id: kernel.ids('cus'), ...profile, createdAt: tx.now, updatedAt: tx.now, erasedAt: null }
    const inserted = await tx.insertMissing(customerTable, [row])
    if (inserted === 0) throw userTaken({})
    emitCustomer(tx, 'customer.created', row.id, { customerId: row.id })
    return toCustomer(row)
  }
}
