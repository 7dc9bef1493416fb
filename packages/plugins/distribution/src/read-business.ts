/** A distributor's own business: its links, orders and customers. */
import { type Page, type PageInput, pageShape, type Reader, readPageBy, sql, type Timestamp } from '@entrepot/core'
import * as z from 'zod'
import { type BindingRow, bindingTable } from './binding.entity.js'
import type { BindingSource } from './binding.js'
import { requireApproved, requireDistributor } from './distributor-store.js'
import { type DistributorIdInput, id, text } from './inputs.js'
import { linkTo } from './referral.js'
import { saleTable } from './sale.entity.js'
import type { DistributorOrder } from './sale.js'

export interface LinkInput extends DistributorIdInput {
  /** Any page of the shop. */
  readonly url: string
  /** The article, video or live stream that the link will stand in. */
  readonly content?: string | undefined
}

export interface ReferralLink {
  readonly url: string
  /** The code in it. */
  readonly code: string
}

export const linkInput: z.ZodType<LinkInput> = z.strictObject({
  distributorId: id,
  url: z.url({ protocol: /^https?$/ }).max(2000),
  content: text(120).optional(),
})

/** @throws distribution.not_found, distribution.not_approved */
export async function makeLink(reader: Reader, { distributorId, url, content }: LinkInput): Promise<ReferralLink> {
  const distributor = await requireDistributor(reader, distributorId)
  requireApproved(distributor)
  return { url: linkTo(url, distributor.code, content), code: distributor.code }
}

export interface ListOrdersInput extends DistributorIdInput, PageInput {
  /** 1: those that it brought itself. @default all */
  readonly tier?: number | undefined
}

export const listOrdersInput: z.ZodType<ListOrdersInput> = z.strictObject({
  distributorId: id,
  tier: z.int().min(1).max(3).optional(),
  ...pageShape,
})

export async function listOrders(reader: Reader, { distributorId, tier, ...page }: ListOrdersInput): Promise<Page<DistributorOrder>> {
  const conditions = [sql`distributor_id = ${distributorId}`, tier === undefined ? [] : sql`tier = ${tier}`].flat()
  const { items, next } = await readPageBy(reader, saleTable, { column: sql`order_id`, of: (row) => row.orderId }, conditions, page)
  return { items: items.map(({ distributorId: _, ...order }) => order), next }
}

/** A customer who belongs to a distributor. */
export interface BoundCustomer {
  readonly customerId: string
  readonly distributorId: string
  readonly boundAt: Timestamp
  /** Exclusive; after it, another's click takes the customer away. */
  readonly protectedUntil: Timestamp
  readonly source: BindingSource
}

export interface ListCustomersInput extends DistributorIdInput, PageInput {}

export const listCustomersInput: z.ZodType<ListCustomersInput> = z.strictObject({ distributorId: id, ...pageShape })

export async function listCustomers(reader: Reader, { distributorId, ...page }: ListCustomersInput): Promise<Page<BoundCustomer>> {
  // Visitors have no customer id, so they come after none.
  const key = { column: sql`customer_id`, of: (row: BindingRow) => row.customerId ?? '' }
  const { items, next } = await readPageBy(reader, bindingTable, key, [sql`distributor_id = ${distributorId}`], page)
  return { items: items.flatMap((row) => toCustomer(row) ?? []), next }
}

export interface BindingInput {
  readonly customerId: string
}

export const bindingInput: z.ZodType<BindingInput> = z.strictObject({ customerId: id })

export async function getBinding(reader: Reader, { customerId }: BindingInput): Promise<BoundCustomer | null> {
  const row = await reader.findOne(bindingTable, { customerId })
  return row ? toCustomer(row) : null
}

function toCustomer({ customerId, distributorId, boundAt, protectedUntil, source }: BindingRow): BoundCustomer | null {
  return customerId === null ? null : { customerId, distributorId, boundAt, protectedUntil, source }
}
