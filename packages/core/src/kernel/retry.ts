import { addMillis, type Timestamp } from './clock.js'

/** Where failures of background work are told; the host's logger, by default the console's error stream. */
export type Report = (message: string, error: unknown) => void

/** The next try after a failure: 1 s, 4 s, 9 s, … up to an hour, apart by chance so that a crowd does not come back together. */
export function retryAt(now: Timestamp, attempts: number): Timestamp {
  const pause = Math.min(attempts ** 2 * 1000, 3_600_000)
  return addMillis(now, Math.round(pause * (1 + Math.random() * 0.2)))
}

/** What stands in a row as the last error; bounded, since an error may quote an input. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 2000)
}

/** How a batch is worked off. */
export interface Batch<Item> {
  readonly leaseMillis: number
  /** @returns the items that are still ours */
  readonly renew: (left: readonly Item[]) => Promise<readonly Item[]>
  readonly work: (item: Item) => Promise<void>
  /** Asked before each item: whether this process is about to end. */
  readonly stopping: Stopping
  /** Ends the leases of items that were not begun, so that another process need not wait for that. */
  readonly giveBack: (left: readonly Item[]) => Promise<void>
}

/** Whether work shall end with what is in hand. */
export type Stopping = () => boolean

export const neverStopping: Stopping = () => false

/**
 * Does the items of a batch one after another, and renews their leases as long as that lasts: neither a slow item nor those behind it are begun by another
 * process at the same time. What was lost to another all the same is left to it.
 */
export async function oneByOne<Item>(items: readonly Item[], { leaseMillis, renew, work, stopping, giveBack }: Batch<Item>): Promise<void> {
  let ours = new Set(items)
  const renewing = setInterval(() => {
    // A renewal that fails is made up for by the next one, of which there are two within a lease.
    renew([...ours]).then(
      (left) => {
        const kept = new Set(left)
        ours = new Set([...ours].filter((item) => kept.has(item)))
      },
      () => {},
    )
  }, leaseMillis / 3)
  renewing.unref()
  try {
    for (const item of items) {
      if (stopping()) break
      if (!ours.has(item)) continue
      await work(item)
      ours.delete(item)
    }
  } finally {
    clearInterval(renewing)
  }
  // If this fails, or the process dies before it, the leases end by themselves.
  if (ours.size > 0 && stopping()) await giveBack([...ours])
}
