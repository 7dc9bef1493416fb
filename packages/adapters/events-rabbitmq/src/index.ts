/**
 * Events over RabbitMQ.
 *
 * Invariants: a publish is confirmed by the broker; a group is a durable queue, of which one consumer at a time is served; what is not acknowledged goes back to
 * its place in it.
 */
export { type RabbitmqEventsOptions, rabbitmqEvents } from './rabbitmq-events.js'
