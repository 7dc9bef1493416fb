import * as z from 'zod'
import { addDays, type Kernel, sql, type Timestamp, type Tx, time } from '../kernel/index.js'
import type { SettlementCycle } from '../supplier/index.js'
import { accountsToSettle, type CyclePage, type DueAccounts, type DueAccountsDeps } from './due-accounts.js'
import { statementInFuture } from './errors.js'
import type { Releases } from './release.js'
import type { PartySettler } from './settle-in-cycle.js'
import { type RunRow, runTable } from './settlement.entity.js'

/** How far a run has come. */
export interface SettlementRun {
  readonly id: string
  /** What is effective at this moment is settled. */
  readonly until: Timestamp
  /** Accounts of parties that were looked at. */
  readonly accounts: number
  /** Statements that were drawn for them. */
  readonly statements: number
  readonly startedAt: Timestamp
  readonly finishedAt: Timestamp | null
}

/** How far this call of a run has come. */
export interface SettlementProgress extends SettlementRun {
  /** Claims whose hold was over, and which it has made available. */
  readonly released: number
}

export interface RunInput {
  /** What is effective at this moment is settled. @default that of the last run that was not finished, or now */
  readonly until?: Timestamp | undefined
  /**
   * Told after each batch of claims that become available, and then of parties that are settled. If it throws, the run stops there, and goes on from there when
   * it is called again.
   */
  readonly onProgress?: ((progress: SettlementProgress) => void) | undefined
}

export const runInput: z.ZodType<RunInput> = z.strictObject({
  until: time.optional(),
  onProgress: z
    .custom<NonNullable<RunInput['onProgress']>>((value) => typeof value === 'function', { error: 'must be a function' })
    .optional(),
})

export interface RunsDeps extends DueAccountsDeps {
  readonly kernel: Pick<Kernel, 'database' | 'ids'>
  readonly releases: Releases
  readonly settler: PartySettler
}

export interface Runs {
  /** Settles whoever's cycle ends. */
  cycle(cycle: SettlementCycle, until: Timestamp): Promise<SettlementRun>
  /** Settles everybody, whatever their cycle. @throws statement.in_future */
  all(input: RunInput): Promise<SettlementRun>
}

/** Accounts in one transaction. */
const atOnce = 100
const everybody = 'all'

/**
 * Walks the accounts of all parties, a page in each transaction, which also moves the cursor: a process that dies leaves whole statements, and whoever goes on, at
 * once or later, begins after the last page that was settled. Two that walk at once take turns. Memory holds one page.
 */
export function createRuns({ kernel: { database, ids }, releases, settler, ...deps }: RunsDeps): Runs {
  const begin = (cycle: RunRow['cycle'], until: Timestamp | undefined): Promise<RunRow> =>
    database.transaction(undefined, async (tx) => {
      const [unfinished] = until === undefined ? await tx.find(runTable, { cycle, finishedAt: null }, { orderBy: ['until'], limit: 1 }) : []
      if (unfinished) return unfinished
      const end = until ?? tx.now
      if (end > tx.now) throw statementInFuture({ until: end })
      const fresh: RunRow = {
        id: ids('run'),
        cycle,
        until: end,
        cursor: '',
        accounts: 0,
        statements: 0,
        startedAt: tx.now,
        finishedAt: null,
      }
      await tx.insertMissing(runTable, [fresh])
      // Every hour one more, of which nobody asks again.
      if (cycle === 'threshold')
        await tx.run(sql`DELETE FROM ${runTable} WHERE cycle = ${cycle} AND finished_at IS NOT NULL AND until < ${addDays(end, -1)}`)
      return (await tx.findOne(runTable, { cycle, until: end })) ?? fresh
    })

  const pageOf = ({ cycle, until, cursor }: RunRow): CyclePage => ({
    cycle: cycle === everybody ? undefined : (cycle as SettlementCycle),
    until,
    after: cursor,
    most: atOnce,
  })

  const advance = async (tx: Tx, run: RunRow, { looked, last }: DueAccounts, statements: number): Promise<RunRow> => {
    const change = {
      cursor: last ?? run.cursor,
      accounts: run.accounts + looked,
      statements: run.statements + statements,
      finishedAt: last === undefined ? tx.now : null,
    }
    await tx.update(runTable, change, { id: run.id })
    return { ...run, ...change }
  }

  /** One page in one transaction. */
  const step = (id: string): Promise<RunRow> =>
    database.transaction(undefined, async (tx) => {
      const run = await lockRun(tx, id)
      if (run.finishedAt !== null) return run
      const page = await accountsToSettle(tx, deps, pageOf(run))
      const statements = page.due.length === 0 ? 0 : await settler.together(tx, page.due, run.until)
      return advance(tx, run, page, statements)
    })

  /** The same, each party by itself, where one of them spoils it for the others. */
  const stepOneByOne = async (id: string): Promise<RunRow> => {
    const before = await database.transaction(undefined, (tx) => lockRun(tx, id))
    const page = await database.read(undefined, (reader) => accountsToSettle(reader, deps, pageOf(before)))
    let statements = 0
    for (const owner of page.due) statements += await settler.aloneOrLater(owner, before.until)
    return database.transaction(undefined, async (tx) => {
      const run = await lockRun(tx, id)
      // Somebody else has walked on meanwhile; those whom we settled had nothing left for them.
      if (run.cursor !== before.cursor || run.finishedAt !== null) return run
      return advance(tx, run, page, statements)
    })
  }

  const walk = async (begun: RunRow, onProgress: RunInput['onProgress']): Promise<SettlementRun> => {
    const { id, until } = begun
    if (begun.finishedAt !== null) return toRun(begun)
    let released = 0
    for (let more = true; more; ) {
      const batch = await database.transaction(undefined, (tx) => releases.batch(tx, { until }))
      released += batch.claims
      more = batch.more
      if (batch.claims > 0) onProgress?.({ ...toRun(begun), released })
    }
    for (;;) {
      const run = await step(id).catch(() => stepOneByOne(id))
      onProgress?.({ ...toRun(run), released })
      if (run.finishedAt !== null) return toRun(run)
    }
  }

  return {
    cycle: async (cycle, until) => walk(await begin(cycle, until), undefined),
    all: async ({ until, onProgress }) => walk(await begin(everybody, until), onProgress),
  }
}

async function lockRun(tx: Tx, id: string): Promise<RunRow> {
  const [run] = await tx.lock(runTable, { id })
  if (!run) throw new RangeError(`run ${id} was removed while it ran`)
  return run
}

function toRun({ id, until, accounts, statements, startedAt, finishedAt }: RunRow): SettlementRun {
  return { id, until, accounts, statements, startedAt, finishedAt }
}
