import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { BrokerListener, BrokerListening, Report, TransportedEvent } from '@entrepot/core'
import type { Client } from './client.js'

export interface ReadGroupDeps {
  readonly client: Client
  /** A connection for this group alone, on which a read may wait; not connected yet. */
  readonly reading: Client
  readonly stream: string
  readonly report: Report
}

const leaseMillis = 15_000
/** How often whoever has not the lease looks whether it is free. */
const lookMillis = 250
/** All processes read by one name, so that what one has left unacknowledged is the next one's. */
const reader = 'reader'

/** Takes a lease, or lengthens it where it is ours. */
const takeLease = `local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`
const giveLeaseBack = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

export async function readGroup(
  { client, reading, stream, report }: ReadGroupDeps,
  { group, inFlight, deliver }: BrokerListening,
): Promise<BrokerListener> {
  await client.xGroupCreate(stream, group, '$', { MKSTREAM: true }).catch((error: unknown) => {
    if (!String(error).includes('BUSYGROUP')) throw error
  })
  const lease = `${stream}:${group}:lease`
  const holder = randomUUID()
  const inHand = new Set<Promise<void>>()
  const stopping = new AbortController()
  const { signal } = stopping
  let held = false

  const hold = async (): Promise<void> => {
    held = (await client.eval(takeLease, { keys: [lease], arguments: [holder, String(leaseMillis)] })) === 1
  }
  const loseHold = (): void => {
    held = false
  }
  const renewing = setInterval(() => {
    if (held) hold().catch(loseHold)
  }, leaseMillis / 3)
  renewing.unref()

  const work = async (id: string, event: TransportedEvent | undefined): Promise<void> => {
    if (event === undefined) report(`entry ${id} of ${stream} is no event, and is passed over`, undefined)
    else if (!(await deliver(event))) return
    // What could not be acknowledged is read again by whoever takes the lease next, as we then do ourselves.
    await client.xAck(stream, group, id).catch(loseHold)
  }
  /** From what the last reader has left on to what is new. */
  const read = async (): Promise<void> => {
    let from = '0'
    while (held && !signal.aborted) {
      if (inHand.size >= inFlight) {
        await Promise.race(inHand)
        continue
      }
      const count = { COUNT: inFlight - inHand.size }
      const answer = await reading.xReadGroup(group, reader, { key: stream, id: from }, from === '>' ? { ...count, BLOCK: 1000 } : count)
      const entries = answer?.[0]?.messages ?? []
      if (from !== '>') from = entries.at(-1)?.id ?? '>'
      for (const { id, message } of entries) {
        const working: Promise<void> = work(id, eventOf(message)).finally(() => inHand.delete(working))
        inHand.add(working)
      }
    }
  }
  const run = async (): Promise<void> => {
    await reading.connect().catch(() => {})
    while (!signal.aborted) {
      try {
        await hold()
        await read()
      } catch (error) {
        loseHold()
        // A lost connection is told of where it is seen.
        if (!signal.aborted && client.isReady && reading.isReady) report(`group "${group}" could not be read, and is tried again`, error)
      }
      // What is in hand would be read once more, and be worked on twice at a time.
      await Promise.all(inHand)
      await pause(lookMillis, undefined, { signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      // An answer that is lost by it stays unacknowledged, and is the next reader's.
      reading.destroy()
      await running
      clearInterval(renewing)
      await client.eval(giveLeaseBack, { keys: [lease], arguments: [holder] }).catch(() => {})
    },
  }
}

/** Undefined for an entry that somebody else has written, or that was taken out of the stream. */
function eventOf(message: Readonly<Record<string, string>> | null): TransportedEvent | undefined {
  const { id, type, aggregate, occurredAt, payload } = message ?? {}
  if (id === undefined || type === undefined || aggregate === undefined || occurredAt === undefined || payload === undefined)
    return undefined
  try {
    return { id, type, aggregate, occurredAt, payload: JSON.parse(payload) }
  } catch {
    return undefined
  }
}
