import { Cron } from 'croner'
import { addMillis, type Clock, type Timestamp } from './clock.js'
import type { Database } from './database.js'
import { forUpdate } from './dialect.js'
import { defineError } from './errors.js'
import { canonicalJson } from './idempotency.js'
import type { IdGenerator } from './ids.js'
import { neverStopping, oneByOne, type Report, reasonOf, retryAt, type Stopping } from './retry.js'
import { inList, sql } from './sql.js'
import { column, defineTable, nullable, type Table } from './table.js'
import type { Tx } from './transaction.js'

interface JobRow {
  id: string
  name: string
  /** One waiting job per name and key. */
  key: string
  payload: object
  status: 'waiting' | 'dead'
  runAt: string
  attempts: number
  leaseUntil: string | null
  lastError: string | null
}

export const jobTable: Table<JobRow> = defineTable<JobRow>({
  name: 'job',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    name: column.string(120),
    key: column.string(160),
    payload: column.json<object>(),
    status: column.string<JobRow['status']>(8),
    runAt: column.time(),
    attempts: column.integer(),
    leaseUntil: nullable(column.time()),
    lastError: nullable(column.text()),
  },
  indexes: [
    { name: 'job_key', columns: ['name', 'key'], unique: true },
    { name: 'job_due', columns: ['status', 'runAt'] },
  ],
})

/** Runs one job. It may run again after a crash, so its effect is guarded by a state or a key. `dueAt` is when it was to run, however late it is. */
export type JobHandler<Payload> = (payload: Payload, job: { readonly id: string; readonly dueAt: Timestamp }) => Promise<void>

/** When a recurring job runs. */
export type Schedule =
  | { readonly everyMillis: number }
  /** A cron expression in a time zone. `catchUp`: times missed while no worker ran are each made up for, in order; otherwise one run stands for them. */
  | { readonly cron: string; readonly timezone: string; readonly catchUp?: boolean | undefined }

interface Defined {
  readonly handle: JobHandler<never>
  readonly attempts: number
  readonly schedule: Schedule | undefined
}

export interface DeadJob {
  readonly id: string
  readonly name: string
  readonly payload: object
  readonly attempts: number
  readonly lastError: string
}

const noSuchJob = defineError('job.not_dead', 'not_found', (f: { jobId: string }) => `job ${f.jobId} is not among the failed ones`)

const batch = 20
const leaseMillis = 120_000
const defaultAttempts = 15
const scheduleKey = 'schedule'

/** Work for later, written in the transaction that wants it, run by whichever process claims it. */
export class Jobs {
  readonly #database: Database
  readonly #clock: Clock
  readonly #ids: IdGenerator
  readonly #report: Report
  readonly #defined = new Map<string, Defined>()

  constructor(database: Database, clock: Clock, ids: IdGenerator, report: Report) {
    this.#database = database
    this.#clock = clock
    this.#ids = ids
    this.#report = report
  }

  /** Says how jobs of a name are run. */
  define<Payload extends object>(
    name: string,
    handle: JobHandler<Payload>,
    options: { readonly attempts?: number | undefined } = {},
  ): void {
    this.#defined.set(name, { handle: handle as JobHandler<never>, attempts: options.attempts ?? defaultAttempts, schedule: undefined })
  }

  /** Says what runs again and again; `start` then writes its row. */
  every(name: string, schedule: Schedule, handle: JobHandler<object>): void {
    this.#defined.set(name, { handle, attempts: Number.POSITIVE_INFINITY, schedule })
  }

