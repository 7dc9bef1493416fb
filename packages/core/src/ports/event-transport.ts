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
   * aggregates may overtake each other. Never called inside a transaction.
   */
  publish(events: readonly TransportedEvent[]): Promise<void>
  /** Waits for what is in hand and gives back its connections. */
  close(): Promise<void>
}
