import { type Kernel, sql, type Timestamp } from '../kernel/index.js'
import { accountTable, type Ledger } from '../ledger/index.js'
import type { Policies, SettlementCycle } from './policy.js'
import { releaseDue } from './release.js'

/** Settles one party in a transaction of its own. */
export type SettleParty = (party: string, currency: string, until: Timestamp) => Promise<void>

const releaseBatch = 500
const partyBatch = 200

const crons: Readonly<Record<Exclude<SettlementCycle, 'manual'>, string>> = {
  daily: '0 0 * * *',
  weekly: '0 0 * * 1',
  monthly: '0 0 1 * *',
}

export interface CycleDeps {
  readonly kernel: Kernel
  readonly ledger: Ledger
  readonly policies: Policies
  readonly timezone: string
  readonly settleParty: SettleParty
}

/** Releases claims all the time, and settles at midnight of the platform's calendar whoever's cycle ends. */
export function scheduleCycles({ kernel, ledger, policies, timezone, settleParty }: CycleDeps): void {
  const { database, jobs } = kernel

  const releaseAll = async (until: Timestamp): Promise<void> => {
    while ((await database.transaction(undefined, (tx) => releaseDue(tx, ledger, { until, most: releaseBatch }))) === releaseBatch);
  }

  // Party by party, each in its own transaction: a crash in the middle leaves whole statements, and the next run goes on with those that have none.
  const runCycle = async (cycle: SettlementCycle, until: Timestamp): Promise<void> => {
    await releaseAll(until)
    for (let after = ''; ; ) {
      const page = await database.read(undefined, async (reader) => {
        const rows = (
          await reader.all(sql`
            SELECT * FROM ${accountTable} WHERE purpose = 'available' AND id > ${after} AND (party LIKE 'supplier:%' OR party LIKE 'distributor:%')
            ORDER BY id LIMIT ${partyBatch}`)
        ).map(accountTable.read)
        const policyOf = await policies(
          reader,
          rows.map((row) => row.party),
          until,
        )
        return rows.map((row) => ({ ...row, ends: policyOf(row.party).cycle === cycle }))
      })
      for (const account of page) if (account.ends) await settleParty(account.party, account.commodity, until)
      const last = page.at(-1)
      if (!last || page.length < partyBatch) return
      after = last.id
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
