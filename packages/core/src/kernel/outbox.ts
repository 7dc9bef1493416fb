import { forUpdate } from './dialect.js'
import type { IdGenerator } from './ids.js'
import { inList, sql } from './sql.js'
import { column, defineTable, nullable, type Table } from './table.js'
import type { EmittedEvent, Tx } from './transaction.js'

/** Who caused it and when, beside an event's payload. */
export interface EventEnvelope {
  /** The event's id, the same at every delivery: what a consumer recognises a repetition by. */
  readonly id: string
  readonly type: string
  readonly aggregate: string
  readonly occurredAt: string
}

export interface OutboxRow {
  seq: number
  id: string
  type: string
  aggregate: string
  payload: object
  occurredAt: string
  /** `new`: not yet given to the subscribers. `untold`: likewise, and the listeners in a process do not know of it either, since a host committed it. */
  status: 'new' | 'untold' | 'sent'
}

/** An event is a row in the transaction that caused it. */
export const outboxTable: Table<OutboxRow> = defineTable<OutboxRow>({
  name: 'outbox',
  primaryKey: ['seq'],
  columns: {
    // Counted by the database: under the lock of its aggregate, insertion order is commit order, however far the clocks of two machines are apart.
    seq: column.sequence(),
    id: column.id(),
    type: column.string(120),
    aggregate: column.string(64),
    payload: column.json<object>(),
    occurredAt: column.time(),
    status: column.string<OutboxRow['status']>(8),
  },
  indexes: [
    { name: 'outbox_age', columns: ['status', 'occurredAt'] },
    { name: 'outbox_status', columns: ['status', 'seq'] },
    { name: 'outbox_id', columns: ['id'], unique: true },
    { name: 'outbox_aggregate', columns: ['aggregate', 'seq'] },
  ],
})

export interface SubscriptionRow {
  name: string
  /** Event types; `*` is all of them. */
  events: readonly string[]
  createdAt: string
}

export const subscriptionTable: Table<SubscriptionRow> = defineTable<SubscriptionRow>({
  name: 'subscription',
  primaryKey: ['name'],
  columns: { name: column.string(120), events: column.json<readonly string[]>(), createdAt: column.time() },
})

export interface DeliveryRow {
  subscriber: string
  seq: number
  aggregate: string
  status: 'waiting' | 'dead'
  attempts: number
  runAt: string
  leaseUntil: string | null
  lastError: string | null
}

/** One event on its way to one subscriber; the row goes when it has arrived, and stays as `dead` when it never does. */
export const deliveryTable: Table<DeliveryRow> = defineTable<DeliveryRow>({
  name: 'delivery',
  primaryKey: ['subscriber', 'seq'],
  columns: {
    subscriber: column.string(120),
    seq: column.amount(),
    aggregate: column.string(64),
    status: column.string<DeliveryRow['status']>(8),
    attempts: column.integer(),
    runAt: column.time(),
    leaseUntil: nullable(column.time()),
    lastError: nullable(column.text()),
  },
  indexes: [
    { name: 'delivery_event', columns: ['seq'] },
    { name: 'delivery_due', columns: ['status', 'runAt'] },
    { name: 'delivery_order', columns: ['subscriber', 'aggregate', 'seq'] },
  ],
})

/** Writes a transaction's events, in their order, by one statement. */
export async function writeEvents(tx: Tx, ids: IdGenerator, events: readonly EmittedEvent[], joined: boolean): Promise<void> {
  const status = joined ? 'untold' : 'new'
  await tx.insert(
    outboxTable,
    events.map(({ type, aggregate, payload }) => ({ seq: 0, id: ids('evt'), type, aggregate, payload, occurredAt: tx.now, status })),
  )
}

/** Gives each new event to the subscriptions that want it. Runs in one process at a time, so that an aggregate's events become deliveries in their order. */
export async function fanOut(tx: Tx, most: number): Promise<readonly OutboxRow[]> {
  // By state, never by "greater than the last seen": a transaction that began earlier may commit later.
  const rows = await tx.all(sql`SELECT * FROM ${outboxTable} WHERE status IN ('new', 'untold') ORDER BY seq LIMIT ${most}`)
  const events = rows.map(outboxTable.read)
  if (events.length === 0) return events
  const subscriptions = await tx.find(subscriptionTable, {}, { orderBy: ['name'] })
  const deliveries = events.flatMap((event) =>
    subscriptions
      .filter((subscription) => subscription.events.includes('*') || subscription.events.includes(event.type))
      .map(
        (subscription): DeliveryRow => ({
          subscriber: subscription.name,
          seq: event.seq,
          aggregate: event.aggregate,
          status: 'waiting',
          attempts: 0,
          runAt: tx.now,
          leaseUntil: null,
          lastError: null,
        }),
      ),
  )
  await tx.insertMissing(deliveryTable, deliveries)
  await tx.update(outboxTable, { status: 'sent' }, { seq: events.map((event) => event.seq) })
  return events
}

/** Leases the deliveries that are due and first of their aggregate; none that another process holds. */
export async function claimDeliveries(
  tx: Tx,
  subscribers: readonly string[],
  most: number,
  leaseUntil: string,
): Promise<readonly DeliveryRow[]> {
  const rows = await tx.all(sql`
    SELECT d.* FROM ${deliveryTable} d
    WHERE d.status = 'waiting' AND d.run_at <= ${tx.now} AND (d.lease_until IS NULL OR d.lease_until <= ${tx.now}) AND ${inList(sql`d.subscriber`, subscribers)}
      AND NOT EXISTS (SELECT 1 FROM ${deliveryTable} e WHERE e.subscriber = d.subscriber AND e.aggregate = d.aggregate AND e.seq < d.seq AND e.status = 'waiting')
    ORDER BY d.seq LIMIT ${most}${forUpdate('skip')}`)
  const claimed = rows.map(deliveryTable.read).map((row) => ({ ...row, attempts: row.attempts + 1 }))
  for (const subscriber of new Set(claimed.map((row) => row.subscriber))) {
    const seq = claimed.filter((row) => row.subscriber === subscriber).map((row) => row.seq)
    await tx.run(
      sql`UPDATE ${deliveryTable} SET lease_until = ${leaseUntil}, attempts = attempts + 1 WHERE subscriber = ${subscriber} AND ${inList(sql`seq`, seq)}`,
    )
  }
  return claimed
}
