/** The statements of the hot paths: each is one, whatever the number of lines. */
import {
  columns,
  type Emit,
  emit,
  forUpdate,
  inList,
  numberByKey,
  type Reader,
  type Sql,
  sql,
  type Tx,
  wholeNumber,
} from '../kernel/index.js'
import { lostRace } from './errors.js'
import type { InventoryEvents } from './events.js'
import {
  allotmentTable,
  type ReservationRow,
  reservationTable,
  type StockOperation,
  type StockRow,
  stockOperationTable,
  stockTable,
} from './inventory.entity.js'
import { allotmentReturn, openStatuses, openUnits, type Portion, type ReservationStatus } from './reservation.js'
import { isLow, type Share, sellable } from './stock.js'

const emitInventory: Emit<InventoryEvents> = emit

/** How a shelf changes; not given is 0. */
export interface StockChange {
  readonly onHand?: number | undefined
  readonly reserved?: number | undefined
}

/**
 * Changes locked shelves by one conditional update, and tells of those that became low by it.
 * @returns the shelves after
 */
export async function changeStock(
  tx: Tx,
  locked: readonly StockRow[],
  changes: ReadonlyMap<string, StockChange>,
): Promise<readonly StockRow[]> {
  const before = locked.filter((row) => changes.has(row.id))
  if (before.length === 0) return []
  const unitsOf = (row: StockRow, of: keyof StockChange): number => changes.get(row.id)?.[of] ?? 0
  const onHand = numberByKey(
    sql`id`,
    before.map((row) => [row.id, unitsOf(row, 'onHand')]),
  )
  const reserved = numberByKey(
    sql`id`,
    before.map((row) => [row.id, unitsOf(row, 'reserved')]),
  )
  const changed = await tx.run(sql`
    UPDATE ${stockTable} SET on_hand = on_hand + ${onHand}, reserved = reserved + ${reserved}, updated_at = ${tx.now}
    WHERE ${inList(
      sql`id`,
      before.map((row) => row.id),
    )} AND reserved + ${reserved} >= 0 AND on_hand + ${onHand} - reserved - ${reserved} >= 0`)
  expectAll('stock', before.length, changed)
  const after = before.map((row) => ({
    ...row,
    onHand: row.onHand + unitsOf(row, 'onHand'),
    reserved: row.reserved + unitsOf(row, 'reserved'),
    updatedAt: tx.now,
  }))
  tellLow(tx, before, after)
  return after
}

/** An alert per shelf that was not low and is; the shelves are locked, so a crossing is seen by the one transaction that makes it. */
export function tellLow(tx: Tx, before: readonly StockRow[], after: readonly StockRow[]): void {
  after.forEach((row, index) => {
    const earlier = before[index]
    if (!earlier || isLow(earlier) || !isLow(row)) return
    const { offerId, locationId, lowAt } = row
    emitInventory(tx, 'inventory.low', offerId, { offerId, locationId, available: sellable(row), lowAt })
  })
}

/** Spends units of locked allotments, or (below zero) gives them back. */
export async function spendAllotments(tx: Tx, units: ReadonlyMap<string, number>): Promise<void> {
  const spent = [...units].filter(([, count]) => count !== 0)
  if (spent.length === 0) return
  const used = sql`used + ${numberByKey(sql`id`, spent)}`
  const changed = await tx.run(sql`
    UPDATE ${allotmentTable} SET used = ${used}, updated_at = ${tx.now}
    WHERE ${inList(
      sql`id`,
      spent.map(([id]) => id),
    )} AND ${used} >= 0 AND ${used} <= quantity`)
  expectAll('allotment', spent.length, changed)
}

/** Locks what a reference still holds. */
export function lockOpen(tx: Tx, reference: string): Promise<readonly ReservationRow[]> {
  return tx.lock(reservationTable, { reference, status: openStatuses })
}

/**
 * Locks what has lapsed, the longest over first, reference by reference and each whole: about `most` rows, or one reference of more. What another transaction is
 * at is passed over, and where it is at one row of a reference, at all of them: a payment keeps all that its order holds, or finds all of it gone.
 */
export async function lockLapsed(tx: Tx, most: number, except: readonly string[]): Promise<Lapsed> {
  const lapsed = sql`status = 'held' AND expires_at <= ${tx.now}`
  const due = await tx.all(sql`
    SELECT reference FROM ${reservationTable} WHERE ${lapsed} AND NOT (${inList(sql`reference`, except)})
    ORDER BY expires_at, reference LIMIT ${most}`)
  const references = [...new Set(due.map((row) => String(row.reference)))]
  if (references.length === 0) return { references, rows: [] }
  const its = sql`${inList(sql`reference`, references)} AND ${lapsed}`
  const locked = (
    await tx.all(sql`SELECT ${columns(reservationTable)} FROM ${reservationTable} WHERE ${its} ORDER BY id${forUpdate('skip')}`)
  ).map(reservationTable.read)
  const held = await tx.all(sql`SELECT reference, COUNT(*) AS held FROM ${reservationTable} WHERE ${its} GROUP BY reference`)
  const heldBy = new Map(held.map((row) => [String(row.reference), wholeNumber(row.held)]))
  const lockedBy = totals(locked, (row) => [row.reference, 1])
  return { references, rows: locked.filter(({ reference }) => lockedBy.get(reference) === heldBy.get(reference)) }
}

