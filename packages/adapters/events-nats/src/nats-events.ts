import { createHash } from 'node:crypto'
import { createEventTransport, type EventTransport, type EventTransportOptions, type Report } from '@entrepot/core'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'
import { type Connected, readGroup } from './read-group.js'
import { prepareStream, subjectOf } from './stream.js'

export interface NatsEventsOptions extends EventTransportOptions {
  /** `host:port`, one or several of a cluster. */
  readonly servers: string | readonly string[]
  /** The stream's name, and what its subjects begin with; all processes that share events name the same. Letters, digits, `-` and `_`. @default 'entrepot' */
  readonly stream?: string | undefined
  /** How many events a group handles at once, over all processes. It must not change while events wait. @default 8 */
  readonly partitions?: number | undefined
  /** How many events may wait for the slowest group. Beyond that publishing is refused, and they stay in the outbox. @default 100000 */
  readonly backlog?: number | undefined
  /** Servers of a cluster that keep each event; set when the stream is made. @default 1 */
  readonly replicas?: number | undefined
  /** What else the client is told: credentials, TLS. */
  readonly connection?: Omit<NodeConnectionOptions, 'servers'> | undefined
}

/**
 * Events of a marketplace over a JetStream stream, which is made where it is missing. It connects by itself, and again whenever the server comes back.
 * @example createCommerce({ database, adapters: { events: natsEvents({ servers: 'localhost:4222' }) } })
 */
export function natsEvents({
  servers,
  stream = 'entrepot',
  partitions = 8,
  backlog = 100_000,
  replicas = 1,
  connection,
  ...options
}: NatsEventsOptions): EventTransport {
  const report: Report = options.report ?? ((message, error) => process.emitWarning(`${message}: ${String(error)}`))
  const timeout = options.timeoutMillis ?? 10_000
  let away = false
  const open = async (): Promise<Connected> => {
    const nats = await connect({
      reconnectTimeWait: 250,
      ...connection,
      servers: typeof servers === 'string' ? servers : [...servers],
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
    })
    void watch(nats, report, (isAway) => {
      away = isAway
    })
    const manager = await jetstreamManager(nats, { timeout })
    await prepareStream(manager, { stream, backlog, replicas })
    return { nats, manager, client: jetstream(nats, { timeout }) }
  }
  let opening: Promise<Connected> | undefined
  const connected = (): Promise<Connected> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined
      throw error
    })
    return opening
  }
  return createEventTransport(
    {
      async send(event) {
        const { client } = await connected()
        // The client would keep it in memory until the server is back; the outbox does.
        if (away) throw new Error('NATS is not connected')
        const subject = subjectOf(stream, partitionOf(event.aggregate, partitions))
        await client.publish(subject, JSON.stringify(event), { msgID: event.id, timeout })
      },
      async receive(listening) {
        return readGroup(await connected(), { stream, partitions, report }, listening)
      },
      async disconnect() {
        const there = await opening?.catch(() => undefined)
        await there?.nats.close()
      },
    },
    { ...options, report },
  )
}

async function watch(nats: NatsConnection, report: Report, isAway: (away: boolean) => void): Promise<void> {
  for await (const status of nats.status()) {
    if (status.type === 'disconnect') {
      isAway(true)
      report('NATS is not connected, and is tried again', undefined)
    }
    if (status.type === 'reconnect') isAway(false)
  }
}

/** The same for an aggregate in every process and version. */
function partitionOf(aggregate: string, partitions: number): number {
  return createHash('sha256').update(aggregate).digest().readUInt32BE(0) % partitions
}