  /**
   * Writes jobs into a transaction: they exist if and only if it commits. Of a key, one waits at a time: one that waits already is left as it is, one that is
   * running will run once more, since it may have looked before this transaction committed, and one that had failed for good begins anew.
   */
  async enqueue(
    tx: Tx,
    name: string,
    jobs: readonly { readonly payload: object; readonly key?: string | undefined; readonly runAt?: Timestamp | undefined }[],
  ): Promise<void> {
    let rows = jobs.map(({ payload, key, runAt }) => this.#row(name, payload, runAt ?? tx.now, key))
    for (;;) {
      if ((await tx.insertMissing(jobTable, rows)) === rows.length) return
      // Locked until our commit, so that none of them runs before what we write can be seen. One that ended meanwhile is no longer there: inserted, then.
      const there = new Map((await tx.lock(jobTable, { name, key: rows.map(({ key }) => key) })).map((row) => [row.key, row]))
      for (const row of rows) {
        const earlier = there.get(row.key)
        if (!earlier || earlier.id === row.id || !(earlier.status === 'dead' || isRunning(earlier))) continue
        there.set(row.key, row)
        // A new id: whoever runs the earlier one will not find it any more, and lets this one go. Until then its lease keeps the two apart.
        const leaseUntil = earlier.status === 'dead' ? null : earlier.leaseUntil
        await tx.update(jobTable, { ...row, leaseUntil }, { id: earlier.id })
      }
      rows = rows.filter(({ key }) => !there.has(key))
      if (rows.length === 0) return
    }
  }

  /** Writes the rows of recurring jobs that have none yet, and gives those whose schedule has changed their next time by the new one. */
  async start(): Promise<void> {
    await this.#database.transaction(undefined, async (tx) => {
      const recurring = [...this.#defined].flatMap(([name, { schedule }]) => (schedule ? [[name, schedule] as const] : []))
      await tx.insertMissing(
        jobTable,
        recurring.map(([name, schedule]) => this.#row(name, { schedule }, nextRun(schedule, tx.now, tx.now), scheduleKey)),
      )
      const rows = await tx.find(jobTable, { name: recurring.map(([name]) => name), key: scheduleKey })
      const known = new Map(rows.map((row) => [row.name, row]))
      for (const [name, schedule] of recurring) {
        const row = known.get(name)
        if (!row || canonicalJson(row.payload) === canonicalJson({ schedule })) continue
        // What is overdue runs first.
        const runAt = row.runAt <= tx.now ? row.runAt : nextRun(schedule, tx.now, tx.now)
        await tx.update(jobTable, { payload: { schedule }, runAt }, { id: row.id })
      }
    })
  }

  /** Runs what is due now, oldest first. @returns how many jobs it took; 0 means that none is due */
  async work(stopping: Stopping = neverStopping): Promise<number> {
    const claimed = await this.#database.transaction(undefined, (tx) => this.#claim(tx))
    await oneByOne(claimed, {
      leaseMillis,
      renew: (left) => this.#renew(left),
      work: (job) => this.#runOne(job),
      stopping,
      giveBack: (left) => this.#giveBack(left),
    })
    return claimed.length
  }

  /** When the next job is due that a leap of the clock must not jump over: one-off jobs, and recurring ones that catch up. */
  async nextDue(): Promise<Timestamp | undefined> {
    const names = [...this.#defined]
      .filter(([, { schedule }]) => !schedule || ('catchUp' in schedule && schedule.catchUp))
      .map(([name]) => name)
    const waiting = await this.#database.read(undefined, (reader) =>
      reader.all(sql`SELECT MIN(run_at) AS run_at FROM ${jobTable} WHERE status = 'waiting' AND ${inList(sql`name`, names)}`),
    )
    const runAt = waiting[0]?.run_at
    return typeof runAt === 'string' ? runAt : undefined
  }

  /** Jobs that failed in all their tries. */
  async dead(most = 100): Promise<readonly DeadJob[]> {
    const rows = await this.#database.read(undefined, (reader) =>
      reader.find(jobTable, { status: 'dead' }, { orderBy: ['runAt'], limit: most }),
    )
    return rows.map(({ id, name, payload, attempts, lastError }) => ({ id, name, payload, attempts, lastError: lastError ?? '' }))
  }

