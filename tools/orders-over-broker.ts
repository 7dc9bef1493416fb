import { deepEqual, equal, ok } from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { addMillis, type EventTransport, type TransportedEvent } from '@entrepot/core'
import { openTestCommerce, type TestDatabase, testDatabases } from '@entrepot/core/testing'
import Database from 'better-sqlite3'
import { stockMarketplace } from '../packages/core/src/testing/marketplace.fixture.js'

/** A broker that a marketplace's events go over. */
export interface BrokerOfOrders {
  /** As one process opens it; all meet at the same place. */
  open(): EventTransport
  stop(): Promise<void>
  start(): Promise<void>
}

const patienceMillis = 40_000

/** Orders are placed before, while and after the broker is away; a consumer gets exactly the outbox's events, each aggregate's in its order. */
export async function ordersOverBroker({ open, stop, start }: BrokerOfOrders): Promise<void> {
  const [sqlite] = testDatabases()
  ok(sqlite)
  let file = ''
  const onDisk: TestDatabase = {
    ...sqlite,
    async create(migrations) {
      const empty = await sqlite.createShared(migrations)
      if (empty.location.type === 'better-sqlite3') file = empty.location.database
      return empty
    },
  }
  const publisher = open()
  const reader = open()
  const received: TransportedEvent[] = []
  const { commerce, clock, close } = await openTestCommerce(onDisk, { adapters: { events: publisher } })
  try {
    await reader.consume?.({ group: 'suite', handle: (event) => void received.push(event) })
    const { offerIds, filledCart } = await stockMarketplace(commerce)
    const place = async (): Promise<void> => {
      const order = await commerce.orders.place({ cartId: await filledCart(offerIds), payment: { provider: 'external' } })
      await commerce.orders.cancel({ orderId: order.id, reason: 'changed my mind' })
    }
    /** The relay at work, for as long as it has something to do; its pauses go by at once. */
    const relay = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds && outboxOf(file).waiting > 0; round++) {
        await commerce.background.drain()
        clock.set(addMillis(clock.now(), 3_600_000))
        await pause(20)
      }
    }
    for (let count = 0; count < 3; count++) await place()
    await relay(1)
    await stop()
    for (let count = 0; count < 3; count++) await place()
    await relay(2)
    ok(outboxOf(file).waiting > 0, 'everything left the outbox without a broker')
    await start()
    for (let count = 0; count < 3; count++) await place()
    for (const end = Date.now() + patienceMillis; outboxOf(file).waiting > 0; await relay(1))
      ok(Date.now() < end, 'the outbox was not emptied')
    const written = outboxOf(file).events
    const firsts = (): readonly TransportedEvent[] =>
      [...new Map([...received].reverse().map((event) => [event.id, event])).values()].reverse()
    for (const end = Date.now() + patienceMillis; firsts().length < written.length; await pause(20))
      ok(Date.now() < end, `${firsts().length} of ${written.length} events came`)
    equal(firsts().length, written.length)
    deepEqual(byAggregate(firsts()), byAggregate(written))
  } finally {
    await Promise.all([publisher.close(), reader.close()])
    await close()
  }
}

interface Written {
  readonly id: string
  readonly aggregate: string
}

function outboxOf(file: string): { readonly events: readonly Written[]; readonly waiting: number } {
  const database = new Database(file, { readonly: true })
  try {
    const events = database.prepare<[], Written>('SELECT id, aggregate FROM entrepot_outbox ORDER BY seq').all()
    const waiting = database
      .prepare<[], { count: number }>(
        `SELECT (SELECT COUNT(*) FROM entrepot_delivery WHERE subscriber = 'transport') + (SELECT COUNT(*) FROM entrepot_outbox WHERE status <> 'sent') AS count`,
      )
      .get()
    return { events, waiting: waiting?.count ?? 0 }
  } finally {
    database.close()
  }
}

/** Ids in their order. */
function byAggregate(events: readonly Written[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const { id, aggregate } of events) found.set(aggregate, [...(found.get(aggregate) ?? []), id])
  return found
}
