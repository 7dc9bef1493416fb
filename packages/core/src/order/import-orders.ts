import * as z from 'zod'
import type { Localized } from '../catalog/index.js'
import { amount, type Caller, id, line, type Metadata, metadata, quantity, type Tx, time } from '../kernel/index.js'
import { currency, sumAmounts } from '../money/index.js'
import { clearingOf } from '../payment/index.js'
import { supplierTable } from '../supplier/index.js'
import { allParts, bookCaptures } from './capture-order.js'
import { emitOrder, type OrderDeps } from './deps.js'
import { draftOrder, type LineTerms, type OrderHeading } from './draft.js'
import { importRefused, unknownSupplier } from './errors.js'
import type { OrderCapture } from './hooks.js'
import { orderTable } from './order.entity.js'
import type { LineDiscount, LineTax, OrderAggregate } from './order.js'
import { storeOrders } from './place-order.js'

/** A line as it was sold elsewhere; amounts in minor units of the order's currency. */
export interface ImportLine {
  readonly supplierId: string
  readonly offerId?: string | undefined
  /** The product, as commission rules and statements name it: ours, or its source's. */
  readonly productRef?: string | undefined
  /** Slugs from the root, as commission rules name it: `shoes/running`. */
  readonly categoryPath?: string | undefined
  readonly sku?: string | undefined
  /** In one language, or in several by BCP 47. */
  readonly title?: string | Localized | undefined
  readonly quantity: number
  /** Unit price × quantity, before discounts; `unitPrice` may stand instead. */
  readonly price?: number | undefined
  readonly unitPrice?: number | undefined
  readonly discounts?: readonly LineDiscount[] | undefined
  readonly tax?: LineTax | undefined
  /** The line's part of its parcel's shipping. @default 0 */
  readonly shipping?: number | undefined
  /** Of the whole quantity. */
  readonly weightGrams?: number | undefined
  /** @default true */
  readonly shippable?: boolean | undefined
  /** Ids of the distributors that earn, tier 1 first; found by the distribution plugin unless given. */
  readonly distributors?: readonly string[] | undefined
  readonly metadata?: Metadata | undefined
}

/** An order as it was placed elsewhere. */
export interface ImportOrder {
  /** Its id where it comes from; an order that was imported under it before is left as it is. */
  readonly externalId?: string | undefined
  /** Its number for people; one of our own unless given. */
  readonly number?: string | undefined
  readonly currency: string
  readonly customerId?: string | undefined
  readonly channel?: string | undefined
  readonly distributorId?: string | undefined
  /** ISO 8601 with an offset. */
  readonly placedAt: string
  /** That it was paid in full, and when, by ways other than our payments; a refund goes back by the same. Absent: it is still to be paid, by `orders.pay`. */
  readonly paid?: { readonly provider: 'external'; readonly capturedAt: string } | undefined
  readonly lines: readonly ImportLine[]
  readonly metadata?: Metadata | undefined
}

export interface ImportOrdersInput {
  readonly orders: readonly ImportOrder[]
}

export interface ImportOrdersOutput {
  /** In the order of the input. */
  readonly orders: readonly ImportedOrder[]
}

export interface ImportedOrder {
  readonly id: string
  readonly number: string
  readonly externalId: string | null
  /** False where it was there from an earlier import; then `lineIds` is empty. */
  readonly imported: boolean
  /** In the order of the input's lines. */
  readonly lineIds: readonly string[]
}

const discount: z.ZodType<LineDiscount> = z
  .object({
    source: line(120),
    code: line(120).nullable(),
    label: z.string().max(200),
    amount,
    funders: z
      .array(z.object({ party: line(120), amount }))
      .min(1)
      .max(10),
  })
  .refine((given) => sumAmounts(given.funders.map((funder) => funder.amount)) === given.amount, 'the funders must pay the amount')
const tax: z.ZodType<LineTax> = z.object({
  percent: z.number().min(0).max(1000),
  included: z.boolean(),
  remits: z.enum(['supplier', 'platform']),
  amount,
})
const importLine: z.ZodType<ImportLine> = z
  .object({
    supplierId: id,
    offerId: id.optional(),
    productRef: line(120).optional(),
    categoryPath: line(500).optional(),
    sku: line(120).optional(),
    title: z.union([z.string().max(500), z.record(z.string().max(35), z.string().max(500))]).optional(),
    quantity,
    price: amount.optional(),
    unitPrice: amount.optional(),
    discounts: z.array(discount).max(50).optional(),
    tax: tax.optional(),
    shipping: amount.optional(),
    weightGrams: amount.optional(),
    shippable: z.boolean().optional(),
    distributors: z.array(id).max(10).optional(),
    metadata: metadata.optional(),
  })
  .refine(({ price, unitPrice }) => (price === undefined) !== (unitPrice === undefined), 'give price or unitPrice')
  .refine((given) => Number.isSafeInteger(priceOf(given)), 'unit price × quantity must be a safe integer')
  .refine((given) => discountOf(given) <= priceOf(given), 'discounts must not be above the price')
const order: z.ZodType<ImportOrder> = z.object({
  externalId: line(120).optional(),
  number: line(40).optional(),
  currency,
  customerId: id.optional(),
  channel: line(60).optional(),
  distributorId: id.optional(),
  placedAt: time,
  paid: z.object({ provider: z.literal('external'), capturedAt: time }).optional(),
  lines: z.array(importLine).min(1).max(2000),
  metadata: metadata.optional(),
})
export const importOrdersSchema: z.ZodType<ImportOrdersInput> = z.object({
  orders: z
    .array(order)
    .min(1)
    .max(1000)
    .refine((orders) => distinct(orders.flatMap(({ externalId }) => externalId ?? [])), 'an external id stands here once')
    .refine((orders) => distinct(orders.flatMap(({ number }) => number ?? [])), 'a number stands here once'),
})

