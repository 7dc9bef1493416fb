/**
 * Events over Redis Streams.
 *
 * Invariants: an event leaves the stream when every group has acknowledged it, and not before; of a group one process reads at a time, under a lease, and whoever
 * takes over begins with what the last reader left unacknowledged.
 */
export { type RedisEventsOptions, redisEvents } from './redis-events.js'
