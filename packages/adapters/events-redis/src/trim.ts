import type { Client } from './client.js'

/** Room in the stream. */
export interface Room {
  /** Rejects where none can be made. */
  await(): Promise<void>
  /** One event more is there. */
  taken(): void
}

/** Keeps the stream short: every so often, and where it is full, what all groups have acknowledged is taken away. */
export function makeRoom(client: Client, stream: string, backlog: number): Room {
  /** Events that may still be added before the stream is looked at again. */
  let left = 0
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    await trim(client, stream, backlog)
    // Others publish too, so it is looked at well before it may be full.
    left = Math.min(Math.ceil((backlog - (await client.xLen(stream))) / 4), 1000)
  }
  return {
    async await() {
      if (left > 0) return
      looking ??= look().finally(() => {
        looking = undefined
      })
      await looking
      if (left <= 0) throw new Error(`${backlog} events in ${stream} wait for a group; publish again when it has caught up`)
    },
    taken() {
      left--
    },
  }
}

async function trim(client: Client, stream: string, backlog: number): Promise<void> {
  if ((await client.exists(stream)) === 0) return
  const groups = await client.xInfoGroups(stream)
  if (groups.length === 0) {
    // Nobody waits for them: a group begins with what is published after it.
    await client.xTrim(stream, 'MAXLEN', backlog - 1)
    return
  }
  const needed = await Promise.all(
    groups.map(async (group) => {
      // All up to the last delivered is acknowledged or pending, and stays so: a later delivery makes no older event pending.
      const pending = group.pending > 0 ? (await client.xPending(stream, group.name)).firstId : null
      return pending ?? String(group['last-delivered-id'])
    }),
  )
  await client.xTrim(
    stream,
    'MINID',
    needed.reduce((left, right) => (isBefore(left, right) ? left : right)),
  )
}

/** Of two entry ids, `<milliseconds>-<number>`. */
function isBefore(left: string, right: string): boolean {
  const [leftTime = '0', leftNumber = '0'] = left.split('-')
  const [rightTime = '0', rightNumber = '0'] = right.split('-')
  return BigInt(leftTime) < BigInt(rightTime) || (leftTime === rightTime && BigInt(leftNumber) < BigInt(rightNumber))
}
