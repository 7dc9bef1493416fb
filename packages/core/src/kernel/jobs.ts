import { Cron } from 'croner'
import { addMillis, type Clock, type Timestamp } from './clock.js'
import type { Database } from './database.js'
import { forUpdate } from './dialect.js'
import { defineError } from './errors.js'
import type { IdGenerator } from './ids.js'
import { type Report, reasonOf, retryAt } from './retry.js'
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

  /** Writes jobs into a transaction: they exist if and only if it commits. A key that is waiting already is left as it is. */
  async enqueue(
    tx: Tx,
    name: string,
    jobs: readonly { readonly payload: object; readonly key?: string | undefined; readonly runAt?: Timestamp | undefined }[],
  ): Promise<void> {
    const rows = jobs.map(({ payload, key, runAt }): JobRow => {
      const id = this.#ids('job')
      return {
        id,
        name,
        key: key ?? id,
        payload,
        status: 'waiting',
        runAt: runAt ?? tx.now,
        attempts: 0,
        leaseUntil: null,
        lastError: null,
      }
    })
    await tx.insertMissing(jobTable, rows)
  }

  /** Writes the rows of recurring jobs that have none yet. */
  async start(): Promise<void> {
    await this.#database.transaction(undefined, async (tx) => {
      for (const [name, { schedule }] of this.#defined) {
        if (schedule) await this.enqueue(tx, name, [{ payload: {}, key: scheduleKey, runAt: nextRun(schedule, tx.now, tx.now) }])
      }
    })
  }

  /** Runs what is due now, oldest first. @returns how many jobs ran; 0 means that none is due */
  async work(): Promise<number> {
    const claimed = await this.#database.transaction(undefined, (tx) => this.#claim(tx))
    for (const job of claimed) await this.#runOne(job)
    return claimed.length
  }

  /** When the next job is due that a leap of the clock must not jump over: one-off jobs, and recurring ones that catch up. */
  async nextDue(): Promise<Timestamp | undefined> {
    const leapt = [...this.#defined]
      .filter(([, { schedule }]) => schedule && !('catchUp' in schedule && schedule.catchUp))
      .map(([name]) => name)
    const waiting = await this.#database.read(undefined, (reader) =>
      reader.all(sql`SELECT MIN(run_at) AS run_at FROM ${jobTable} WHERE status = 'waiting' AND NOT (${inList(sql`name`, leapt)})`),
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
      tx.update(jobTable, { status: 'waiting', attempts: 0, runAt: tx.now, leaseUntil: null }, { id: jobId, status: 'dead' }),
    )
    if (revived === 0) throw noSuchJob({ jobId })
  }

  async #claim(tx: Tx): Promise<readonly JobRow[]> {
    const names = [...this.#defined.keys()]
    const rows = await tx.all(sql`
      SELECT * FROM ${jobTable}
      WHERE status = 'waiting' AND run_at <= ${tx.now} AND (lease_until IS NULL OR lease_until <= ${tx.now}) AND ${inList(sql`name`, names)}
      ORDER BY run_at, id LIMIT ${batch}${forUpdate('skip')}`)
    const claimed = rows.map(jobTable.read)
    if (claimed.length === 0) return claimed
    // A worker that dies keeps its jobs until the lease ends; then another takes them.
    await tx.run(
      sql`UPDATE ${jobTable} SET lease_until = ${addMillis(tx.now, leaseMillis)}, attempts = attempts + 1 WHERE ${inList(
        sql`id`,
        claimed.map((job) => job.id),
      )}`,
    )
    return claimed
  }

  async #runOne(job: JobRow): Promise<void> {
    const defined = this.#defined.get(job.name)
    if (!defined) return
    try {
      await defined.handle(job.payload as never, { id: job.id, dueAt: job.runAt })
      await this.#database.transaction(undefined, (tx) =>
        defined.schedule
          ? tx.update(
              jobTable,
              { runAt: nextRun(defined.schedule, job.runAt, this.#clock.now()), attempts: 0, leaseUntil: null, lastError: null },
              { id: job.id },
            )
          : tx.remove(jobTable, { id: job.id }),
      )
    } catch (error) {
      const attempts = job.attempts + 1
      this.#report(`job ${job.name} ${job.id} failed, try ${attempts}`, error)
      const status = attempts >= defined.attempts ? 'dead' : 'waiting'
      const next = { status, leaseUntil: retryAt(this.#clock.now(), attempts), lastError: reasonOf(error) } as const
      // The lease is the pause: `run_at` stays what the job was due at.
      await this.#database.transaction(undefined, (tx) => tx.update(jobTable, next, { id: job.id }))
    }
  }
}

function nextRun(schedule: Schedule, last: Timestamp, now: Timestamp): Timestamp {
  if ('everyMillis' in schedule) return addMillis(now, schedule.everyMillis)
  const after = schedule.catchUp ? last : now
  const next = new Cron(schedule.cron, { timezone: schedule.timezone }).nextRun(new Date(after))
  if (!next) throw new RangeError(`cron expression "${schedule.cron}" never runs again`)
  return next.toISOString()
}
