import type { Kernel, Tx } from '../kernel/index.js'
import { type CustomerRow, customerTable } from './customer.entity.js'
import { customerErased, customerNotFound } from './errors.js'

/** What every use case of the room is given. */
export interface CustomerDeps {
  readonly kernel: Kernel
}

/** Locks a customer until the end of the transaction. @throws customer.not_found */
export async function lockCustomer(tx: Tx, customerId: string): Promise<CustomerRow> {
  const [row] = await tx.lock(customerTable, { id: customerId })
  if (!row) throw customerNotFound({ customerId })
  return row
}

/**
 * Locks a customer that personal data is about to be written for: under the lock an erasure comes either before, and is seen here, or after,
 * and blanks what is written now.
 * @throws customer.not_found, customer.erased
 */
export async function lockLivingCustomer(tx: Tx, customerId: string): Promise<CustomerRow> {
  const row = await lockCustomer(tx, customerId)
  if (row.erasedAt !== null) throw customerErased({ customerId })
  return row
}
