import * as z from 'zod'
import type { Customers } from '../customer/index.js'
import { addDays, id, type Kernel, line, type Metadata, metadata, type Timestamp, type Tx } from '../kernel/index.js'
import { currency } from '../money/index.js'
import { cartTable } from './cart.entity.js'
import { requireCustomer } from './cart-customer.js'
import { type AttributionInput, attribution } from './schemas.js'

export interface CreateCartInput {
  /** ISO 4217; offers and price lists of another currency do not count in it. */
  readonly currency: string
  /** A guest's cart has none. */
  readonly customerId?: string | undefined
  /** Sales channel, as price lists and commission rules name it: `app`. */
  readonly channel?: string | undefined
  /** Where the customer came from; lines take it over unless they bring their own. */
  readonly attribution?: AttributionInput | undefined
  readonly metadata?: Metadata | undefined
}

export const createCartSchema: z.ZodType<CreateCartInput> = z.strictObject({
  currency,
  customerId: id.optional(),
  channel: line(80).optional(),
  attribution: attribution.optional(),
  metadata: metadata.optional(),
})

export interface CreatedCart {
  readonly id: string
  /** Unless it is changed before. */
  readonly expiresAt: Timestamp
}

export interface CreateCartDeps {
  readonly kernel: Kernel
  readonly customers: Customers
  readonly expiryDays: number
}

/** @throws cart.customer_not_found */
export function createCart({ kernel, customers, expiryDays }: CreateCartDeps): (tx: Tx, input: CreateCartInput) => Promise<CreatedCart> {
  return async (
    tx,
    { currency, customerId = null, channel = null, attribution: { referral = null, content = null } = {}, metadata = {} },
  ) => {
    if (customerId !== null) await requireCustomer(tx, customers, customerId)
    const cartId = kernel.ids('crt')
    const expiresAt = addDays(tx.now, expiryDays)
    await tx.insert(cartTable, [
      {
        id: cartId,
        status: 'open',
        currency,
        customerId,
        channel,
        referral,
        content,
        contactId: null,
        country: null,
        region: null,
        codes: [],
        shipping: {},
        taxQuote: null,
        orderId: null,
        mergedInto: null,
        metadata,
        createdAt: tx.now,
        expiresAt,
      },
    ])
    return { id: cartId, expiresAt }
  }
}
