import type { Events } from './events.js'
import type { EventEnvelope } from './outbox.js'

/** What carries events out of the process; the `EventTransport` port is one. */
export interface Publisher {
  publish(events: readonly (EventEnvelope & { readonly payload: object })[]): Promise<void>
}

/** A broker is a durable subscriber of everything: in order per aggregate, at least once, tried until it takes the event. */
export function relayTo(events: Events, transport: Publisher): Promise<void> {
  return events.subscribe('transport', ['*'], (payload: object, envelope) => transport.publish([{ ...envelope, payload }]), {
    attempts: Number.MAX_SAFE_INTEGER,
  })
}
