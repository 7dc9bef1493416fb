import type { Kernel, Timestamp } from '../kernel/index.js'
import type { StatementOwner } from './draw-statement.js'
import { accountsToSettle, type CyclePage, isInUse } from './due-accounts.js'
import type { Policies, SettlementCycle } from './policy.js'
import type { Releases } from './release.js'

/** Settles parties in a transaction of their own. */
export type SettleParties = (owners: readonly StatementOwner[], until: Timestamp) => Promise<void>

const partyBatch = 100

const crons: Readonly<Record<Exclude<SettlementCycle, 'manual'>, string>> = {
  daily: '0 0 * * *',
  weekly: '0 0 * * 1',
  monthly: '0 0 1 * *',
}

export interface CycleDeps {
  readonly kernel: Kernel
  readonly releases: Releases
  readonly policies: Policies
  readonly timezone: string
  readonly settleParties: SettleParties
}

/** Releases claims all the time, and settles at midnight of the platform's calendar whoever's cycle ends. */
export function scheduleCycles({ kernel, releases, policies, timezone, settleParties }: CycleDeps): void {
  const { database, jobs } = kernel

  const releaseAll = async (until: Timestamp): Promise<void> => {
    while (await database.transaction(undefined, (tx) => releases.batch(tx, { until })));
  }

  // A page of parties in each transaction: a crash in the middle leaves whole statements, and the next run goes on with those that have none.
  const runCycle = async (cycle: SettlementCycle, until: Timestamp): Promise<void> => {
    if (!(await database.read(undefined, (reader) => isInUse(reader, policies, cycle, until)))) return
    await releaseAll(until)
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: CyclePage = { cycle, until, after, most: partyBatch }
      const { due, last } = await database.read(undefined, (reader) => accountsToSettle(reader, policies, page))
      if (due.length > 0) await settleParties(due, until)
      after = last
    }
  }

  jobs.every('settlement.release', { everyMillis: 60_000 }, () => releaseAll(kernel.clock.now()))
  for (const [cycle, cron] of Object.entries(crons)) {
    // Each period that ended while no worker ran is settled as of its own end.
    jobs.every(`settlement.cycle.${cycle}`, { cron, timezone, catchUp: true }, (_payload, { dueAt }) =>
      runCycle(cycle as SettlementCycle, dueAt),
    )
  }
}
