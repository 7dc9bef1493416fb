import { addDays, addMillis, type Kernel, nextTime, type Timestamp } from '../kernel/index.js'
import type { SettlementCycle } from '../supplier/index.js'
import { cyclesInUse } from './due-accounts.js'
import type { Policies } from './policy.js'
import type { Releases } from './release.js'
import type { Runs } from './run.js'

const midnight = '0 0 * * *'
const hour = 3_600_000

const crons: Readonly<Record<'daily' | 'weekly' | 'monthly', string>> = {
  daily: midnight,
  weekly: '0 0 * * 1',
  monthly: '0 0 1 * *',
}

export interface CycleDeps {
  readonly kernel: Kernel
  readonly releases: Releases
  readonly policies: Policies
  readonly timezone: string
  readonly runs: Pick<Runs, 'cycle'>
  /** Moves on what waits for approvals. */
  readonly approvals: () => Promise<void>
}

/** Releases claims and locks what is approved all the time, and settles at midnight of the platform's calendar whoever's cycle ends. */
export function scheduleCycles({ kernel, releases, policies, timezone, runs, approvals }: CycleDeps): void {
  const { database, jobs, clock } = kernel
  const inUse = (): Promise<ReadonlySet<SettlementCycle>> => database.read(undefined, (reader) => cyclesInUse(reader, policies))

  jobs.every('settlement.release', { everyMillis: 60_000 }, async () => {
    const until = clock.now()
    try {
      while ((await database.transaction(undefined, (tx) => releases.batch(tx, { until }))).more);
    } finally {
      await approvals()
    }
  })
  // Each period that ended while no worker ran is settled as of its own end.
  for (const cycle of ['weekly', 'monthly'] as const) {
    jobs.every(`settlement.cycle.${cycle}`, { cron: crons[cycle], timezone, catchUp: true }, async (_payload, { dueAt }) => {
      if ((await inUse()).has(cycle)) await runs.cycle(cycle, dueAt)
    })
  }
  jobs.every('settlement.cycle.daily', { cron: crons.daily, timezone, catchUp: true }, async (_payload, { dueAt }) => {
    for (const cycle of await inUse()) {
      const days = cycle === 'daily' ? 1 : daysAfter(cycle)
      if (days !== undefined) await runs.cycle(cycle, midnightBefore(dueAt, days - 1, timezone))
    }
  })
  jobs.every('settlement.cycle.threshold', { everyMillis: hour }, async (_payload, { dueAt }) => {
    if ((await inUse()).has('threshold')) await runs.cycle('threshold', dueAt)
  })
}

/** The N of T+N. */
export function daysAfter(cycle: SettlementCycle): number | undefined {
  return cycle.startsWith('T+') ? Number(cycle.slice(2)) : undefined
}

/** The midnight of a time zone that is some days before another: a day of it may have 23 hours, or 25. */
export function midnightBefore(at: Timestamp, days: number, timezone: string): Timestamp {
  return days === 0 ? at : nextTime(midnight, timezone, addMillis(addDays(at, -days), -3 * hour))
}
