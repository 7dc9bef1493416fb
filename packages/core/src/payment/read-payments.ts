import * as z from 'zod'
import { groupBy, id, join, mapPage, type Page, type PageInput, pageShape, type Reader, readPage, sql, type Tx } from '../kernel/index.js'
import { paymentNotFound } from './errors.js'
import type { PaymentIdInput } from './inputs.js'
import { paymentTable, refundTable, toPayment, toRefund } from './payment.entity.js'
import { openStatuses, type Payment } from './payment.js'
import type { Refund } from './refund.js'

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

export const listPaymentsSchema: z.ZodType<ListPaymentsInput> = z.object({
  ...pageShape,
  reference: id.optional(),
  open: z.boolean().optional(),
})
export const listRefundsSchema: z.ZodType<ListRefundsInput> = z.object({
  ...pageShape,
  paymentId: id.optional(),
  reference: id.optional(),
  status: z.enum(['pending', 'succeeded', 'failed']).optional(),
})

/** @throws payment.not_found */
export async function getPayment(reader: Reader, { paymentId }: PaymentIdInput): Promise<Payment> {
  const row = await reader.findOne(paymentTable, { id: paymentId })
  if (!row) throw paymentNotFound({ paymentId })
  return toPayment(row)
}

export async function listPayments(reader: Reader, { reference, open, ...page }: ListPaymentsInput): Promise<Page<Payment>> {
  const further = open === undefined ? [] : [sql`status ${open ? sql`IN` : sql`NOT IN`} (${join(openStatuses)})`]
  return mapPage(await readPage(reader, paymentTable, { reference }, page, further), toPayment)
}

export async function listRefunds(reader: Reader, { paymentId, reference, status, ...page }: ListRefundsInput): Promise<Page<Refund>> {
  return mapPage(await readPage(reader, refundTable, { paymentId, reference, status }, page), toRefund)
}

/** The payments of a reference, oldest first; with `lock`, none of them changes before the transaction ends. */
export async function paymentsOfReference(reader: Reader | Tx, reference: string, lock = false): Promise<readonly Payment[]> {
  const rows =
    lock && 'lock' in reader
      ? await reader.lock(paymentTable, { reference })
      : await reader.find(paymentTable, { reference }, { orderBy: ['id'] })
  return rows.map(toPayment)
}

/** The payments of several references, oldest first, by one statement. @returns by reference */
export async function paymentsOfReferences(
  reader: Reader,
  references: readonly string[],
): Promise<ReadonlyMap<string, readonly Payment[]>> {
  const rows = await reader.find(paymentTable, { reference: references }, { orderBy: ['id'] })
  return groupBy(rows.map(toPayment), (payment) => payment.reference)
}

/** The refunds of payments, oldest first, by one statement. */
export async function refundsOfPayments(reader: Reader, paymentIds: readonly string[]): Promise<readonly Refund[]> {
  return (await reader.find(refundTable, { paymentId: paymentIds }, { orderBy: ['id'] })).map(toRefund)
}
