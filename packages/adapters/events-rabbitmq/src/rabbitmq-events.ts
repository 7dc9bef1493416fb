import {
  type BrokerListener,
  type BrokerListening,
  createEventTransport,
  type EventTransport,
  type EventTransportOptions,
  type Report,
  type TransportedEvent,
} from '@entrepot/core'
import { type AsyncMessage, Connection, type ConnectionOptions, ConsumerStatus } from 'rabbitmq-client'

export interface RabbitmqEventsOptions extends EventTransportOptions {
  /** `amqp://` or `amqps://`, with user, password and virtual host. */
  readonly url: string
  /** The exchange, and what the queues' names begin with; all processes that share events name the same. @default 'entrepot.events' */
  readonly exchange?: string | undefined
  /** How many events may wait in a group's queue. Beyond that publishing is refused, and they stay in the outbox. Set when the queue is made. @default 100000 */
  readonly backlog?: number | undefined
  /** What else the client is told: TLS, heartbeat, several hosts. */
  readonly connection?: Omit<ConnectionOptions, 'url'> | undefined
}

/**
 * Events of a marketplace over a fanout exchange, which is made where it is missing. It connects by itself, and again whenever the server comes back.
 * @example createCommerce({ database, adapters: { events: rabbitmqEvents({ url: 'amqp://localhost' }) } })
 */
export function rabbitmqEvents({
  url,
  exchange = 'entrepot.events',
  backlog = 100_000,
  connection,
  ...options
}: RabbitmqEventsOptions): EventTransport {
  const report: Report = options.report ?? ((message, error) => process.emitWarning(`${message}: ${String(error)}`))
  const acquireTimeout = options.timeoutMillis ?? 10_000
  const rabbit = new Connection({ retryLow: 100, retryHigh: 2000, ...connection, url, acquireTimeout })
  let reached = false
  let told = false
  rabbit.on('connection', () => {
    reached = true
    told = false
  })
  rabbit.on('error', (error) => {
    if (!told) report('RabbitMQ cannot be reached, and is tried again', error)
    told = true
  })
  const declared = { exchange, type: 'fanout', durable: true } as const
  const publisher = rabbit.createPublisher({ confirm: true, exchanges: [declared] })
  return createEventTransport(
    {
      async send(event) {
        // The first connection is waited for; one that is lost is not: the outbox keeps the event.
        if (reached && !rabbit.ready) throw new Error('RabbitMQ is not connected')
        const { id: messageId, type } = event
        await publisher.send({ exchange, routingKey: type, messageId, type, durable: true, contentType: 'application/json' }, encode(event))
      },
      receive: (listening) => consume(rabbit, { declared, backlog, report }, listening),
      async disconnect() {
        await publisher.close().catch(noop)
        await rabbit.close().catch(noop)
      },
    },
    { ...options, report },
  )
}

interface QueueSettings {
  readonly declared: { readonly exchange: string; readonly type: 'fanout'; readonly durable: true }
  readonly backlog: number
  readonly report: Report
}

async function consume(
  rabbit: Connection,
  { declared, backlog, report }: QueueSettings,
  { group, inFlight, deliver }: BrokerListening,
): Promise<BrokerListener> {
  const { exchange } = declared
  const queue = `${exchange}.${group}`
  const consumer = rabbit.createConsumer(
    {
      queue,
      queueOptions: {
        durable: true,
        arguments: {
          // What goes back to a classic queue takes its old place; in a quorum queue it may be overtaken (seen with 3.10).
          'x-queue-type': 'classic',
          'x-single-active-consumer': true,
          'x-max-length': backlog,
          'x-overflow': 'reject-publish',
        },
      },
      exchanges: [declared],
      queueBindings: [{ exchange, queue }],
      qos: { prefetchCount: inFlight },
      concurrency: inFlight,
    },
    async (message) => {
      const event = eventOf(message)
      if (event === undefined) {
        report(`a message in ${queue} is no event, and is passed over`, undefined)
        return ConsumerStatus.ACK
      }
      return (await deliver(event)) ? ConsumerStatus.ACK : ConsumerStatus.REQUEUE
    },
  )
  // Only now is the group there, and keeps what is published.
  await new Promise<void>((resolve, reject) => {
    consumer.once('ready', resolve)
    consumer.once('error', reject)
  }).catch(async (error: unknown) => {
    await consumer.close()
    throw error
  })
  consumer.on('error', (error) => report(`group "${group}" is disturbed, and goes on when it can`, error))
  return { stop: () => consumer.close().catch(noop) }
}

/** As a text it would be sent as text/plain. */
function encode(event: TransportedEvent): Buffer {
  return Buffer.from(JSON.stringify(event))
}

/** Undefined for a message that somebody else has published. */
function eventOf({ body }: AsyncMessage): TransportedEvent | undefined {
  try {
    const event: Partial<TransportedEvent> | null = Buffer.isBuffer(body) ? JSON.parse(body.toString()) : body
    const { id, type, aggregate, occurredAt, payload } = event ?? {}
    if (id === undefined || type === undefined || aggregate === undefined || occurredAt === undefined || payload === undefined)
      return undefined
    return { id, type, aggregate, occurredAt, payload }
  } catch {
    return undefined
  }
}

function noop(): void {}
