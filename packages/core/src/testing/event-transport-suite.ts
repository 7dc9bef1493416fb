import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { groupBy } from '../kernel/index.js'
import type { ConsumeEvents, EventConsumer, EventTransport, TransportedEvent } from '../ports/index.js'
import { runSuite, type SuiteCheck, type TestRunner } from './suite.js'

/** How the suite moves the broker. What is left out is shown as skipped. */
export interface EventTransportSimulation {
  /** Takes the broker away: its process ends, or no connection to it lasts. */
  stop(): Promise<void>
  /** Brings it back, with what it has on its disk. */
  start(): Promise<void>
}

/** An event transport to be tested. */
export interface EventTransportSuite {
  readonly name: string
  /**
   * Opens a transport as one process does.
   * @param place a stream, an exchange, a prefix: those of the same place meet, and each test has one of its own. Letters and digits
   * @param backlog where given, how many events the broker may hold for a group before it refuses more
   */
  open(place: string, backlog?: number): EventTransport | Promise<EventTransport>
  /** Takes away what a test has left at a place. */
  clear?(place: string): Promise<void>
  readonly simulate?: EventTransportSimulation | undefined
  readonly capabilities?: {
    /** It refuses events where a group's backlog is full, by the second argument of `open`. @default true */
    readonly boundedBacklog?: boolean | undefined
  }
  /** Milliseconds within which what was published arrives, a restart of the broker included. @default 20000 */
  readonly patienceMillis?: number | undefined
  /** What the tests are registered with. @default the global `describe` and `it`, as Jest has them, Mocha, and Vitest with `globals` */
  readonly runner?: TestRunner | undefined
}

/**
 * Tests that an event transport keeps what the port promises, as two or more processes see it. It observes by `consume`, which must be there.
 * @example describeEventTransport({ name: 'acme', open: (place) => acmeEvents({ url, topic: place }), runner: { describe, it } })
 * @throws TypeError where no runner is given and none is global
 */
export function describeEventTransport(suite: EventTransportSuite): void {
  runSuite('describeEventTransport', `event transport ${suite.name}`, eventTransportChecks(suite), suite.runner)
}

/** What one test has open, and is closed when it ends. */
interface Place {
  open(backlog?: number): Promise<EventTransport>
  /** Consumes and collects; `handle` runs before an event counts as received. */
  receive(transport: EventTransport, options?: Partial<ConsumeEvents>): Promise<Received>
  /** Holds handlers until it is opened, at the latest when the test ends. */
  gate(): Gate
}

interface Received {
  readonly events: readonly TransportedEvent[]
  /** Waits until so many different events have come. */
  arrived(count: number): Promise<void>
  close(): Promise<void>
}

