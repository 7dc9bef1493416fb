import type { EventEnvelope, Report } from '../kernel/index.js'

/** Events at work: one after another for an aggregate, those of different aggregates beside each other. */
export interface Lanes<Event> {
  /** @returns whether the event was handled; false where `stop` came first */
  take(event: Event): Promise<boolean>
  /** Begins nothing and tries nothing again. @returns when the handlers at work have ended */
  stop(): Promise<void>
}

export interface LanesDeps<Event> {
  readonly handle: (event: Event) => Promise<void> | void
  /** After the first failure; they double, up to a minute. */
  readonly pauseMillis: number
  readonly report: Report
}

const longestPause = 60_000

export function createLanes<Event extends EventEnvelope>({ handle, pauseMillis, report }: LanesDeps<Event>): Lanes<Event> {
  const lanes = new Map<string, Promise<boolean>>()
  const ending = new AbortController()

  const attempt = async (event: Event): Promise<boolean> => {
    for (let pause = pauseMillis; !ending.signal.aborted; pause = Math.min(pause * 2, longestPause)) {
      try {
        await handle(event)
        return true
      } catch (error) {
        report(`${event.type} ${event.id} was not handled and will be tried again`, error)
      }
      await sleep(pause, ending.signal)
    }
    return false
  }
  return {
    take(event) {
      const before = lanes.get(event.aggregate)
      const taken = before ? before.then(() => attempt(event)) : attempt(event)
      lanes.set(event.aggregate, taken)
      void taken.finally(() => {
        if (lanes.get(event.aggregate) === taken) lanes.delete(event.aggregate)
      })
      return taken
    },
    async stop() {
      ending.abort()
      await Promise.all(lanes.values())
    },
  }
}

function sleep(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, millis)
    signal.addEventListener('abort', wake)
  })
}
