/**
 * Events over NATS JetStream.
 *
 * Invariants: aggregates are spread over partitions, and of a partition a group has one event in hand, in whatever process; an event leaves the stream when every
 * group has acknowledged it, and not before.
 */
export { type NatsEventsOptions, natsEvents } from './nats-events.js'
