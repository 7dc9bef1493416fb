import type { Timestamp } from './clock.js'
import type { Events } from './events.js'
import type { Jobs } from './jobs.js'
import type { Report } from './retry.js'

/** The work between requests: the relay of events, and jobs. */
export interface Background {
  /** Works until `stop`, in this process; several processes may. */
  start(): void
  /** Starts nothing new and waits for what is in hand. */
  stop(): Promise<void>
  /** Does all that is due at this moment, and returns when nothing is left: for tests, scripts and serverless hosts. */
  drain(): Promise<void>
  /** When the next job is due that a leap of the clock must not jump over. */
  nextDue(): Promise<Timestamp | undefined>
}

export interface BackgroundDeps {
  readonly events: Events
  readonly jobs: Jobs
  readonly report: Report
  /** Pause when there was nothing to do. */
  readonly idleMillis: number
}

/** Both loops in one: whoever commits events wakes it, else it looks again after the pause. */
export function createBackground({ events, jobs, report, idleMillis }: BackgroundDeps): Background & { wake(): void } {
  let running: Promise<void> | undefined
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  let awake: (() => void) | undefined
  let woken = false

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      if (woken) return resolve()
      awake = resolve
      timer = setTimeout(resolve, idleMillis)
      // A script that is done must not be kept from ending by our looking for work.
      timer.unref()
    })

  const loop = async (): Promise<void> => {
    while (!stopping) {
      woken = false
      const done = await Promise.all([events.work(), jobs.work()])
        .then(([delivered, ran]) => delivered + ran)
        .catch((error: unknown) => {
          report('background work failed and will be tried again', error)
          return 0
        })
      if (done === 0 && !stopping) await pause()
    }
  }

  const wake = (): void => {
    woken = true
    clearTimeout(timer)
    awake?.()
  }

  return {
    wake,
    start() {
      stopping = false
      running ??= loop()
    },
    async stop() {
      stopping = true
      wake()
      await running
      running = undefined
    },
    async drain() {
      while ((await events.work()) + (await jobs.work()) > 0);
    },
    nextDue: () => jobs.nextDue(),
  }
}