/** References that were looked at, and the rows of those of them that nobody else is at. */
export interface Lapsed {
  readonly references: readonly string[]
  readonly rows: readonly ReservationRow[]
}

/** Moves units of locked reservations out, and closes those that have none left. */
export async function closePortions(
  tx: Tx,
  portions: readonly Portion<ReservationRow>[],
  how: 'fulfilled' | 'released',
  closed: ReservationStatus = 'closed',
): Promise<void> {
  const column: Sql = how === 'fulfilled' ? sql`fulfilled` : sql`released`
  const count = numberByKey(
    sql`id`,
    portions.map(({ of, quantity }) => [of.id, quantity]),
  )
  const changed = await tx.run(sql`
    UPDATE ${reservationTable} SET ${column} = ${column} + ${count}
    WHERE ${inList(
      sql`id`,
      portions.map(({ of }) => of.id),
    )} AND quantity - fulfilled - released >= ${count}`)
  expectAll('reservation', portions.length, changed)
  const empty = portions.filter(({ of, quantity }) => quantity === openUnits(of)).map(({ of }) => of.id)
  if (empty.length > 0) await tx.update(reservationTable, { status: closed }, { id: empty })
}

/** Puts reserved units back on their shelves, and what was a distributor's back into its allotment. */
export async function putBack(tx: Tx, portions: readonly Portion<ReservationRow>[], closed: ReservationStatus): Promise<void> {
  if (portions.length === 0) return
  const shelves = totals(portions, ({ of, quantity }) => [of.stockId, quantity])
  const locked = await tx.lock(stockTable, { id: [...shelves.keys()] })
  await changeStock(tx, locked, new Map([...shelves].map(([id, quantity]) => [id, { reserved: -quantity }])))
  const allotments = totals(portions, ({ of, quantity }) => [of.allotmentId, -allotmentReturn(of, quantity)])
  if (allotments.size > 0) {
    await tx.lock(allotmentTable, { id: [...allotments.keys()] })
    await spendAllotments(tx, allotments)
  }
  await closePortions(tx, portions, 'released', closed)
}

/** Units by key; what has no key is left out. */
export function totals<Item>(
  items: readonly Item[],
  entry: (item: Item) => readonly [key: string | null, units: number],
): Map<string, number> {
  const sums = new Map<string, number>()
  for (const item of items) {
    const [key, units] = entry(item)
    if (key !== null) sums.set(key, (sums.get(key) ?? 0) + units)
  }
  return sums
}

/** What a buyer may have of each offer; offers that are stocked nowhere are left out. */
export async function readShares(
  reader: Reader,
  offerIds: readonly string[],
  distributorId: string | null,
): Promise<ReadonlyMap<string, Share>> {
  const rows = await reader.all(sql`
    SELECT offer_id, SUM(CASE WHEN on_hand - reserved > safety THEN on_hand - reserved - safety ELSE 0 END) AS sellable, 0 AS set_aside, 0 AS own
    FROM ${stockTable} WHERE ${inList(sql`offer_id`, offerIds)} GROUP BY offer_id
    UNION ALL
    SELECT offer_id, 0, SUM(quantity - used), SUM(CASE WHEN distributor_id = ${distributorId} THEN quantity - used ELSE 0 END)
    FROM ${allotmentTable} WHERE ${inList(sql`offer_id`, offerIds)} GROUP BY offer_id`)
  const shares = new Map<string, Share>()
  for (const row of rows) {
    const offerId = String(row.offer_id)
    const seen = shares.get(offerId) ?? { sellable: 0, setAside: 0, own: 0 }
    shares.set(offerId, {
      sellable: seen.sellable + wholeNumber(row.sellable),
      setAside: seen.setAside + wholeNumber(row.set_aside),
      own: seen.own + wholeNumber(row.own),
    })
  }
  return shares
}

/** Claims an occasion. False: it was told before, and there is nothing to do. Without a name every call is an occasion of its own. */
export async function isFirstTime(tx: Tx, operation: StockOperation, source: string | undefined): Promise<boolean> {
  return source === undefined || (await tx.insertMissing(stockOperationTable, [{ operation, source, at: tx.now }])) === 1
}

/** The rows are locked, so this is a bug's or a bypass's last fence before the CHECK. @throws inventory.lost_race */
function expectAll(table: string, expected: number, changed: number): void {
  if (changed !== expected) throw lostRace({ table, expected, changed })
}
