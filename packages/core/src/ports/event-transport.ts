import type { EventEnvelope } from '../kernel/index.js'

/** An event on its way out of the process. */
export interface TransportedEvent extends EventEnvelope {
  /** JSON-safe. */
  readonly payload: object
}

/**
 * Carries events to other systems: a broker. The outbox keeps an event until `publish` has resolved, and publishes it again otherwise, so consumers recognise
 * repetitions by `id`.
 */
export interface EventTransport {
  /**
   * Resolves once the broker has durably taken all of them. Events of one `aggregate` come in their order and must be delivered in it; those of different
   * aggregates may overtake each other. What is refused rejects, and nothing behind it of its aggregate is taken. Never called inside a transaction.
   */
  publish(events: readonly TransportedEvent[]): Promise<void>
  /** Receives events in another process. Absent where consumers use the broker's own client. */
  consume?(options: ConsumeEvents): Promise<EventConsumer>
  /** Waits for what is in hand, ends its consumers and gives back its connections. Whatever is asked of it afterwards rejects. */
  close(): Promise<void>
}

/** Who receives events, and how. */
export interface ConsumeEvents {
  /**
   * A durable name: the broker keeps for it what is published from the first `consume` on, whether or not anybody listens; all processes that consume by the
   * same name share its events. 1 to 60 letters, digits, `-` and `_`.
   */
  readonly group: string
  /**
   * Called at least once for every event, one after another for an aggregate. The event is the broker's until this has resolved; while it throws, the event is
   * tried again with growing pauses and its aggregate waits.
   */
  readonly handle: (event: TransportedEvent) => Promise<void> | void
  /** Events handled at once in this process, and so of different aggregates; no more are fetched than that, so a slow consumer needs no more memory. @default 10 */
  readonly inFlight?: number | undefined
  /** Milliseconds after the first failure of an event; they double, up to a minute. @default 1000 */
  readonly pauseMillis?: number | undefined
}

export interface EventConsumer {
  /** Begins nothing new and waits for the handlers at work. What was not handled is the group's next consumer's. */
  close(): Promise<void>
}
