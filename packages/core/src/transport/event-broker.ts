import * as z from 'zod'
import { defineError, type ErrorFactory, groupBy, type Report, validate } from '../kernel/index.js'
import type { ConsumeEvents, EventConsumer, EventTransport, TransportedEvent } from '../ports/index.js'
import { createLanes } from './lanes.js'

/** What is particular to a broker; `createEventTransport` makes an `EventTransport` of it. */
export interface EventBroker {
  /** Resolves once the broker has durably taken the event, and rejects at once where it cannot be reached. Two events of an aggregate are never sent at once. */
  send(event: TransportedEvent): Promise<void>
  /** Hands a group's events over until it is stopped, each time it is reconnected too. */
  receive(listening: BrokerListening): Promise<BrokerListener>
  /** Gives back the connections; nothing is under way any more. */
  disconnect(): Promise<void>
}

export interface BrokerListening {
  readonly group: string
  /** At most so many deliveries may be unanswered. */
  readonly inFlight: number
  /** In the group's order. @returns whether the event was handled and is to be acknowledged; if not, it goes back in its place */
  deliver(event: TransportedEvent): Promise<boolean>
}

export interface BrokerListener {
  /** Fetches nothing more, and resolves when every delivery is answered, and acknowledged or given back. */
  stop(): Promise<void>
}

export interface EventTransportOptions {
  /** Milliseconds that the broker has to take an event. @default 10000 */
  readonly timeoutMillis?: number | undefined
  /** Told of handlers that failed and of lost connections. @default a process warning */
  readonly report?: Report | undefined
}

const closedError: ErrorFactory<{ asked: string }> = defineError(
  'event_transport.closed',
  'unexpected_state',
  ({ asked }) => `the event transport is closed and cannot ${asked}; open another one`,
)
const notTaken: ErrorFactory<{ eventId: string }> = defineError(
  'event_transport.not_taken',
  'unexpected_state',
  ({ eventId }) => `the broker did not confirm event ${eventId}; publish it again`,
)

const consuming = z.object({
  group: z.string().regex(/^[A-Za-z0-9_-]{1,60}$/),
  inFlight: z.int().min(1).max(1000).optional(),
  pauseMillis: z.int().min(1).max(60_000).optional(),
  handle: z.custom<ConsumeEvents['handle']>((value) => typeof value === 'function', 'expected a function'),
})

/** Where a transport that was given no `report` tells of failures. */
const warn: Report = (message, error) => process.emitWarning(`${message}: ${error instanceof Error ? error.message : String(error)}`)

/** The part that is the same over every broker: order per aggregate, retries, the end of what is in hand. */
export function createEventTransport(
  broker: EventBroker,
  { timeoutMillis = 10_000, report = warn }: EventTransportOptions = {},
): EventTransport {
  const underWay = new Set<Promise<unknown>>()
  const consumers = new Set<EventConsumer>()
  let closing: Promise<void> | undefined

  const during = <Result>(work: Promise<Result>): Promise<Result> => {
    const ended = work.then(noop, noop).finally(() => underWay.delete(ended))
    underWay.add(ended)
    return work
  }
  const sendInTurn = async (events: readonly TransportedEvent[]): Promise<void> => {
    for (const event of events) {
      await within(timeoutMillis, broker.send(event)).catch((cause: unknown) => {
        throw notTaken({ eventId: event.id }, cause)
      })
    }
  }
  const publish = async (events: readonly TransportedEvent[]): Promise<void> => {
    const byAggregate = groupBy(events, ({ aggregate }) => aggregate)
    const results = await Promise.allSettled([...byAggregate.values()].map(sendInTurn))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
  const consume = async (options: ConsumeEvents): Promise<EventConsumer> => {
    const { group, handle, inFlight = 10, pauseMillis = 1000 } = validate(consuming, options, 'consume')
    const lanes = createLanes({ handle, pauseMillis, report: (message, error) => report(`group "${group}": ${message}`, error) })
    const listener = await broker.receive({ group, inFlight, deliver: (event) => lanes.take(event) })
    let ending: Promise<void> | undefined
    const consumer: EventConsumer = {
      close() {
        ending ??= Promise.all([listener.stop(), lanes.stop()]).then(() => void consumers.delete(consumer))
        return ending
      },
    }
    consumers.add(consumer)
    return consumer
  }
  const end = async (): Promise<void> => {
    const endConsumers = (): Promise<unknown> => Promise.all([...consumers].map((consumer) => consumer.close()))
    await Promise.all([...underWay, endConsumers()])
    // One that was just being opened is there by now.
    await endConsumers()
    await broker.disconnect()
  }
  return {
    async publish(events) {
      if (closing) throw closedError({ asked: 'publish' })
      await during(publish(events))
    },
    async consume(options) {
      if (closing) throw closedError({ asked: 'consume' })
      return during(consume(options))
    },
    close() {
      closing ??= end()
      return closing
    },
  }
}

function noop(): void {}

/** What a client leaves unanswered, because its server hangs, must not hold up the outbox for ever. */
async function within(millis: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${millis} ms`)), millis)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