/** The checks one by one: what proves the suite itself, by transports that must fail it. */
export function eventTransportChecks({
  open,
  clear,
  simulate,
  capabilities,
  patienceMillis = 20_000,
}: EventTransportSuite): readonly SuiteCheck[] {
  const until = async (what: string, reached: () => boolean): Promise<void> => {
    for (const end = Date.now() + patienceMillis; !reached(); await pause(5))
      ok(Date.now() < end, `not within ${patienceMillis} ms: ${what}`)
  }
  const checks: SuiteCheck[] = []
  const check = (name: string, run: (place: Place) => Promise<void>, skipped?: string | false): void => {
    checks.push({ name, skipped: skipped === false ? undefined : skipped, run: () => atPlace(run) })
  }
  const atPlace = async (run: (place: Place) => Promise<void>): Promise<void> => {
    const place = `suite${randomUUID().replaceAll('-', '').slice(0, 12)}`
    const opened: EventTransport[] = []
    const gates: Gate[] = []
    try {
      await run({
        gate() {
          const gate = createGate()
          gates.push(gate)
          return gate
        },
        async open(backlog) {
          const transport = await open(place, backlog)
          opened.push(transport)
          return transport
        },
        async receive(transport, { handle, ...options } = {}) {
          const events: TransportedEvent[] = []
          const consumer = await consume(transport, {
            group: 'suite',
            pauseMillis: 5,
            ...options,
            async handle(event) {
              await handle?.(event)
              events.push(event)
            },
          })
          return {
            events,
            arrived: (count) => until(`${count} events, of which ${distinct(events).length} came`, () => distinct(events).length >= count),
            close: () => consumer.close(),
          }
        },
      })
    } finally {
      for (const gate of gates) gate.open()
      await Promise.all(opened.map((transport) => transport.close()))
      await clear?.(place)
    }
  }

  check('delivers an event as it was published', async (place) => {
    const transport = await place.open()
    const { events, arrived } = await place.receive(transport)
    const payload = {
      text: 'é 中 🜚 "\\\n',
      none: null,
      flag: false,
      zero: 0,
      amount: Number.MAX_SAFE_INTEGER,
      nested: [{ deep: [[]] }],
      empty: {},
    }
    const published = [
      { ...event('ord_1', 1), payload },
      { ...event('ord_2', 1), type: 'order.placed', occurredAt: '2026-02-28T23:59:59.999Z' },
    ]
    await transport.publish(published)
    await arrived(2)
    deepEqual(byId(distinct(events)), byId(published))
  })
  check('publishes nothing where there is nothing', async (place) => {
    await (await place.open()).publish([])
  })
  check('has what it confirmed when whoever published is gone at once, and nobody listens yet', async (place) => {
    const reader = await place.open()
    await (await place.receive(reader)).close()
    const writer = await place.open()
    const published = series(['ord_1'], 20)
    await writer.publish(published)
    await writer.close()
    const { events, arrived } = await place.receive(await place.open())
    await arrived(20)
    deepEqual(events.map(idOf), published.map(idOf))
  })
  check('keeps the order of each aggregate, among many and with handlers of unequal pace', async (place) => {
    const transport = await place.open()
    let count = 0
    const { events, arrived } = await place.receive(transport, { handle: () => pause(count++ % 3 === 0 ? 4 : 0) })
    const aggregates = Array.from({ length: 12 }, (_, index) => `ord_${index}`)
    const published = series(aggregates, 10)
    await transport.publish(published.slice(0, 36))
    // In runs of one aggregate, and taking turns.
    for (const run of groupBy(published.slice(36, 84), ({ aggregate }) => aggregate).values()) await transport.publish(run)
    for (const one of published.slice(84)) await transport.publish([one])
    await arrived(published.length)
    inOrder(events)
  })
  check('publishes an event again under the same id', async (place) => {
    const transport = await place.open()
    const { events, arrived } = await place.receive(transport)
    const [first, second] = series(['ord_1'], 2)
    ok(first && second)
    await transport.publish([first])
    await transport.publish([first])
    await transport.publish([second])
    await arrived(2)
    deepEqual(distinct(events).map(idOf), [first.id, second.id])
    equal(events.at(-1)?.id, second.id)
  })
  check('carries a payload of 256 KiB', async (place) => {
    const transport = await place.open()
    const { events, arrived } = await place.receive(transport)
    const big = { ...event('ord_1', 1), payload: { text: 'ü'.repeat(128 * 1024) } }
    await transport.publish([big])
    await arrived(1)
    deepEqual(events[0], big)
  })
  check('tries a failed event again before what comes after it, and lets other aggregates go by', async (place) => {
    const transport = await place.open()
    let failures = 0
    const { events, arrived } = await place.receive(transport, {
      handle: ({ aggregate, payload }) => {
        if (aggregate !== 'ord_1' || Reflect.get(payload, 'number') !== 2 || failures === 3) return
        failures++
        throw new Error('not yet')
      },
    })
    await transport.publish(series(['ord_1', 'ord_2'], 4))
    await arrived(8)
    equal(failures, 3)
    inOrder(events)
  })
  check('gives what was not handled to the next consumer of the group, from the first on', async (place) => {
    const published = series(['ord_1', 'ord_2', 'ord_3'], 5)
    const first = await place.open()
    const failing = await place.receive(first, {
      handle: ({ aggregate }) => {
        if (aggregate !== 'ord_2') throw new Error('never')
      },
    })
    await first.publish(published)
    await until('the five that were handled', () => failing.events.length >= 5)
    await first.close()
    const { events, arrived } = await place.receive(await place.open())
    await arrived(10)
    inOrder(events)
    deepEqual(
      new Set(events.map(({ aggregate }) => aggregate)),
      new Set(['ord_1', 'ord_3']),
      'what was handled and acknowledged came again',
    )
  })
  check('has no more in hand than it may, however much waits', async (place) => {
    const transport = await place.open()
    const gate = place.gate()
    let most = 0
    let inHand = 0
    const { arrived } = await place.receive(transport, {
      inFlight: 3,
      async handle() {
        most = Math.max(most, ++inHand)
        await gate.passed
        inHand--
      },
    })
    await transport.publish(
      series(
        Array.from({ length: 40 }, (_, index) => `ord_${index}`),
        1,
      ),
    )
    await until('a first event', () => inHand > 0)
    await pause(100)
    gate.open()
    await arrived(40)
    ok(most <= 3, `${most} events were in hand where 3 are allowed`)
  })
  check('gives every event to every group', async (place) => {
    const transport = await place.open()
    const groups = [await place.receive(transport, { group: 'stock' }), await place.receive(await place.open(), { group: 'mail' })]
    await transport.publish(series(['ord_1', 'ord_2'], 5))
    for (const { events, arrived } of groups) {
      await arrived(10)
      inOrder(events)
    }
  })
  check('shares the work of a group among its processes, in order', async (place) => {
    const transport = await place.open()
    const seen: TransportedEvent[] = []
    const handle = async (event: TransportedEvent): Promise<void> => {
      await pause(1)
      seen.push(event)
    }
    await place.receive(transport, { handle })
    const second = await place.receive(await place.open(), { handle })
    const published = series(['ord_1', 'ord_2', 'ord_3', 'ord_4'], 20)
    await transport.publish(published.slice(0, 40))
    await until('some of the first half', () => seen.length > 5)
    await second.close()
    await transport.publish(published.slice(40))
    await until(`80 events, of which ${distinct(seen).length} came`, () => distinct(seen).length === 80)
    inOrder(seen)
  })
  check('closes when the handlers at work have ended, and begins no other', async (place) => {
    const transport = await place.open()
    const gate = place.gate()
    let begun = 0
    const { events } = await place.receive(transport, {
      inFlight: 2,
      async handle() {
        begun++
        await gate.passed
      },
    })
    await transport.publish(series(['ord_1'], 6))
    await until('a first event', () => begun > 0)
    let closed = false
    const closing = transport.close().then(() => {
      closed = true
    })
    await pause(50)
    equal(closed, false, 'it closed while a handler was at work')
    gate.open()
    await closing
    equal(begun, events.length)
    equal(begun, 1, 'a handler was begun after close')
    const next = await place.receive(await place.open())
    await next.arrived(5)
    inOrder(next.events)
    equal(
      next.events.some(({ id }) => id === events[0]?.id),
      false,
      'what was handled while it closed came again',
    )
  })
  check('closes when what is being published is there, and refuses what comes after', async (place) => {
    const transport = await place.open()
    await (await place.receive(transport)).close()
    const published = series(['ord_1', 'ord_2'], 10)
    const publishing = transport.publish(published)
    const closing = transport.close()
    await publishing
    await closing
    await rejects(transport.publish([event('ord_1', 11)]), 'a publish after close was taken')
    await rejects(consume(transport, { group: 'suite', handle() {} }), 'a consumer was opened after close')
    await transport.close()
    const { arrived } = await place.receive(await place.open())
    await arrived(20)
  })
  check('refuses a group that has no proper name', async (place) => {
    const transport = await place.open()
    for (const group of ['', 'a.b', 'a b', '*', 'x'.repeat(61)])
      await rejects(consume(transport, { group, handle() {} }), `"${group}" was taken`)
  })
  check(
    'refuses more than a group may have waiting, and takes it when there is room, nothing lost',
    async (place) => {
      const backlog = 20
      const transport = await place.open(backlog)
      const gate = place.gate()
      const { events, arrived } = await place.receive(transport, { inFlight: 1, handle: () => gate.passed })
      const published = series(['ord_1'], 200)
      let taken = 0
      const relay = async (): Promise<void> => {
        for (; taken < published.length; taken++) await transport.publish(published.slice(taken, taken + 1))
      }
      await rejects(relay(), 'a backlog without end was taken')
      ok(taken >= backlog / 2, `only ${taken} were taken where ${backlog} may wait`)
      gate.open()
      for (const end = Date.now() + patienceMillis; taken < published.length; ) {
        await relay().catch(() => pause(10))
        ok(Date.now() < end, `after ${taken} events there was no more room`)
      }
      await arrived(published.length)
      inOrder(events)
    },
    capabilities?.boundedBacklog === false && 'its backlog has no bound',
  )
  check(
    'rejects while the broker is away, goes on by itself when it is back, and has lost nothing',
    async (place) => {
      const transport = await place.open()
      const reader = await place.open()
      const { events, arrived } = await place.receive(reader, { handle: () => pause(1) })
      const idle = await place.receive(await place.open(), { group: 'later' })
      await idle.close()
      const aggregates = Array.from({ length: 8 }, (_, index) => `ord_${index}`)
      const published = series(aggregates, 15)
      let taken = 0
      let refused = 0
      // As the outbox does: the next one only after the last is taken, and the same again otherwise.
      const relay = async (stopAt: number): Promise<void> => {
        const end = Date.now() + patienceMillis
        while (taken < stopAt) {
          ok(Date.now() < end, `after ${taken} events the broker took no more`)
          await transport.publish(published.slice(taken, taken + 1)).then(
            () => taken++,
            () => {
              refused++
              return pause(20)
            },
          )
        }
      }
      await relay(60)
      await simulate?.stop()
      await rejects(transport.publish(published.slice(60, 61)), 'it took an event without a broker')
      const relaying = relay(published.length)
      await until('a refusal', () => refused > 0)
      await simulate?.start()
      await relaying
      await arrived(published.length)
      inOrder(events)
      const later = await place.receive(await place.open(), { group: 'later' })
      await later.arrived(published.length)
      inOrder(later.events)
    },
    simulate === undefined && 'simulate is not given',
  )
  return checks
}

