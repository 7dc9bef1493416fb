/** Reading and writing of carts. Whoever changes a cart holds its row's lock first, so that edits from two windows follow one another and none is lost. */
import { type Offer, offerJoin } from '../catalog/index.js'
import { addDays, inList, joined, numberByKey, type Reader, sql, type Timestamp, type Tx, when } from '../kernel/index.js'
import { type CartLineRow, type CartRow, cartLineTable, cartTable } from './cart.entity.js'
import { cartClosed, cartCompleted, cartNotFound, lineNotFound } from './errors.js'

/** @throws cart.not_found */
export async function readCart(reader: Reader, cartId: string): Promise<CartRow> {
  const cart = await reader.findOne(cartTable, { id: cartId })
  if (!cart) throw cartNotFound({ cartId })
  return cart
}

/**
 * Locks a cart that may still change.
 * @throws cart.not_found, cart.completed, cart.closed
 */
export async function lockOpenCart(tx: Tx, cartId: string): Promise<CartRow> {
  const [cart] = await tx.lock(cartTable, { id: cartId })
  if (!cart) throw cartNotFound({ cartId })
  return requireOpen(cart, tx.now)
}

/**
 * A cart whose time has run out is closed, whether or not the sweeper has come by yet.
 * @throws cart.completed, cart.closed
 */
export function requireOpen(cart: CartRow, now: Timestamp): CartRow {
  if (cart.orderId !== null) throw cartCompleted({ cartId: cart.id, orderId: cart.orderId })
  if (cart.status !== 'open') throw cartClosed({ cartId: cart.id, status: cart.status })
  if (cart.expiresAt <= now) throw cartClosed({ cartId: cart.id, status: 'expired' })
  return cart
}

/** Lines, stored or about to be, and what they offer. */
export interface OfferedLines {
  readonly rows: readonly CartLineRow[]
  /** By offer id. */
  readonly offers: ReadonlyMap<string, Offer>
}

const lineJoin = joined(cartLineTable, 'l')

/** The lines of a cart, in the order in which they were added. With `offerIds`, only those of these offers, and the offers also where they have no line yet. */
export async function linesOf(reader: Reader, cartId: string, offerIds?: readonly string[]): Promise<OfferedLines> {
  const raw = await reader.all(sql`
    SELECT ${offerJoin.columns}, ${lineJoin.columns}
    FROM ${offerJoin.tables}
    ${offerIds ? sql`LEFT JOIN` : sql`JOIN`} ${cartLineTable} l ON l.offer_id = o.id AND l.cart_id = ${cartId}
    ${when(offerIds !== undefined, sql`WHERE ${inList(sql`o.id`, offerIds ?? [])}`)}
    ORDER BY l.id`)
  return {
    rows: raw.flatMap((row) => lineJoin.read(row) ?? []),
    offers: new Map(raw.map(offerJoin.read).map((offer) => [offer.id, offer])),
  }
}

/** @throws cart.line_not_found */
export function lineOf(lines: readonly CartLineRow[], cartId: string, lineId: string): CartLineRow {
  const line = lines.find((candidate) => candidate.id === lineId)
  if (!line) throw lineNotFound({ cartId, lineId })
  return line
}

/** Writes quantities and seen prices of lines that exist, in one statement. */
export async function updateLines(tx: Tx, lines: readonly CartLineRow[]): Promise<void> {
  if (lines.length === 0) return
  const quantities = numberByKey(
    sql`id`,
    lines.map((line) => [line.id, line.quantity]),
  )
  const prices = numberByKey(
    sql`id`,
    lines.map((line) => [line.id, line.seenUnitPrice]),
  )
  await tx.run(
    sql`UPDATE ${cartLineTable} SET quantity = ${quantities}, seen_unit_price = ${prices} WHERE ${inList(
      sql`id`,
      lines.map((line) => line.id),
    )}`,
  )
}

/** Puts a cart's expiry off; at most once a day, so that a busy cart is not written with every line. */
export async function keepAlive(tx: Tx, cart: CartRow, days: number): Promise<void> {
  if (cart.expiresAt > addDays(tx.now, days - 1)) return
  await tx.update(cartTable, { expiresAt: addDays(tx.now, days) }, { id: cart.id })
}
