import * as z from 'zod'
import { id, line, mapPage, type Page, type PageInput, pageShape, type Reader, readPage } from '../kernel/index.js'
import { customerTable, toCustomer } from './customer.entity.js'
import type { Customer } from './customer.js'
import { customerNotFound } from './errors.js'

export interface CustomerIdInput {
  readonly customerId: string
}

export interface FindByUserInput {
  /** The host's own id of the user. */
  readonly externalUserId: string
}

export interface ListCustomersInput extends PageInput {
  /** Only those of this group. */
  readonly group?: string | undefined
  /** Only those with exactly this address. */
  readonly email?: string | undefined
}

export const customerIdSchema: z.ZodType<CustomerIdInput> = z.strictObject({ customerId: id })
export const findByUserSchema: z.ZodType<FindByUserInput> = z.strictObject({ externalUserId: line(255) })
export const listCustomersSchema: z.ZodType<ListCustomersInput> = z.strictObject({
  group: line(64).optional(),
  email: line(320).optional(),
  ...pageShape,
})

/** Customers by id, by one statement; those that do not exist are missing. */
export async function findCustomers(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Customer>> {
  const rows = await reader.find(customerTable, { id: ids })
  return new Map(rows.map((row) => [row.id, toCustomer(row)]))
}

/** @throws customer.not_found */
export async function getCustomer(reader: Reader, { customerId }: CustomerIdInput): Promise<Customer> {
  const customer = (await findCustomers(reader, [customerId])).get(customerId)
  if (!customer) throw customerNotFound({ customerId })
  return customer
}

/** The customer of a user, or null: whether there is one is what is asked. */
export async function findByUser(reader: Reader, { externalUserId }: FindByUserInput): Promise<Customer | null> {
  const row = await reader.findOne(customerTable, { externalUserId })
  return row ? toCustomer(row) : null
}

export async function listCustomers(reader: Reader, { group, email, ...page }: ListCustomersInput): Promise<Page<Customer>> {
  return mapPage(await readPage(reader, customerTable, { group, email }, page), toCustomer)
}
