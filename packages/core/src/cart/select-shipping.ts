import * as z from 'zod'
import { type Call, id, type Kernel, type Reader, type Timestamp, type Tx } from '../kernel/index.js'
import type { Parcel } from '../ports/index.js'
import type { Shipping, ShippingMethod, ShippingOption } from '../shipping/index.js'
import { type CartRow, cartTable } from './cart.entity.js'
import { linesOf, lockOpenCart, readCart, requireOpen } from './cart-store.js'
import { addressMissing, shippingUnavailable } from './errors.js'
import { type CartPricer, sentParcels } from './price-cart.js'
import type { CartIdInput } from './schemas.js'
import type { CarrierQuote } from './selected-shipping.js'

/** How one supplier's parcel may be sent. */
export interface ParcelOptions {
  readonly supplierId: string
  readonly weightGrams: number
  /** Price of its goods less discounts, minor units. */
  readonly value: number
  /** Empty where the supplier does not send there. */
  readonly options: readonly ShippingOption[]
}

export interface ShippingSelection {
  readonly supplierId: string
  /** One of the parcel's options. */
  readonly methodId: string
}

export interface SelectShippingInput {
  readonly cartId: string
  /** Parcels that are not named keep what they have. */
  readonly selections: readonly ShippingSelection[]
}

export const selectShippingSchema: z.ZodType<SelectShippingInput> = z.strictObject({
  cartId: id,
  selections: z
    .array(z.strictObject({ supplierId: id, methodId: id }))
    .min(1)
    .max(200),
})

export interface ShippingDeps {
  readonly kernel: Kernel
  readonly pricer: CartPricer
  readonly shipping: Shipping
}

/** The parcels of a cart as they are now. @throws cart.not_found, cart.closed, cart.completed, cart.address_missing */
async function parcelsNow(reader: Reader, pricer: CartPricer, cartId: string): Promise<readonly Parcel[]> {
  const cart = requireOpen(await readCart(reader, cartId), reader.now)
  if (cart.country === null) throw addressMissing({ cartId })
  return sentParcels(cart, await pricer.adjusted(reader, cart, await linesOf(reader, cartId)))
}

/**
 * What each parcel may be sent by: from tables, and from carriers, who are asked outside any transaction.
 * @throws cart.not_found, cart.closed, cart.completed, cart.address_missing
 */
export function shippingOptions({
  kernel,
  pricer,
  shipping,
}: ShippingDeps): (input: CartIdInput, call: Call) => Promise<readonly ParcelOptions[]> {
  return async ({ cartId }, call) => {
    const { parcels, tables } = await kernel.database.read(call, async (reader) => {
      const found = await parcelsNow(reader, pricer, cartId)
      return { parcels: found, tables: await shipping.quote(reader, found) }
    })
    const carriers = await shipping.quoteCarriers(parcels)
    return parcels.map(({ supplierId, weightGrams, value }) => {
      const options = [...(tables.get(supplierId) ?? []), ...(carriers.get(supplierId) ?? [])]
      return { supplierId, weightGrams, value, options }
    })
  }
}

/** By supplier id. */
type Quotes = ReadonlyMap<string, CarrierQuote>

/**
 * Selects how parcels are sent. A method with a table is only noted: its price is looked up whenever the cart is priced. A carrier's price is asked for first,
 * outside any transaction, and kept with the selection.
 * @throws cart.not_found, cart.closed, cart.completed, cart.address_missing, cart.shipping_unavailable
 */
export function selectShipping({ kernel, pricer, shipping }: ShippingDeps): (input: SelectShippingInput, call: Call) => Promise<void> {
  return async (input, call) => {
    const { cartId, selections } = input
    const store = (quotes: Quotes) => kernel.database.transaction(call, (tx) => storeSelections(tx, shipping, input, quotes))
    const unquoted = await store(new Map())
    if (unquoted.length === 0) return
    const parcels = await kernel.database.read(call, (reader) => parcelsNow(reader, pricer, cartId))
    const offers = await shipping.quoteCarriers(parcels)
    const [refused] = await store(quotesFor(selections, parcels, offers, kernel.clock.now()))
    if (refused) throw shippingUnavailable({ cartId, ...refused })
  }
}

/** Stores all selections or none. @returns those for which a carrier's price is wanting; with any, nothing was stored */
async function storeSelections(
  tx: Tx,
  shipping: Shipping,
  { cartId, selections }: SelectShippingInput,
  quotes: Quotes,
): Promise<readonly ShippingSelection[]> {
  const cart = await lockOpenCart(tx, cartId)
  const methods = await shipping.find(tx, [...new Set(selections.map((selection) => selection.methodId))])
  for (const selection of selections) requireOffered(cart, selection, methods.get(selection.methodId))
  const unquoted = selections.filter(({ supplierId, methodId }) => methods.get(methodId)?.rates === null && !quotes.has(supplierId))
  if (unquoted.length > 0) return unquoted
  const selected = selections.map(({ supplierId, methodId }) => [supplierId, { methodId, quote: quotes.get(supplierId) ?? null }] as const)
  await tx.update(cartTable, { shipping: { ...cart.shipping, ...Object.fromEntries(selected) } }, { id: cart.id })
  return []
}

/** What can be told of a method without asking for its price. @throws cart.shipping_unavailable */
function requireOffered(cart: CartRow, { supplierId, methodId }: ShippingSelection, method: ShippingMethod | undefined): void {
  const offered =
    method &&
    method.removedAt === null &&
    method.currency === cart.currency &&
    (method.supplierId === null || method.supplierId === supplierId)
  if (!offered) throw shippingUnavailable({ cartId: cart.id, supplierId, methodId })
}

function quotesFor(
  selections: readonly ShippingSelection[],
  parcels: readonly Parcel[],
  offers: ReadonlyMap<string, readonly ShippingOption[]>,
  quotedAt: Timestamp,
): Quotes {
  const quotes = selections.flatMap(({ supplierId, methodId }) => {
    const parcel = parcels.find((candidate) => candidate.supplierId === supplierId)
    const option = offers.get(supplierId)?.find((candidate) => candidate.methodId === methodId)
    return parcel && option ? [[supplierId, { option, parcel, quotedAt }] as const] : []
  })
  return new Map(quotes)
}
