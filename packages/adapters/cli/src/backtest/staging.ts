/**
 * The file's orders on disk, sorted by what happened when, so that memory does not grow with the file. A throwaway SQLite file of our own, beside the books
 * and never part of them.
 */
import Database from 'better-sqlite3'
import type { OrderRow, Problem } from './order-row.js'

/** An order's own part of what happened, or a line's. */
export interface StagedEvent {
  readonly no: number
  readonly at: string
  readonly kind: 'placed' | 'delivered' | 'refunded'
  /** Number of the order. */
  readonly order: number
  /** Number of the line; 0 for `placed`. */
  readonly line: number
}

/** A line with what the import made of its parties; `orderLineId` once it is imported. */
export interface StagedLine {
  readonly no: number
  readonly orderLineId: string | null
  readonly supplierId: string
  readonly product: string
  readonly quantity: number
  readonly price: number
  readonly shipping: number
  readonly deliveredAt: string
  readonly refundAmount: number | null
  /** Numbers of parties, with `|` between. */
  readonly distributors: string
}

export interface StagedOrder {
  readonly no: number
  readonly ref: string
  readonly placedAt: string
  readonly lines: number
  /** Null until it is imported. */
  readonly orderId: string | null
  /** What is left of goods and shipping after the refunds so far. */
  readonly unrefunded: number
}

export type PartyKind = 'supplier' | 'distributor'

export interface StagedParty {
  readonly no: number
  /** As the file calls it. */
  readonly ref: string
}

export interface Totals {
  readonly orders: number
  readonly lines: number
  readonly gross: number
  readonly refunded: number
  readonly from: string | null
  readonly to: string | null
}

/** As many as one order may have in an import. */
const mostLines = 2000

const kinds = ['placed', 'delivered', 'refunded'] as const

const schema = `
  CREATE TABLE party (no INTEGER PRIMARY KEY, kind TEXT NOT NULL, ref TEXT NOT NULL, id TEXT, UNIQUE (kind, ref));
  CREATE INDEX party_id ON party (id);
  CREATE TABLE sale (no INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, refused INTEGER NOT NULL DEFAULT 0,
    placed_at TEXT, lines INTEGER NOT NULL DEFAULT 0, unrefunded REAL NOT NULL DEFAULT 0, id TEXT);
  CREATE TABLE line (no INTEGER PRIMARY KEY, sale INTEGER NOT NULL, ref TEXT NOT NULL, product TEXT NOT NULL, supplier INTEGER NOT NULL,
    quantity INTEGER NOT NULL, price INTEGER NOT NULL, shipping INTEGER NOT NULL, delivered_at TEXT NOT NULL, refunded_at TEXT,
    refund_amount INTEGER, distributors TEXT NOT NULL, id TEXT, UNIQUE (sale, ref));
  CREATE TABLE event (no INTEGER PRIMARY KEY, at TEXT NOT NULL, kind INTEGER NOT NULL, sale INTEGER NOT NULL, line INTEGER NOT NULL);`

export interface Staging {
  /** Leaves a whole order out. */
  refuse(ref: string): void
  /** @param no its line in the file @returns what is wrong with the row beside the others of its order; its order is then left out */
  add(no: number, row: OrderRow): Problem | undefined
  /** Sorts what happened. Called once, after the last row. */
  sort(): void
  totals(): Totals
  refusedOrders(): number
  countEvents(): number
  /** The next events after one, oldest first. */
  events(after: number, most: number): readonly StagedEvent[]
  order(no: number): StagedOrder
  /** In the order of the file. */
  lines(orderNo: number): readonly StagedLine[]
  line(no: number): StagedLine
  imported(orderNo: number, orderId: string, lineIds: readonly (readonly [no: number, id: string])[]): void
  refunded(orderNo: number, amount: number): void
  /** Parties of a kind that orders name, page by page. */
  parties(kind: PartyKind, after: number, most: number): readonly StagedParty[]
  named(no: number, id: string): void
  idOf(no: number): string
  /** Our id of a party that the file names; undefined where it names none. */
  find(kind: PartyKind, ref: string): string | undefined
  /** The file's name of a party of ours. */
  refOf(id: string): string | undefined
  close(): void
}