function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

/**
 * Brings in past orders with the prices and dates that they had, for the host's own code alone. Terms are frozen and claims booked as of those dates, by the same
 * hooks as for new orders; no stock is touched, and nobody is written to. A number of statements that does not grow with orders or lines.
 * @throws order.import_refused, order.unknown_supplier, order.number_taken
 */
export function importOrders(deps: OrderDeps) {
  const { kernel, hooks, note } = deps
  return async (tx: Tx, { orders }: ImportOrdersInput, { by, actor }: Pick<Caller, 'by' | 'actor'>): Promise<ImportOrdersOutput> => {
    if (actor !== undefined) throw importRefused({ by })
    await assertSuppliers(tx, orders)
    const externalId = orders.flatMap((given) => given.externalId ?? [])
    const earlier = new Map(externalId.length === 0 ? [] : (await tx.find(orderTable, { externalId })).map((row) => [row.externalId, row]))
    const fresh = orders.map((given) =>
      earlier.has(given.externalId ?? null) ? undefined : draftOrder(kernel.ids, headingOf(given, by), given.lines.map(lineTerms)),
    )
    const drafts = fresh.flatMap((draft) => draft ?? [])
    if (drafts.length > 0) {
      await storeOrders(tx, drafts)
      await note(
        tx,
        drafts.flatMap(({ order: { id: orderId, paidAt } }) => (paidAt === null ? [] : [{ orderId, type: 'paid', by, at: paidAt }])),
      )
      for (const {
        order: { id: orderId, externalId: from },
      } of drafts)
        emitOrder(tx, 'order.imported', orderId, { orderId, externalId: from })
      await hooks.run(tx, 'order.placing', { orders: drafts.map((draft) => ({ ...draft, imported: true })) })
      await bookCaptures(deps, tx, drafts.flatMap(captured))
    }
    return { orders: orders.map((given, index) => imported(fresh[index], earlier.get(given.externalId ?? null))) }
  }
}

async function assertSuppliers(tx: Tx, orders: readonly ImportOrder[]): Promise<void> {
  const wanted = [...new Set(orders.flatMap((given) => given.lines.map((of) => of.supplierId)))]
  const known = new Set((await tx.find(supplierTable, { id: wanted })).map((supplier) => supplier.id))
  const suppliers = wanted.filter((supplierId) => !known.has(supplierId))
  if (suppliers.length > 0) throw unknownSupplier({ suppliers })
}

function headingOf(given: ImportOrder, placedBy: string): OrderHeading {
  return {
    cartId: null,
    externalId: given.externalId ?? null,
    number: given.number,
    customerId: given.customerId ?? null,
    contactId: null,
    currency: given.currency,
    channel: given.channel ?? null,
    attribution: null,
    distributorId: given.distributorId ?? null,
    codes: [],
    paidBy: given.paid?.provider ?? null,
    placedAt: given.placedAt,
    placedBy,
    paidAt: given.paid?.capturedAt ?? null,
    expiresAt: null,
    metadata: given.metadata ?? {},
  }
}

function priceOf({ price, unitPrice, quantity: count }: ImportLine): number {
  return price ?? (unitPrice ?? 0) * count
}

function discountOf({ discounts = [] }: ImportLine): number {
  return sumAmounts(discounts.map((given) => given.amount))
}

function lineTerms(given: ImportLine): LineTerms {
  const price = priceOf(given)
  const onTop = given.tax && !given.tax.included ? given.tax.amount : 0
  return {
    supplierId: given.supplierId,
    offerId: given.offerId ?? null,
    productId: given.productRef ?? null,
    variantId: null,
    categoryPath: given.categoryPath ?? null,
    sku: given.sku ?? null,
    names: typeof given.title === 'string' ? { und: given.title } : (given.title ?? {}),
    variantTitle: '',
    quantity: given.quantity,
    // Of a price that is no multiple of the quantity the unit price is what a person would say; the price is what counts.
    unitPrice: given.unitPrice ?? Math.round(price / given.quantity),
    priceListId: null,
    price,
    discounts: given.discounts ?? [],
    tax: given.tax ?? null,
    goods: sumAmounts([price, -discountOf(given), onTop]),
    shipping: given.shipping ?? 0,
    weightGrams: given.weightGrams ?? null,
    shippable: given.shippable ?? true,
    attribution: null,
    distributors: given.distributors ?? null,
    metadata: given.metadata ?? {},
  }
}

/** An order that was paid is captured in full when it was paid. */
function captured(draft: OrderAggregate): readonly OrderCapture[] {
  const { order: paid, lines } = draft
  if (paid.paidAt === null) return []
  const capture = { paymentId: null, captureId: paid.id, amount: paid.total, complete: true, at: paid.paidAt }
  return [{ ...draft, ...capture, parts: allParts(lines), clearing: clearingOf(paid.paidBy ?? 'none') }]
}

function imported(draft: OrderAggregate | undefined, earlier: OrderAggregate['order'] | undefined): ImportedOrder {
  const of = draft?.order ?? earlier
  return {
    id: of?.id ?? '',
    number: of?.number ?? '',
    externalId: of?.externalId ?? null,
    imported: draft !== undefined,
    lineIds: draft?.lines.map((its) => its.id) ?? [],
  }
}
