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
