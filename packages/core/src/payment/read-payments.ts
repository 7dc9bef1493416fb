import * as z from 'zod'
import { columns, join, type Reader, type Sql, sql, type Table, type Tx } from '../kernel/index.js'
import { paymentNotFound } from './errors.js'
import { idSchema, type PaymentIdInput } from './inputs.js'
import { type PaymentRow, paymentTable, type RefundRow, refundTable, toPayment, toRefund } from './payment.entity.js'
import { openStatuses, type Payment } from './payment.js'
import type { Refund } from './refund.js'

/** A part of a list, in the order of creation. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Give it as `after` to read on; null at the end. */
  readonly next: string | null
}

interface PageInput {
  /** 1 to 200. @default 50 */
  readonly limit?: number | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

export interface ListPaymentsInput extends PageInput {
  /** Only those of this reference: of an order. */
  readonly reference?: string | undefined
  /** Only those that the provider says nothing final about yet. */
  readonly open?: boolean | undefined
}

export interface ListRefundsInput extends PageInput {
  readonly paymentId?: string | undefined
  /** Only those of this cause. */
  readonly reference?: string | undefined
  readonly status?: Refund['status'] | undefined
}

const page = { limit: z.int().min(1).max(200).optional(), after: idSchema.optional() }
export const listPaymentsSchema: z.ZodType<ListPaymentsInput> = z.object({
  ...page,
  reference: idSchema.optional(),
  open: z.boolean().optional(),
})
export const listRefundsSchema: z.ZodType<ListRefundsInput> = z.object({
  ...page,
  paymentId: idSchema.optional(),
  reference: idSchema.optional(),
  status: z.enum(['pending', 'succeeded', 'failed']).optional(),
})

/** @throws payment.not_found */
export async function getPayment(reader: Reader, { paymentId }: PaymentIdInput): Promise<Payment> {
  const row = await reader.findOne(paymentTable, { id: paymentId })
  if (!row) throw paymentNotFound({ paymentId })
  return toPayment(row)
}

export async function listPayments(reader: Reader, { reference, open, ...input }: ListPaymentsInput): Promise<Page<Payment>> {
  const conditions: Sql[] = []
  if (reference !== undefined) conditions.push(sql`reference = ${reference}`)
  if (open !== undefined) conditions.push(sql`status ${open ? sql`IN` : sql`NOT IN`} (${join(openStatuses)})`)
  return readPage(reader, paymentTable, conditions, input, toPayment)
}

export async function listRefunds(reader: Reader, { paymentId, reference, status, ...input }: ListRefundsInput): Promise<Page<Refund>> {
  const conditions: Sql[] = []
  if (paymentId !== undefined) conditions.push(sql`payment_id = ${paymentId}`)
  if (reference !== undefined) conditions.push(sql`reference = ${reference}`)
  if (status !== undefined) conditions.push(sql`status = ${status}`)
  return readPage(reader, refundTable, conditions, input, toRefund)
}

async function readPage<Row extends PaymentRow | RefundRow, Item>(
  reader: Reader,
  table: Table<Row>,
  conditions: readonly Sql[],
  { limit = 50, after = '' }: PageInput,
  show: (row: Row) => Item,
): Promise<Page<Item>> {
  const where = join([sql`id > ${after}`, ...conditions], ' AND ')
  // One more than asked for tells whether there is a next page.
  const rows = (await reader.all(sql`SELECT ${columns(table)} FROM ${table} WHERE ${where} ORDER BY id LIMIT ${limit + 1}`)).map(table.read)
  const items = rows.slice(0, limit)
  return { items: items.map(show), next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** The payments of a reference, oldest first; with `lock`, none of them changes before the transaction ends. */
export async function paymentsOfReference(reader: Reader | Tx, reference: string, lock = false): Promise<readonly Payment[]> {
  const rows =
    lock && 'lock' in reader
      ? await reader.lock(paymentTable, { reference })
      : await reader.find(paymentTable, { reference }, { orderBy: ['id'] })
  return rows.map(toPayment)
}

/** The refunds of payments, oldest first, by one statement. */
export async function refundsOfPayments(reader: Reader, paymentIds: readonly string[]): Promise<readonly Refund[]> {
  return (await reader.find(refundTable, { paymentId: paymentIds }, { orderBy: ['id'] })).map(toRefund)
}
