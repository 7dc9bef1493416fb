import type { Report } from '@entrepot/core'
import { createClient, type RedisClientOptions, type RedisClientType } from '@redis/client'

export type RedisConnection = Omit<RedisClientOptions, 'url' | 'disableOfflineQueue' | 'RESP' | 'modules' | 'functions' | 'scripts'>

// biome-ignore lint/complexity/noBannedTypes: the client's own words for "no modules"
export type Client = RedisClientType<{}, {}, {}, 2>

/** After a lost connection: 50 ms, 100 ms, … up to two seconds, for ever. */
const reconnectStrategy = (retries: number): number => Math.min(50 * 2 ** Math.min(retries, 10), 2000)

/** A client that is not connected yet. */
export function openClient(url: string, connection: RedisConnection | undefined, report: Report): Client {
  const client: Client = createClient({
    ...connection,
    url,
    socket: { ...connection?.socket, reconnectStrategy },
    // An event that cannot be sent now is the outbox's to keep, not this process's memory's.
    disableOfflineQueue: true,
    RESP: 2,
  })
  let told = false
  client.on('ready', () => {
    told = false
  })
  client.on('error', (error: unknown) => {
    if (!told) report('Redis cannot be reached, and is tried again', error)
    told = true
  })
  return client
}