/** @param file where it lies; it must not exist */
export function openStaging(file: string): Staging {
  const database = new Database(file)
  // Nothing of it need survive: it is one transaction that is never committed. Sorting goes to disk, not to memory.
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('temp_store = FILE')
  database.exec(`BEGIN; ${schema}`)
  const prepare = <Params extends unknown[], Result>(text: string): Database.Statement<Params, Result> =>
    database.prepare<Params, Result>(text)

  const addParty = prepare<[PartyKind, string], unknown>('INSERT INTO party (kind, ref) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const findParty = prepare<[PartyKind, string], { no: number; id: string | null }>('SELECT no, id FROM party WHERE kind = ? AND ref = ?')
  const addOrder = prepare<[string], unknown>('INSERT INTO sale (ref) VALUES (?) ON CONFLICT DO NOTHING')
  const findOrder = prepare<[string], { no: number }>('SELECT no FROM sale WHERE ref = ?')
  const extendOrder = prepare<[string, string, number, number], { lines: number; unrefunded: number }>(`
    UPDATE sale SET lines = lines + 1, placed_at = CASE WHEN placed_at <= ? THEN placed_at ELSE ? END, unrefunded = unrefunded + ? WHERE no = ? RETURNING lines, unrefunded`)
  const refuseOrder = prepare<[number], unknown>('UPDATE sale SET refused = 1 WHERE no = ?')
  const addLine = prepare<unknown[], unknown>(`
    INSERT INTO line (no, sale, ref, product, supplier, quantity, price, shipping, delivered_at, refunded_at, refund_amount, distributors)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sale, ref) DO NOTHING`)
  const events = prepare<[number, number], Omit<StagedEvent, 'kind'> & { kind: number }>(
    'SELECT no, at, kind, sale AS "order", line FROM event WHERE no > ? ORDER BY no LIMIT ?',
  )
  const order = prepare<[number], StagedOrder>(
    'SELECT no, ref, placed_at AS placedAt, lines, id AS orderId, unrefunded FROM sale WHERE no = ?',
  )
  const lineColumns = `l.no, l.id AS orderLineId, p.id AS supplierId, l.product, l.quantity, l.price, l.shipping, l.delivered_at AS deliveredAt,
    l.refund_amount AS refundAmount, l.distributors FROM line l JOIN party p ON p.no = l.supplier`
  const lines = prepare<[number], StagedLine>(`SELECT ${lineColumns} WHERE l.sale = ? ORDER BY l.no`)
  const line = prepare<[number], StagedLine>(`SELECT ${lineColumns} WHERE l.no = ?`)
  const setOrderId = prepare<[string, number], unknown>('UPDATE sale SET id = ? WHERE no = ?')
  const setLineId = prepare<[string, number], unknown>('UPDATE line SET id = ? WHERE no = ?')
  const setPartyId = prepare<[string, number], unknown>('UPDATE party SET id = ? WHERE no = ?')
  const giveBack = prepare<[number, number], unknown>('UPDATE sale SET unrefunded = unrefunded - ? WHERE no = ?')
  const partyId = prepare<[number], { id: string }>('SELECT id FROM party WHERE no = ?')
  const partyById = prepare<[string], { ref: string }>('SELECT ref FROM party WHERE id = ?')
  const suppliers = prepare<[number, number], StagedParty>(`
    SELECT no, ref FROM party WHERE kind = 'supplier' AND no > ? AND EXISTS (SELECT 1 FROM line l JOIN sale s ON s.no = l.sale WHERE l.supplier = party.no AND s.refused = 0)
    ORDER BY no LIMIT ?`)
  const distributors = prepare<[number, number], StagedParty>(
    "SELECT no, ref FROM party WHERE kind = 'distributor' AND no > ? ORDER BY no LIMIT ?",
  )

  const party = (kind: PartyKind, ref: string): number => {
    addParty.run(kind, ref)
    return findParty.get(kind, ref)?.no ?? 0
  }
  const orderNumber = (ref: string): number => {
    addOrder.run(ref)
    return findOrder.get(ref)?.no ?? 0
  }

  return {
    refuse(ref: string): void {
      if (ref !== '') refuseOrder.run(orderNumber(ref))
    },
    add(no: number, row: OrderRow): Problem | undefined {
      const sale = orderNumber(row.orderId)
      const { refund } = row
      const chain = row.distributors.map((ref) => party('distributor', ref)).join('|')
      const cells = [
        row.productId,
        party('supplier', row.supplierId),
        row.quantity,
        row.price,
        row.shipping,
        row.deliveredAt,
        refund?.at ?? null,
        refund?.amount ?? null,
      ]
      const added = addLine.run(no, sale, row.lineId, ...cells, chain).changes
      const extended = added === 0 ? undefined : extendOrder.get(row.placedAt, row.placedAt, row.price + row.shipping, sale)
      const problem = problemOf(row, extended)
      if (problem) refuseOrder.run(sale)
      return problem
    },
    sort(): void {
      database.exec(`
        CREATE INDEX line_supplier ON line (supplier);
        INSERT INTO event (at, kind, sale, line) SELECT at, kind, sale, line FROM (
          SELECT placed_at AS at, 0 AS kind, no AS sale, 0 AS line FROM sale WHERE refused = 0
          UNION ALL SELECT l.delivered_at, 1, l.sale, l.no FROM line l JOIN sale s ON s.no = l.sale WHERE s.refused = 0
          UNION ALL SELECT l.refunded_at, 2, l.sale, l.no FROM line l JOIN sale s ON s.no = l.sale WHERE s.refused = 0 AND l.refunded_at IS NOT NULL
        ) ORDER BY at, kind, sale, line;`)
    },
    totals(): Totals {
      // total() sums as a float: what overflows is then seen, not thrown.
      return prepare<[], Totals>(`
        SELECT (SELECT COUNT(*) FROM sale WHERE refused = 0) AS orders, COUNT(*) AS lines, total(l.price + l.shipping) AS gross, total(l.refund_amount) AS refunded,
          (SELECT at FROM event ORDER BY no LIMIT 1) AS "from", (SELECT at FROM event ORDER BY no DESC LIMIT 1) AS "to"
        FROM line l JOIN sale s ON s.no = l.sale WHERE s.refused = 0`).get() as Totals
    },
    refusedOrders(): number {
      return prepare<[], { count: number }>('SELECT COUNT(*) AS count FROM sale WHERE refused = 1').get()?.count ?? 0
    },
    countEvents(): number {
      return prepare<[], { last: number | null }>('SELECT MAX(no) AS last FROM event').get()?.last ?? 0
    },
    events(after: number, most: number): readonly StagedEvent[] {
      return events.all(after, most).map((event) => ({ ...event, kind: kinds[event.kind] ?? 'placed' }))
    },
    order: (no: number): StagedOrder => order.get(no) as StagedOrder,
    lines: (orderNo: number): readonly StagedLine[] => lines.all(orderNo),
    line: (no: number): StagedLine => line.get(no) as StagedLine,
    imported(orderNo: number, orderId: string, lineIds: readonly (readonly [no: number, id: string])[]): void {
      setOrderId.run(orderId, orderNo)
      for (const [no, id] of lineIds) setLineId.run(id, no)
    },
    refunded: (orderNo: number, amount: number): void => void giveBack.run(amount, orderNo),
    parties: (kind: PartyKind, after: number, most: number): readonly StagedParty[] =>
      (kind === 'supplier' ? suppliers : distributors).all(after, most),
    named: (no: number, id: string): void => void setPartyId.run(id, no),
    idOf: (no: number): string => partyId.get(no)?.id ?? '',
    find: (kind: PartyKind, ref: string): string | undefined => findParty.get(kind, ref)?.id ?? undefined,
    refOf: (id: string): string | undefined => partyById.get(id)?.ref,
    close: (): void => void database.close(),
  }
}

function problemOf(row: OrderRow, order: { readonly lines: number; readonly unrefunded: number } | undefined): Problem | undefined {
  if (!order) return { column: 'line_id', problem: `order ${row.orderId} has a line ${row.lineId} already` }
  if (order.lines > mostLines) return { column: 'order_id', problem: `order ${row.orderId} has more than ${mostLines} lines` }
  if (order.unrefunded > Number.MAX_SAFE_INTEGER)
    return { column: 'price', problem: `order ${row.orderId} comes to more than can be held exactly` }
  return undefined
}
