/**
 * What event transports have in common, whatever the broker.
 *
 * Invariants: two events of an aggregate are never sent at once nor handled at once in a process; an event is acknowledged after its handler, or not at all;
 * what was refused stops its aggregate; nothing begins after `close`.
 */
export {
  type BrokerListener,
  type BrokerListening,
  createEventTransport,
  type EventBroker,
  type EventTransportOptions,
} from './event-broker.js'