  /** Gives a failed job all its tries again. @throws job.not_dead */
  async retry({ jobId }: { readonly jobId: string }): Promise<void> {
    const revived = await this.#database.transaction(undefined, (tx) =>
      tx.update(
        jobTable,
        { status: 'waiting', attempts: 0, runAt: tx.now, leaseUntil: null, lastError: null },
        { id: jobId, status: 'dead' },
      ),
    )
    if (revived === 0) throw noSuchJob({ jobId })
  }

  async #claim(tx: Tx): Promise<readonly JobRow[]> {
    const names = [...this.#defined.keys()]
    const rows = await tx.all(sql`
      SELECT * FROM ${jobTable}
      WHERE status = 'waiting' AND run_at <= ${tx.now} AND (lease_until IS NULL OR lease_until <= ${tx.now}) AND ${inList(sql`name`, names)}
      ORDER BY run_at, id LIMIT ${batch}${forUpdate('skip')}`)
    const claimed = rows.map(jobTable.read).map((job) => ({ ...job, attempts: job.attempts + 1 }))
    if (claimed.length === 0) return claimed
    // A worker that dies keeps its jobs until the lease ends; then another takes them.
    await tx.run(
      sql`UPDATE ${jobTable} SET lease_until = ${addMillis(tx.now, leaseMillis)}, attempts = attempts + 1, last_error = NULL WHERE ${inList(
        sql`id`,
        claimed.map((job) => job.id),
      )}`,
    )
    return claimed
  }

  #row(name: string, payload: object, runAt: Timestamp, key?: string): JobRow {
    const id = this.#ids('job')
    return { id, name, key: key ?? id, payload, status: 'waiting', runAt, attempts: 0, leaseUntil: null, lastError: null }
  }

  /** @returns the jobs that are still ours */
  #renew(jobs: readonly JobRow[]): Promise<readonly JobRow[]> {
    return this.#database.transaction(undefined, async (tx) => {
      const ours: JobRow[] = []
      const leaseUntil = addMillis(tx.now, leaseMillis)
      for (const job of jobs) {
        // 0: it is wanted once more, and waits for this run to end.
        const { name, key, attempts } = job
        if ((await tx.update(jobTable, { leaseUntil }, { name, key, attempts: [attempts, 0], status: 'waiting' })) > 0) ours.push(job)
      }
      return ours
    })
  }

  /** As if they had not been claimed: the try was none. */
  async #giveBack(jobs: readonly JobRow[]): Promise<void> {
    for (const job of jobs) {
      const { attempts, lastError } = job
      await this.#end(job, (tx) => tx.update(jobTable, { attempts: attempts - 1, leaseUntil: null, lastError }, claimOf(job)))
    }
  }

  async #runOne(job: JobRow): Promise<void> {
    const defined = this.#defined.get(job.name)
    if (!defined) return
    const { schedule } = defined
    try {
      // A process that dies in every try never comes to report one.
      if (job.attempts > defined.attempts) throw new Error('the process ended in the last try, before it could say why')
      await defined.handle((schedule ? {} : job.payload) as never, { id: job.id, dueAt: job.runAt })
      await this.#end(job, (tx) =>
        schedule
          ? tx.update(
              jobTable,
              {
                payload: { schedule },
                runAt: nextRun(schedule, job.runAt, this.#clock.now()),
                attempts: 0,
                leaseUntil: null,
                lastError: null,
              },
              claimOf(job),
            )
          : tx.remove(jobTable, claimOf(job)),
      )
    } catch (error) {
      this.#report(`job ${job.name} ${job.id} failed, try ${job.attempts}`, error)
      const status = job.attempts >= defined.attempts ? 'dead' : 'waiting'
      // The lease is the pause: `run_at` stays what the job was due at.
      const next = { status, leaseUntil: retryAt(this.#clock.now(), job.attempts), lastError: reasonOf(error) } as const
      await this.#end(job, (tx) => tx.update(jobTable, next, claimOf(job)))
    }
  }

  /** Marks what became of a job; if it was wanted once more meanwhile, lets that one go at once. */
  async #end(job: JobRow, mark: (tx: Tx) => Promise<number>): Promise<void> {
    await this.#database.transaction(undefined, async (tx) => {
      if ((await mark(tx)) > 0) return
      await tx.update(jobTable, { leaseUntil: null }, { name: job.name, key: job.key, attempts: 0, status: 'waiting' })
    })
  }
}

/** The job as long as it is ours: whoever claims it after our lease counts one try more. */
function claimOf({ id, attempts, runAt }: JobRow): Pick<JobRow, 'id' | 'attempts' | 'runAt' | 'status'> {
  return { id, attempts, runAt, status: 'waiting' }
}

/** Claimed, and not failed since: a claim clears the last error, and a failure leaves one. */
function isRunning({ leaseUntil, lastError }: JobRow): boolean {
  return leaseUntil !== null && lastError === null
}

function nextRun(schedule: Schedule, last: Timestamp, now: Timestamp): Timestamp {
  if ('everyMillis' in schedule) return addMillis(now, schedule.everyMillis)
  // Also where the clock was set back meanwhile, the same time does not come twice.
  const after = schedule.catchUp || last > now ? last : now
  return nextTime(schedule.cron, schedule.timezone, after)
}

/** The first moment after another at which a clock of a time zone shows what a cron expression says. */
export function nextTime(cron: string, timezone: string, after: Timestamp): Timestamp {
  const next = new Cron(cron, { timezone }).nextRun(new Date(after))
  if (!next) throw new RangeError(`cron expression "${cron}" never runs again`)
  return next.toISOString()
}