function consume(transport: EventTransport, options: ConsumeEvents): Promise<EventConsumer> {
  ok(transport.consume, 'it has no consume, by which the suite sees what arrives')
  return transport.consume(options)
}

let counter = 0

function event(aggregate: string, number: number): TransportedEvent {
  const id = `evt_suite${++counter}x${Date.now()}`
  return { id, type: 'order.paid', aggregate, occurredAt: '2026-01-01T00:00:00.000Z', payload: { number } }
}

/** Numbered from 1 for each aggregate, taking turns. */
function series(aggregates: readonly string[], each: number): readonly TransportedEvent[] {
  return Array.from({ length: each }, (_, index) => aggregates.map((aggregate) => event(aggregate, index + 1))).flat()
}

const idOf = ({ id }: TransportedEvent): string => id

/** Without repetitions: the first of each id. */
function distinct(events: readonly TransportedEvent[]): readonly TransportedEvent[] {
  return [...new Map([...events].reverse().map((one) => [one.id, one])).values()].reverse()
}

function byId(events: readonly TransportedEvent[]): readonly TransportedEvent[] {
  return [...events].sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** Each aggregate's events, without repetitions, came by rising numbers with none left out. */
function inOrder(events: readonly TransportedEvent[]): void {
  const last = new Map<string, number>()
  for (const { aggregate, payload } of distinct(events)) {
    const number: unknown = Reflect.get(payload, 'number')
    const before = last.get(aggregate)
    ok(typeof number === 'number')
    ok(before === undefined || number === before + 1, `${aggregate}: event ${number} came after ${before}`)
    last.set(aggregate, number)
  }
}

interface Gate {
  readonly passed: Promise<void>
  open(): void
}

function createGate(): Gate {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
