import type { Clock, Timestamp } from '@entrepot/core'

/** A clock that moves only as it is told. `@entrepot/core/testing` has one for tests, and needs a test runner installed; this is for users. */
export interface SimulatedClock extends Clock {
  /** Never back. */
  set(time: Timestamp): void
}

export function createSimulatedClock(start: Timestamp): SimulatedClock {
  let now = start
  return {
    now: () => now,
    set(time) {
      if (time > now) now = time
    },
  }
}
