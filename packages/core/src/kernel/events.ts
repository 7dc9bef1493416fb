import { EventEmitter } from 'eventemitter3'
import { addMillis, type Clock } from './clock.js'
import type { Database } from './database.js'
import { defineError } from './errors.js'
import {
  claimDeliveries,
  type DeliveryRow,
  deliveryTable,
  type EventEnvelope,
  fanOut,
  type OutboxRow,
  outboxTable,
  subscriptionTable,
} from './outbox.js'
import { neverStopping, oneByOne, type Report, reasonOf, retryAt, type Stopping } from './retry.js'
import type { EmittedEvent, Tx } from './transaction.js'

/** Events of a room: name → payload. A room's union of events is the entries of such a map. */
export type EventMap<Map> = { readonly [Name in keyof Map]: object }

/** How a room writes its events, typed by its map. */
export type Emit<Map extends EventMap<Map>> = <Name extends keyof Map & string>(
  tx: Tx,
  name: Name,
  aggregate: string,
  payload: Map[Name],
) => void

/** The one way to write an event to the outbox of a transaction. */
export const emit = (tx: Tx, type: string, aggregate: string, payload: object): void => tx.emit({ type, aggregate, payload })

export type Listener<Payload> = (event: Payload) => void
export type Subscriber<Payload> = (event: Payload, envelope: EventEnvelope) => Promise<void> | void

/** How often and how long a durable subscriber is tried. */
export interface SubscribeOptions {
  /** Tries before the event becomes a dead letter. @default 12 */
  readonly attempts?: number | undefined
}

/** An event that a subscriber could not take in all its tries. */
export interface DeadLetter {
  readonly subscriber: string
  readonly event: EventEnvelope
  readonly payload: object
  readonly attempts: number
  readonly lastError: string
}

const noSuchLetter = defineError(
  'event.not_dead',
  'not_found',
  (f: { subscriber: string; eventId: string }) => `event ${f.eventId} is no dead letter of subscriber "${f.subscriber}"`,
)

const notSubscribed = defineError(
  'event.not_subscribed',
  'not_found',
  (f: { subscriber: string }) => `nothing subscribes by the name "${f.subscriber}"`,
)
const nameTaken = defineError(
  'event.subscriber_taken',
  'duplicate_error',
  (f: { subscriber: string }) => `"${f.subscriber}" subscribes already in this instance; give each subscriber a name of its own`,
)

const batch = 200
const leaseMillis = 60_000
const defaultAttempts = 12

interface Registered {
  readonly handle: (payload: never, envelope: EventEnvelope) => Promise<void> | void
  readonly events: readonly string[]
  readonly attempts: number
}

/** Tells events: at once and forgetfully to listeners in this process, durably to subscribers. */
export class Events {
  readonly #database: Database
  readonly #clock: Clock
  readonly #report: Report
  readonly #emitter: EventEmitter<string> = new EventEmitter<string>()
  readonly #subscribers = new Map<string, Registered>()

  constructor(database: Database, clock: Clock, report: Report) {
    this.#database = database
    this.#clock = clock
    this.#report = report
  }

  /** Told in this process, after commit, and forgotten with it. A listener that throws is reported and disturbs nobody. @returns how to stop */
  on(name: string, listener: (event: never) => void): () => void {
    const safe = (payload: unknown): void => {
      const failed = (error: unknown): void => this.#report(`a listener of ${name} failed`, error)
      try {
        // An async function passes for a listener too, and a rejection that nobody handles would end the process.
        Promise.resolve(listener(payload as never)).catch(failed)
      } catch (error) {
        failed(error)
      }
    }
    this.#emitter.on(name, safe)
    return () => this.#emitter.off(name, safe)
  }

  /** Tells this process's listeners what its own transaction has committed. */
  tell(events: readonly EmittedEvent[]): void {
    for (const { type, payload } of events) this.#emitter.emit(type, payload)
  }

