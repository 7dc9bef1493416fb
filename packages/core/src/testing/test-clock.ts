import { type Clock, type Kernel, type Timestamp, timestamp } from '../kernel/index.js'

/** A clock that stands still until it is told. */
export interface TestClock extends Clock {
  /** Sets the time; it may not go back. */
  set(time: Timestamp): void
}

/** @param start the first `now` */
export function createTestClock(start: Timestamp = '2026-01-01T00:00:00.000Z'): TestClock {
  let now = timestamp(start)
  return {
    now: () => now,
    set(time) {
      const next = timestamp(time)
      if (next < now) throw new RangeError(`the test clock stands at ${now} and does not go back to ${next}`)
      now = next
    },
  }
}

/** Lets time pass as it would: stops at every moment at which a job is due, does what is due then, and ends at `to` with nothing left to do. */
export async function advance(kernel: Pick<Kernel, 'background'>, clock: TestClock, to: Timestamp): Promise<void> {
  await kernel.background.drain()
  for (;;) {
    const due = await kernel.background.nextDue()
    if (due === undefined || due > to) break
    if (due > clock.now()) clock.set(due)
    await kernel.background.drain()
    // A job that failed waits for its next try, and is not due again at the same moment.
    if ((await kernel.background.nextDue()) === due) break
  }
  clock.set(to)
  await kernel.background.drain()
}
