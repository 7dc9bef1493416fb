import { createEventTransport, type EventTransport, type EventTransportOptions, type Report, type TransportedEvent } from '@entrepot/core'
import { type Client, openClient, type RedisConnection } from './client.js'
import { readGroup } from './read-group.js'
import { makeRoom } from './trim.js'

export interface RedisEventsOptions extends EventTransportOptions {
  /** `redis://` or `rediss://`, with user and password where needed. */
  readonly url: string
  /** The stream's key; all processes that share events name the same. @default 'entrepot:events' */
  readonly stream?: string | undefined
  /** How many events may wait for the slowest group. Beyond that publishing is refused, and they stay in the outbox. @default 100000 */
  readonly backlog?: number | undefined
  /** What else the client is told: TLS, timeouts, a client's name. */
  readonly connection?: RedisConnection | undefined
}

/**
 * Events of a marketplace over a Redis stream. It connects by itself, and again whenever the server comes back.
 * @example createCommerce({ database, adapters: { events: redisEvents({ url: 'redis://localhost:6379' }) } })
 */
export function redisEvents({
  url,
  stream = 'entrepot:events',
  backlog = 100_000,
  connection,
  ...options
}: RedisEventsOptions): EventTransport {
  const report: Report = options.report ?? ((message, error) => process.emitWarning(`${message}: ${String(error)}`))
  const open = (): Client => openClient(url, connection, report)
  const client = open()
  const opening = client.connect()
  // Whoever needs the connection waits for it; nobody may be waiting yet.
  opening.catch(() => {})
  const room = makeRoom(client, stream, backlog)
  return createEventTransport(
    {
      async send(event) {
        await opening
        await room.await()
        await client.xAdd(stream, '*', fieldsOf(event))
        room.taken()
      },
      async receive(listening) {
        await opening
        return readGroup({ client, reading: open(), stream, report }, listening)
      },
      async disconnect() {
        client.destroy()
      },
    },
    { ...options, report },
  )
}

function fieldsOf({ payload, id, type, aggregate, occurredAt }: TransportedEvent): Record<string, string> {
  return { id, type, aggregate, occurredAt, payload: JSON.stringify(payload) }
}
