import type { Metadata, Timestamp, Tx } from '@entrepot/core'
import * as z from 'zod'
import type { PromotionsContext } from './context.js'
import { codeTaken, emptyValidity } from './errors.js'
import { amount, code, currency, id, metadata, percent, text, time } from './inputs.js'
import { type PromotionRow, promotionTable, toMillionths, toPromotion } from './promotion.entity.js'
import type { Funders, Promotion } from './promotion.js'

export interface CreatePromotionInput {
  /** What the customer reads. */
  readonly name: string
  /** What the customer enters, in any case; unless given, it is granted by itself. */
  readonly code?: string | undefined
  /** Carts of this currency alone. Needed with any amount. @default any */
  readonly currency?: string | undefined
  /** Minor units that it takes off; either this or `percent`. */
  readonly amount?: number | undefined
  /** Of the goods in its scope, at their price before any discount. */
  readonly percent?: number | undefined
  /** The most minor units that the percentage takes off. */
  readonly atMost?: number | undefined
  /** Minor units that the goods in its scope must cost before any discount. @default 0 */
  readonly minimum?: number | undefined
  /** What is not given does not narrow it. */
  readonly scope?: PromotionScopeInput | undefined
  /** Who pays, in percent that add up to 100: `platform`, `supplier`, `distributor`, `distributor:<id>`. */
  readonly funders: Funders
  /** What is not given is not limited. */
  readonly limits?: PromotionLimitsInput | undefined
  /** Whether it goes together with others that do. @default false */
  readonly combinable?: boolean | undefined
  /** Higher comes first. @default 0 */
  readonly priority?: number | undefined
  /** Inclusive. @default now */
  readonly validFrom?: Timestamp | undefined
  /** Exclusive. @default until it is archived */
  readonly validTo?: Timestamp | undefined
  readonly metadata?: Metadata | undefined
}

/** The goods that a promotion is for: any of each list, and all lists that are given. */
export interface PromotionScopeInput {
  readonly supplierIds?: readonly string[] | undefined
  /** Category paths, with what lies below them: `shoes/running`. */
  readonly categories?: readonly string[] | undefined
  readonly productIds?: readonly string[] | undefined
}

export interface PromotionLimitsInput {
  /** Uses in all. */
  readonly total?: number | undefined
  /** Uses by one customer; guests without a customer record cannot be counted, and so cannot use it. */
  readonly perCustomer?: number | undefined
}

const ids = z.array(id).max(1000)
const times = z.int().min(1).max(1_000_000_000)
const funder = z
  .string()
  .regex(/^(platform|supplier|distributor|distributor:\S{1,64})$/, 'must be platform, supplier, distributor or distributor:<id>')

export const createPromotionInput: z.ZodType<CreatePromotionInput> = z
  .strictObject({
    name: text(200),
    code: code.optional(),
    currency: currency.optional(),
    amount: amount.optional(),
    percent: percent.optional(),
    atMost: amount.optional(),
    minimum: z.int().min(0).optional(),
    scope: z
      .strictObject({ supplierIds: ids.optional(), categories: z.array(text(500)).max(1000).optional(), productIds: ids.optional() })
      .optional(),
    funders: z.record(funder, percent).refine(addUp, 'must add up to 100'),
    limits: z.strictObject({ total: times.optional(), perCustomer: times.optional() }).optional(),
    combinable: z.boolean().optional(),
    priority: z.int().min(-1_000_000).max(1_000_000).optional(),
    validFrom: time.optional(),
    validTo: time.optional(),
    metadata: metadata.optional(),
  })
  .refine((input) => (input.amount === undefined) !== (input.percent === undefined), 'give either amount or percent')
  .refine((input) => input.atMost === undefined || input.percent !== undefined, {
    path: ['atMost'],
    error: 'limits a percentage; lower the amount instead',
  })
  .refine((input) => input.currency !== undefined || [input.amount, input.atMost, input.minimum].every((value) => value === undefined), {
    path: ['currency'],
    error: 'is needed with amount, atMost and minimum',
  })

function addUp(funders: Funders): boolean {
  return Object.values(funders).reduce((sum, part) => sum + toMillionths(part), 0) === toMillionths(100)
}

/** @throws promotions.code_taken, promotions.empty_validity */
export function createPromotion(context: PromotionsContext): (tx: Tx, input: CreatePromotionInput) => Promise<Promotion> {
  return async (tx, input) => {
    const row = rowOf(context.id('prm'), tx.now, input)
    if (row.validTo !== null && row.validTo <= row.validFrom) throw emptyValidity({ validFrom: row.validFrom, validTo: row.validTo })
    const written = await tx.insertMissing(promotionTable, [row])
    if (written === 0) throw codeTaken({ code: row.code ?? '' })
    context.emit(tx, 'promotions.created', row.id, { promotionId: row.id })
    return toPromotion(row)
  }
}

function rowOf(
  promotionId: string,
  now: Timestamp,
  { scope = {}, limits = {}, percent: share, ...input }: CreatePromotionInput,
): PromotionRow {
  return {
    id: promotionId,
    name: input.name,
    code: input.code ?? null,
    currency: input.currency ?? null,
    amount: input.amount ?? null,
    percent: share === undefined ? null : toMillionths(share),
    atMost: input.atMost ?? null,
    minimum: input.minimum ?? 0,
    scope: { supplierIds: scope.supplierIds ?? [], categories: scope.categories ?? [], productIds: scope.productIds ?? [] },
    funders: input.funders,
    totalLimit: limits.total ?? null,
    customerLimit: limits.perCustomer ?? null,
    combinable: input.combinable ?? false,
    priority: input.priority ?? 0,
    status: 'active',
    validFrom: input.validFrom ?? now,
    validTo: input.validTo ?? null,
    metadata: input.metadata ?? {},
    createdAt: now,
    archivedAt: null,
  }
}
