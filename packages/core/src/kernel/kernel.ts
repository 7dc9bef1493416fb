import { type Background, createBackground } from './background.js'
import { type Clock, systemClock } from './clock.js'
import { createUseCases, type UseCases } from './command.js'
import type { DatabaseLocation } from './data-source.js'
import { Database } from './database.js'
import { Events } from './events.js'
import { createHooks, type HookMap, type Hooks } from './hooks.js'
import { idempotencyTable } from './idempotency.js'
import { createIdGenerator, type IdGenerator } from './ids.js'
import { Jobs, jobTable } from './jobs.js'
import { createTables, type MigrationSet } from './migrations.js'
import { deliveryTable, outboxTable, subscriptionTable, writeEvents } from './outbox.js'
import { scheduleRetention } from './retention.js'
import type { Report } from './retry.js'
import type { AnyTable } from './table.js'

/** What every room is given. */
export interface Kernel {
  readonly database: Database
  readonly useCases: UseCases
  readonly clock: Clock
  readonly ids: IdGenerator
  readonly events: Events
  readonly jobs: Jobs
  readonly background: Background
  readonly report: Report
  /** The instance's hooks, seen by the type of those that concern the caller. */
  hooks<M extends HookMap<M>>(): Hooks<M>
  close(): Promise<void>
}

export interface KernelOptions {
  readonly database: DatabaseLocation
  /** Before every table's name. @default 'entrepot_' */
  readonly prefix?: string | undefined
  /** A PostgreSQL schema of ours; it must exist. */
  readonly schema?: string | undefined
  readonly clock?: Clock | undefined
  /** Bytes for ids; a test gives its own to repeat itself. */
  readonly random?: ((size: number) => Uint8Array) | undefined
  readonly report?: Report | undefined
  /** How long background work rests when there was nothing to do. @default 1000 */
  readonly idleMillis?: number | undefined
}

export const kernelTables: readonly AnyTable[] = [idempotencyTable, outboxTable, subscriptionTable, deliveryTable, jobTable]

export const kernelMigrations: MigrationSet = { owner: 'kernel', migrations: [createTables('0001-initial', kernelTables)] }

/** Opens the database and puts together what rooms stand on. Nothing runs in the background until `background.start`. */
export async function createKernel(options: KernelOptions): Promise<Kernel> {
  const clock = options.clock ?? systemClock
  const ids = createIdGenerator(clock, options.random)
  const report = options.report ?? ((message, error) => process.emitWarning(`${message}: ${String(error)}`, 'EntrepotWarning'))
  // The database tells of commits, and what listens is built on the database.
  let committed: Parameters<typeof Database.open>[0]['committed'] = () => {}
  const database = await Database.open({
    location: options.database,
    naming: { prefix: options.prefix ?? 'entrepot_', schema: options.schema },
    clock,
    writeEvents: (tx, events, joined) => writeEvents(tx, ids, events, joined),
    committed: (events) => committed(events),
    report,
  })
  const events = new Events(database, clock, report)
  const jobs = new Jobs(database, clock, ids, report)
  scheduleRetention(jobs, database, clock)
  const background = createBackground({ events, jobs, report, idleMillis: options.idleMillis ?? 1000 })
  committed = (written) => {
    events.tell(written)
    background.wake()
  }
  return {
    database,
    useCases: createUseCases(database),
    clock,
    ids,
    events,
    jobs,
    background: {
      ...background,
      start: () => {
        database.assertOpen()
        background.start()
      },
    },
    report,
    hooks: createHooks(),
    close: async () => {
      await background.stop()
      await database.close()
    },
  }
}