  /**
   * Durable: at least once, in order per aggregate, tried again with growing pauses, dead-lettered at last; all processes that subscribe by the same name share
   * the work. Events from before the first subscription of that name are not delivered.
   * @throws event.subscriber_taken
   */
  async subscribe(name: string, events: readonly string[], handle: Registered['handle'], options: SubscribeOptions = {}): Promise<void> {
    if (this.#subscribers.has(name)) throw nameTaken({ subscriber: name })
    this.#subscribers.set(name, { handle, events, attempts: options.attempts ?? defaultAttempts })
    await this.#database.transaction(undefined, async (tx) => {
      const added = await tx.insertMissing(subscriptionTable, [{ name, events, createdAt: tx.now }])
      if (added === 0) await tx.update(subscriptionTable, { events }, { name })
    })
  }

  /** Ends a subscription for all processes, with what waits for it and its dead letters. @throws event.not_subscribed */
  async unsubscribe({ subscriber }: { readonly subscriber: string }): Promise<void> {
    // Not while events are given out, lest some were given to it yet.
    await this.#database.exclusively('relay', async (tx) => {
      if ((await tx.remove(subscriptionTable, { name: subscriber })) === 0) throw notSubscribed({ subscriber })
      await tx.remove(deliveryTable, { subscriber })
    })
    this.#subscribers.delete(subscriber)
  }

  /** Delivers what is due now. @returns how many events were moved on; 0 means that nothing is left to do at this moment */
  async work(stopping: Stopping = neverStopping): Promise<number> {
    const events = await this.#database.exclusively('relay', (tx) => fanOut(tx, batch))
    this.tell(events.filter((event) => event.status === 'untold'))
    const subscribers = [...this.#subscribers.keys()]
    if (subscribers.length === 0) return events.length
    const claimed = await this.#database.transaction(undefined, (tx) =>
      claimDeliveries(tx, subscribers, batch, addMillis(tx.now, leaseMillis)),
    )
    const rows = await this.#database.read(undefined, (reader) =>
      reader.find(outboxTable, { seq: claimed.map((delivery) => delivery.seq) }),
    )
    const bySeq = new Map(rows.map((row) => [row.seq, row]))
    await oneByOne(claimed, {
      leaseMillis,
      renew: (left) => this.#renew(left),
      work: (delivery) => this.#deliver(delivery, bySeq.get(delivery.seq)),
      stopping,
      giveBack: (left) => this.#giveBack(left),
    })
    return events.length + claimed.length
  }

  /** Dead letters, oldest first. */
  async deadLetters(most = 100): Promise<readonly DeadLetter[]> {
    return this.#database.read(undefined, async (reader) => {
      const dead = await reader.find(deliveryTable, { status: 'dead' }, { orderBy: ['seq'], limit: most })
      const rows = await reader.find(outboxTable, { seq: dead.map((delivery) => delivery.seq) })
      const bySeq = new Map(rows.map((row) => [row.seq, row]))
      return dead.flatMap((delivery) => {
        const row = bySeq.get(delivery.seq)
        return row
          ? [
              {
                subscriber: delivery.subscriber,
                event: envelopeOf(row),
                payload: row.payload,
                attempts: delivery.attempts,
                lastError: delivery.lastError ?? '',
              },
            ]
          : []
      })
    })
  }

  /** Puts a dead letter back to be delivered, with all its tries. @throws event.not_dead */
  async replay({ subscriber, eventId }: { readonly subscriber: string; readonly eventId: string }): Promise<void> {
    await this.#database.transaction(undefined, async (tx) => {
      const event = await tx.findOne(outboxTable, { id: eventId })
      const revived = await tx.update(
        deliveryTable,
        { status: 'waiting', attempts: 0, runAt: tx.now, leaseUntil: null },
        { subscriber, seq: event?.seq ?? -1, status: 'dead' },
      )
      if (revived === 0) throw noSuchLetter({ subscriber, eventId })
    })
  }

  /** @returns the deliveries that are still ours */
  #renew(deliveries: readonly DeliveryRow[]): Promise<readonly DeliveryRow[]> {
    return this.#database.transaction(undefined, async (tx) => {
      const ours: DeliveryRow[] = []
      const leaseUntil = addMillis(tx.now, leaseMillis)
      for (const delivery of deliveries) if ((await tx.update(deliveryTable, { leaseUntil }, claimOf(delivery))) > 0) ours.push(delivery)
      return ours
    })
  }

  /** As if they had not been claimed: all at once, so that no later one of an aggregate is free before an earlier one. */
  async #giveBack(deliveries: readonly DeliveryRow[]): Promise<void> {
    await this.#database.transaction(undefined, async (tx) => {
      for (const delivery of deliveries)
        await tx.update(deliveryTable, { attempts: delivery.attempts - 1, leaseUntil: null }, claimOf(delivery))
    })
  }

  async #deliver(delivery: DeliveryRow, row: OutboxRow | undefined): Promise<void> {
    const subscriber = this.#subscribers.get(delivery.subscriber)
    if (!subscriber || !row) return
    const { attempts } = delivery
    try {
      // A process that dies in every try never comes to report one.
      if (attempts > subscriber.attempts) throw new Error('the process ended in the last try, before it could say why')
      // An event of an earlier version's subscription is nothing that this handler knows how to read.
      const wanted = subscriber.events.includes('*') || subscriber.events.includes(row.type)
      if (wanted) await subscriber.handle(row.payload as never, envelopeOf(row))
      // A crash before this line delivers once more: at least once is what is promised.
      await this.#database.transaction(undefined, (tx) => tx.remove(deliveryTable, claimOf(delivery)))
    } catch (error) {
      this.#report(`subscriber "${delivery.subscriber}" failed on ${row.type} ${row.id}, try ${attempts} of ${subscriber.attempts}`, error)
      const status = attempts >= subscriber.attempts ? 'dead' : 'waiting'
      const next = { status, runAt: retryAt(this.#clock.now(), attempts), leaseUntil: null, lastError: reasonOf(error) } as const
      await this.#database.transaction(undefined, (tx) => tx.update(deliveryTable, next, claimOf(delivery)))
    }
  }
}

/** The delivery as long as it is ours: whoever claims it after our lease counts one try more. */
function claimOf({ subscriber, seq, attempts }: DeliveryRow): Pick<DeliveryRow, 'subscriber' | 'seq' | 'attempts' | 'status'> {
  return { subscriber, seq, attempts, status: 'waiting' }
}

function envelopeOf(row: OutboxRow): EventEnvelope {
  return { id: row.id, type: row.type, aggregate: row.aggregate, occurredAt: row.occurredAt }
}
