import { setTimeout as pause } from 'node:timers/promises'
import type { BrokerListener, BrokerListening, Report, TransportedEvent } from '@entrepot/core'
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import { subjectOf } from './stream.js'

export interface Connected {
  readonly nats: NatsConnection
  readonly manager: JetStreamManager
  readonly client: JetStreamClient
}

export interface GroupSettings {
  readonly stream: string
  readonly partitions: number
  readonly report: Report
}

/** After so long without a sign of a handler's process, its event is given to another. */
const leaseMillis = 10_000
/** How long one request for an event waits. */
const askMillis = 1000

export async function readGroup(
  { manager, client }: Connected,
  { stream, partitions, report }: GroupSettings,
  { group, inFlight, deliver }: BrokerListening,
): Promise<BrokerListener> {
  const names = await Promise.all(Array.from({ length: partitions }, (_, partition) => joinGroup(manager, stream, group, partition)))
  const turns = createTurns(inFlight)
  let stopping = false

  const handle = async (message: JsMsg): Promise<void> => {
    const signs = setInterval(() => message.working(), leaseMillis / 3)
    try {
      const event = eventOf(message)
      if (event === undefined) report(`message ${message.seq} of ${stream} is no event, and is passed over`, undefined)
      const handled = event === undefined || (await turns.take(async () => !stopping && deliver(event)))
      // Unconfirmed, it comes again when the lease is over.
      if (handled) await message.ackAck()
      else message.nak()
    } finally {
      clearInterval(signs)
    }
  }
  const read = async (name: string): Promise<void> => {
    const consumer = await client.consumers.get(stream, name)
    while (!stopping) {
      const message = await consumer.next({ expires: askMillis })
      if (message) await handle(message)
    }
  }
  const run = async (name: string): Promise<void> => {
    while (!stopping)
      await read(name).catch(async (error: unknown) => {
        report(`group "${group}" could not be read, and is tried again`, error)
        await pause(250)
      })
  }
  const running = Promise.all(names.map(run))
  return {
    async stop() {
      stopping = true
      await running
    },
  }
}

/** Makes a group's consumer of a partition, unless it is there. @returns its name */
async function joinGroup(manager: JetStreamManager, stream: string, group: string, partition: number): Promise<string> {
  const name = `${group}-${partition}`
  const isThere = (): Promise<boolean> => manager.consumers.info(stream, name).then(() => true, isMissing)
  if (await isThere()) return name
  const { state } = await manager.streams.info(stream)
  const added = manager.consumers.add(stream, {
    durable_name: name,
    filter_subject: subjectOf(stream, partition),
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(leaseMillis),
    // By number: a server that starts again forgets where a consumer of what is "new" began, if nobody has fetched from it yet (seen with 2.9).
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: state.last_seq + 1,
    // Order: nothing is handed out behind an event that is not acknowledged.
    max_ack_pending: 1,
    max_deliver: -1,
  })
  await added.catch(async (error: unknown) => {
    // Another process was quicker.
    if (!(await isThere())) throw error
  })
  return name
}

function isMissing(error: unknown): false {
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) return false
  throw error
}

/** At most so many at once; the others wait in their order. */
function createTurns(most: number): { take<Result>(work: () => Promise<Result>): Promise<Result> } {
  const waiting: (() => void)[] = []
  let taken = 0
  return {
    async take(work) {
      if (taken >= most) await new Promise<void>((resolve) => waiting.push(resolve))
      else taken++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else taken--
      }
    },
  }
}

/** Undefined for a message that somebody else has published. */
function eventOf(message: JsMsg): TransportedEvent | undefined {
  try {
    const event = message.json<Partial<TransportedEvent> | null>()
    const { id, type, aggregate, occurredAt, payload } = event ?? {}
    if (id === undefined || type === undefined || aggregate === undefined || occurredAt === undefined || payload === undefined)
      return undefined
    return { id, type, aggregate, occurredAt, payload }
  } catch {
    return undefined
  }
}
