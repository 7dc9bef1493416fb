import type { Timestamp } from './clock.js'
import type { Events } from './events.js'
import type { Jobs } from './jobs.js'
import type { Report, Stopping } from './retry.js'

/** The work between requests: the relay of events, and jobs. */
export interface Background {
  /** Works until `stop`, in this process; several processes may. */
  start(): void
  /** Starts nothing new, waits for what is in hand, and gives back to other processes what was claimed and not begun. */
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

/** Two loops, so that a job of many minutes holds up no event: whoever commits events wakes them, else they look again after the pause. */
export function createBackground({ events, jobs, report, idleMillis }: BackgroundDeps): Background & { wake(): void } {
  let running: readonly Loop[] = []
  let stopping: Promise<void> = Promise.resolve()
  return {
    wake() {
      for (const loop of running) loop.wake()
    },
    start() {
      if (running.length > 0) return
      running = [(stopping: Stopping) => events.work(stopping), (stopping: Stopping) => jobs.work(stopping)].map((work) =>
        startLoop(work, report, idleMillis),
      )
    },
    stop() {
      const ending = running.map((loop) => loop.stop())
      running = []
      // Loops that an earlier call stops may still be at work.
      stopping = Promise.all([stopping, ...ending]).then(() => {})
      return stopping
    },
    async drain() {
      while ((await events.work()) + (await jobs.work()) > 0);
    },
    nextDue: () => jobs.nextDue(),
  }
}

interface Loop {
  wake(): void
  /** Begins nothing new. @returns when what is in hand is done */
  stop(): Promise<void>
}

function startLoop(work: (stopping: Stopping) => Promise<number>, report: Report, idleMillis: number): Loop {
  let stopped = false
  let woken = false
  let awake = (): void => {}

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      if (woken || stopped) return resolve()
      const timer = setTimeout(resolve, idleMillis)
      // A script that is done must not be kept from ending by our looking for work.
      timer.unref()
      awake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const loop = async (): Promise<void> => {
    while (!stopped) {
      woken = false
      const done = await work(() => stopped).catch((error: unknown) => {
        report('background work failed and will be tried again', error)
        return 0
      })
      if (done === 0) await pause()
    }
  }

  const ended = loop()
  return {
    wake() {
      woken = true
      awake()
    },
    stop() {
      stopped = true
      awake()
      return ended
    },
  }
}
