import * as z from 'zod'
import { id, type Kernel, quantity, type Tx } from '../kernel/index.js'
import { type CartLineRow, type CartRow, cartLineTable } from './cart.entity.js'
import type { Attribution } from './cart.js'
import { attributionOf } from './cart-rows.js'
import { keepAlive, lineOf, linesOf, lockOpenCart, type OfferedLines, updateLines } from './cart-store.js'
import { lineNotFound, notSellable, offerNotFound } from './errors.js'
import { joinLines, type WantedLine } from './line.js'
import type { CartPricer } from './price-cart.js'
import { type AttributionInput, attribution } from './schemas.js'

export interface LineInput {
  readonly offerId: string
  /** Units; added to what the cart holds of this offer with this attribution. */
  readonly quantity: number
  /** What led to it. @default the cart's */
  readonly attribution?: AttributionInput | undefined
}

export interface AddLineInput extends LineInput {
  readonly cartId: string
}

export interface AddLinesInput {
  readonly cartId: string
  /** At most 500 at once; all or none. */
  readonly lines: readonly LineInput[]
}

export interface UpdateLineInput {
  readonly cartId: string
  readonly lineId: string
  /** The new quantity. */
  readonly quantity: number
}

export interface RemoveLineInput {
  readonly cartId: string
  readonly lineId: string
}

/** A line as it is after an edit. `carts.get` says what the cart costs with it. */
export interface CartLine {
  readonly id: string
  readonly offerId: string
  readonly attribution: Attribution
  readonly quantity: number
  /** Minor units of the cart's currency, before discounts. */
  readonly unitPrice: number
}

const lineShape = { offerId: id, quantity, attribution: attribution.optional() } as const
export const addLineSchema: z.ZodType<AddLineInput> = z.strictObject({ cartId: id, ...lineShape })
export const addLinesSchema: z.ZodType<AddLinesInput> = z.strictObject({
  cartId: id,
  lines: z.array(z.strictObject(lineShape)).min(1).max(500),
})
export const updateLineSchema: z.ZodType<UpdateLineInput> = z.strictObject({ cartId: id, lineId: id, quantity })
export const removeLineSchema: z.ZodType<RemoveLineInput> = z.strictObject({ cartId: id, lineId: id })

export interface EditLinesDeps {
  readonly kernel: Kernel
  readonly pricer: CartPricer
  readonly expiryDays: number
}

/** @returns the lines that changed, each once, in the cart's order @throws cart.not_found, cart.closed, cart.completed, cart.offer_not_found, cart.not_sellable, cart.quantity_limit */
export function addLines({ kernel, pricer, expiryDays }: EditLinesDeps): (tx: Tx, input: AddLinesInput) => Promise<readonly CartLine[]> {
  return async (tx, { cartId, lines }) => {
    const cart = await lockOpenCart(tx, cartId)
    const { rows: existing, offers } = await linesOf(tx, cartId, [...new Set(lines.map((line) => line.offerId))])
    const { raised, added } = joinLines(
      existing,
      lines.map((line) => wantedLine(cart, line)),
    )
    const inserted = added.map((line): CartLineRow => ({ id: kernel.ids('cln'), cartId, seenUnitPrice: 0, createdAt: tx.now, ...line }))
    const changed = new Map([...raised, ...inserted].map((line) => [line.id, line]))
    const after = [...existing.map((line) => changed.get(line.id) ?? line), ...inserted]
    const priced = await atTodaysPrices(tx, pricer, cart, { rows: after, offers })
    await tx.insert(cartLineTable, priced.slice(existing.length))
    await updateLines(tx, priced.slice(0, existing.length))
    await keepAlive(tx, cart, expiryDays)
    return priced.filter((line) => changed.has(line.id)).map(toCartLine)
  }
}

/** @throws as addLines */
export function addLine(deps: EditLinesDeps): (tx: Tx, input: AddLineInput) => Promise<CartLine> {
  const add = addLines(deps)
  return async (tx, { cartId, ...line }) => {
    const [added] = await add(tx, { cartId, lines: [line] })
    if (!added) throw offerNotFound({ offerId: line.offerId })
    return added
  }
}

/** @throws cart.not_found, cart.closed, cart.completed, cart.line_not_found, cart.not_sellable */
export function updateLine({ pricer, expiryDays }: EditLinesDeps): (tx: Tx, input: UpdateLineInput) => Promise<CartLine> {
  return async (tx, { cartId, lineId, quantity: wanted }) => {
    const cart = await lockOpenCart(tx, cartId)
    const { rows, offers } = await linesOf(tx, cartId)
    const { offerId } = lineOf(rows, cartId, lineId)
    // Lines of one offer share its quantity tier, so all of them are shown at their new price.
    const after = rows.filter((line) => line.offerId === offerId).map((line) => (line.id === lineId ? { ...line, quantity: wanted } : line))
    const priced = await atTodaysPrices(tx, pricer, cart, { rows: after, offers })
    await updateLines(tx, priced)
    await keepAlive(tx, cart, expiryDays)
    return toCartLine(lineOf(priced, cartId, lineId))
  }
}

/** @throws cart.not_found, cart.closed, cart.completed, cart.line_not_found */
export async function removeLine(tx: Tx, { cartId, lineId }: RemoveLineInput): Promise<void> {
  await lockOpenCart(tx, cartId)
  const removed = await tx.remove(cartLineTable, { id: lineId, cartId })
  if (removed === 0) throw lineNotFound({ cartId, lineId })
}

function wantedLine(cart: CartRow, { offerId, quantity: units, attribution: own }: LineInput): WantedLine {
  const { referral, content } = own ?? cart
  return { offerId, quantity: units, referral: referral ?? '', content: content ?? '' }
}

/** The rows in their order, with today's unit price as the one that the customer sees. @throws cart.not_sellable */
async function atTodaysPrices(tx: Tx, pricer: CartPricer, cart: CartRow, wanted: OfferedLines): Promise<readonly CartLineRow[]> {
  const { lines, unavailable } = await pricer.goods(tx, cart, wanted)
  if (unavailable.length > 0) throw notSellable({ offers: Object.fromEntries(unavailable.map(({ offer, reason }) => [offer.id, reason])) })
  return lines.map(({ row, unitPrice }) => ({ ...row, seenUnitPrice: unitPrice }))
}

function toCartLine(row: CartLineRow): CartLine {
  return { id: row.id, offerId: row.offerId, attribution: attributionOf(row), quantity: row.quantity, unitPrice: row.seenUnitPrice }
}
