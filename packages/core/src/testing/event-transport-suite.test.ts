import { describe, expect, it } from 'vitest'
import type { EventTransport, TransportedEvent } from '../ports/index.js'
import { type BrokerListening, createEventTransport, type EventBroker } from '../transport/index.js'
import { describeEventTransport, type EventTransportSuite, eventTransportChecks } from './event-transport-suite.js'

/** A broker in memory: for each group what waits, in order, and one listener at a time, as real brokers give an ordered queue to one. */
class MemoryServer {
  readonly #groups = new Map<string, Group>()
  up = true

  group(name: string): Group {
    const group = this.#groups.get(name) ?? { waiting: [], inHand: new Map(), listeners: [] }
    this.#groups.set(name, group)
    return group
  }

  groupsOf(place: string): readonly Group[] {
    return [...this.#groups].filter(([name]) => name.startsWith(`${place}/`)).map(([, group]) => group)
  }

  /** Hands over what the first listener has room for. */
  pump(group: Group): void {
    const listener = group.listeners[0]
    if (!listener || !this.up) return
    while (group.inHand.size < listener.inFlight && group.waiting.length > 0) {
      const event = group.waiting.shift()
      if (!event) return
      const key = {}
      group.inHand.set(key, event)
      const answered = listener.deliver(event).then((handled) => {
        group.inHand.delete(key)
        listener.answers.delete(answered)
        if (!handled) listener.back.push(event)
        else this.pump(group)
      })
      listener.answers.add(answered)
    }
  }
}

interface Group {
  readonly waiting: TransportedEvent[]
  readonly inHand: Map<object, TransportedEvent>
  readonly listeners: Attached[]
}

interface Attached extends Omit<BrokerListening, 'inFlight'> {
  inFlight: number
  readonly answers: Set<Promise<void>>
  readonly back: TransportedEvent[]
}

function memoryBroker(server: MemoryServer, place: string, backlog: number): EventBroker {
  return {
    async send(event) {
      // What JSON cannot carry must not get through here either.
      const copy: TransportedEvent = JSON.parse(JSON.stringify(event))
      await Promise.resolve()
      if (!server.up) throw new Error('not connected')
      const groups = server.groupsOf(place)
      if (groups.some(({ waiting, inHand }) => waiting.length + inHand.size >= backlog)) throw new Error('the backlog is full')
      for (const group of groups) {
        group.waiting.push(copy)
        server.pump(group)
      }
    },
    async receive(listening) {
      const group = server.group(`${place}/${listening.group}`)
      const attached: Attached = { ...listening, answers: new Set(), back: [] }
      group.listeners.push(attached)
      server.pump(group)
      return {
        async stop() {
          const first = group.listeners[0] === attached
          // No other begins before what this one had is answered, else its events would be overtaken.
          attached.inFlight = 0
          await Promise.all(attached.answers)
          group.waiting.unshift(...attached.back)
          group.listeners.splice(group.listeners.indexOf(attached), 1)
          if (first) server.pump(group)
        },
      }
    },
    async disconnect() {},
  }
}

type Break = (transport: EventTransport, broken: { readonly server: MemoryServer; readonly place: string }) => Partial<EventTransport>

/** The suite on the broker in memory, or on transports that break a promise. */
function suiteFor(
  breakIt: Break = () => ({}),
  breakBroker: (broker: EventBroker) => Partial<EventBroker> = () => ({}),
): EventTransportSuite {
  const server = new MemoryServer()
  return {
    name: 'memory',
    open(place, backlog = Number.POSITIVE_INFINITY) {
      const broker = memoryBroker(server, place, backlog)
      const transport = createEventTransport({ ...broker, ...breakBroker(broker) }, { report() {} })
      return { ...transport, ...breakIt(transport, { server, place }) }
    },
    simulate: {
      async stop() {
        server.up = false
      },
      async start() {
        server.up = true
      },
    },
    patienceMillis: 2000,
  }
}

function checkOf(suite: EventTransportSuite, name: string): Promise<void> {
  return required(eventTransportChecks(suite).find((check) => check.name === name)).run()
}

describeEventTransport({ ...suiteFor(), runner: { describe, it } })

describe('the suite', () => {
  it('shows what it skips', () => {
    const { open } = suiteFor()
    const skipped = eventTransportChecks({ name: 'memory', open, capabilities: { boundedBacklog: false } }).flatMap(
      (check) => check.skipped ?? [],
    )
    expect(skipped).toEqual(['its backlog has no bound', 'simulate is not given'])
  })
})

const patient = { patienceMillis: 300 }

describe('the suite finds an event transport that', () => {
  let count = 0
  const broken: readonly [what: string, breakIt: Break, found: string][] = [
    [
      'loses one event of many, and confirms it',
      ({ publish }) => ({ publish: (events) => publish(events.filter(() => ++count % 10 !== 0)) }),
      'has what it confirmed when whoever published is gone at once, and nobody listens yet',
    ],
    [
      'confirms before the broker has taken it',
      ({ publish, close }) => {
        let closed = false
        return {
          async publish(events) {
            if (closed) throw new Error('closed')
            setTimeout(() => void publish(closed ? [] : events).catch(() => {}), 1)
          },
          async close() {
            closed = true
            await close()
          },
        }
      },
      'has what it confirmed when whoever published is gone at once, and nobody listens yet',
    ],
    [
      'says nothing of a refusal',
      ({ publish }) => ({ publish: (events) => publish(events).catch(() => {}) }),
      'rejects while the broker is away, goes on by itself when it is back, and has lost nothing',
    ],
    [
      'takes more than may wait, and drops it',
      ({ publish }) => ({ publish: (events) => publish(events).catch(() => {}) }),
      'refuses more than a group may have waiting, and takes it when there is room, nothing lost',
    ],
    [
      'gives each publishing an id of its own',
      ({ publish }) => ({ publish: (events) => publish(events.map((event) => ({ ...event, id: `${event.id}-${++count}` }))) }),
      'publishes an event again under the same id',
    ],
    [
      'publishes the last first',
      ({ publish }) => ({ publish: (events) => publish([...events].reverse()) }),
      'keeps the order of each aggregate, among many and with handlers of unequal pace',
    ],
    [
      'cuts a payload that is long',
      ({ publish }) => ({
        publish: (events) => publish(events.map((event) => (JSON.stringify(event).length > 65_536 ? { ...event, payload: {} } : event))),
      }),
      'carries a payload of 256 KiB',
    ],
    [
      'leaves null out of a payload',
      ({ publish }) => ({
        publish: (events) => publish(JSON.parse(JSON.stringify(events, (_key, value) => value ?? undefined))),
      }),
      'delivers an event as it was published',
    ],
    [
      'acknowledges before the handler has ended',
      ({ consume }) => ({
        consume: async (options) =>
          required(consume)({
            ...options,
            handle: (event) =>
              void Promise.resolve(event)
                .then(options.handle)
                .catch(() => {}),
          }),
      }),
      'tries a failed event again before what comes after it, and lets other aggregates go by',
    ],
    [
      'drops an event whose handler failed',
      ({ consume }) => ({
        consume: async (options) =>
          required(consume)({
            ...options,
            async handle(event) {
              await Promise.resolve(event)
                .then(options.handle)
                .catch(() => {})
            },
          }),
      }),
      'gives what was not handled to the next consumer of the group, from the first on',
    ],
    [
      'has everything in hand at once',
      ({ consume }) => ({ consume: async (options) => required(consume)({ ...options, inFlight: 1000 }) }),
      'has no more in hand than it may, however much waits',
    ],
    [
      'knows one group only',
      ({ consume }) => ({ consume: async (options) => required(consume)({ ...options, group: 'all' }) }),
      'gives every event to every group',
    ],
    [
      'gives every process of a group a queue of its own, and begins where it came',
      ({ consume }) => ({ consume: async (options) => required(consume)({ ...options, group: `g${++count}` }) }),
      'has what it confirmed when whoever published is gone at once, and nobody listens yet',
    ],
    [
      'takes any name for a group',
      ({ consume }) => ({ consume: async (options) => required(consume)({ ...options, group: 'any' }) }),
      'refuses a group that has no proper name',
    ],
    [
      'closes at once',
      ({ close }) => ({ close: async () => void close() }),
      'closes when the handlers at work have ended, and begins no other',
    ],
    [
      'publishes after it was closed',
      ({ publish, consume }, { server, place }) => ({
        publish: (events) =>
          publish(events).catch(() => createEventTransport(memoryBroker(server, place, Number.POSITIVE_INFINITY)).publish(events)),
        ...(consume && { consume }),
      }),
      'closes when what is being published is there, and refuses what comes after',
    ],
  ]
  it.each(broken)('%s', async (_what, breakIt, found) => {
    await expect(checkOf({ ...suiteFor(breakIt), ...patient }, found)).rejects.toThrow()
  })

  const brokenBrokers: readonly [what: string, breakIt: (broker: EventBroker) => Partial<EventBroker>, found: string][] = [
    [
      'takes what it could not hand over as done',
      ({ receive }) => ({
        receive: (listening) =>
          receive({
            ...listening,
            async deliver(event) {
              await listening.deliver(event)
              return true
            },
          }),
      }),
      'gives what was not handled to the next consumer of the group, from the first on',
    ],
    [
      'hands every event over again after its acknowledgement',
      ({ receive }) => ({
        receive: (listening) =>
          receive({
            ...listening,
            async deliver(event) {
              await listening.deliver(event)
              return false
            },
          }),
      }),
      'closes when the handlers at work have ended, and begins no other',
    ],
    [
      'hands events over by chance',
      ({ receive }) => ({
        receive: (listening) =>
          receive({
            ...listening,
            async deliver(event) {
              await new Promise((resolve) => setTimeout(resolve, ++count % 5))
              return listening.deliver(event)
            },
          }),
      }),
      'keeps the order of each aggregate, among many and with handlers of unequal pace',
    ],
    [
      'forgets a group when its listener goes',
      ({ receive }) => ({
        receive: async (listening) => {
          const name = { ...listening, group: `${listening.group}-${++count}` }
          return receive(name)
        },
      }),
      'has what it confirmed when whoever published is gone at once, and nobody listens yet',
    ],
  ]
  it.each(brokenBrokers)('is on a broker that %s', async (_what, breakIt, found) => {
    await expect(checkOf({ ...suiteFor(undefined, breakIt), ...patient }, found)).rejects.toThrow()
  })
})

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('it is not there')
  return value
}
