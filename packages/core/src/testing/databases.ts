import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createKernel,
  type Kernel,
  kernelMigrations,
  type MigrationSet,
  migrate,
  type PostgresOptions,
  type Report,
  type SqliteOptions,
} from '../kernel/index.js'
import { createTestClock, type TestClock } from './test-clock.js'

/** A kernel on a database of its own for one test. */
export interface TestKernel {
  readonly kernel: Kernel
  readonly clock: TestClock
  /** What was reported of failures in the background, first to last; nothing is printed. */
  readonly reports: readonly Reported[]
  close(): Promise<void>
}

/** A failure in the background, as an instance's `report` is told of it. */
export interface Reported {
  readonly message: string
  readonly error: unknown
}

/** A `report` that keeps what it is told. */
export function collectReports(): { readonly reports: readonly Reported[]; readonly report: Report } {
  const reports: Reported[] = []
  return { reports, report: (message, error) => void reports.push({ message, error }) }
}

/** An empty database, and how to be rid of it. */
export interface EmptyDatabase {
  readonly location: SqliteOptions | PostgresOptions
  readonly schema?: string | undefined
  drop(): Promise<void>
}

/** A kind of database that tests run on. */
export interface TestDatabase {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Creates an empty database, the quickest of its kind; `drop` takes it away again. */
  create(): Promise<EmptyDatabase>
  /** Creates one that several connections and processes can open. */
  createShared(): Promise<EmptyDatabase>
}

const sqlite: TestDatabase = {
  name: 'SQLite',
  create: async () => ({ location: { type: 'better-sqlite3', database: ':memory:' }, drop: async () => {} }),
  async createShared() {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-'))
    return { location: { type: 'better-sqlite3', database: join(folder, 'test.db') }, drop: () => rm(folder, { recursive: true }) }
  },
}

function postgres(url: string): TestDatabase {
  // A schema of its own per test: created in milliseconds, where a database takes a tenth of a second.
  const create = async (): Promise<EmptyDatabase> => {
    const schema = `test_${randomBytes(6).toString('hex')}`
    await withPostgres(url, (run) => run(`CREATE SCHEMA "${schema}"`))
    return {
      location: { type: 'postgres', url, poolSize: 8 },
      schema,
      drop: () => withPostgres(url, (run) => run(`DROP SCHEMA "${schema}" CASCADE`)),
    }
  }
  return { name: 'PostgreSQL', create, createShared: create }
}

async function withPostgres(url: string, work: (run: (text: string) => Promise<unknown>) => Promise<unknown>): Promise<void> {
  // Only here, so that whoever tests on SQLite alone need not install it.
  const { Client } = await import('pg')
  const admin = new Client({ connectionString: url })
  await admin.connect()
  await work((text) => admin.query(text)).finally(() => admin.end())
}

/** The databases that this run can reach: SQLite always, PostgreSQL where `ENTREPOT_TEST_POSTGRES` names one. */
export function testDatabases(): readonly TestDatabase[] {
  const url = process.env.ENTREPOT_TEST_POSTGRES
  return url ? [sqlite, postgres(url)] : [sqlite]
}

/** A migrated kernel on a database of its own, for tests of rooms below `createCommerce`. Background work runs only by `drain`. */
export async function openTestKernel(
  database: TestDatabase,
  migrations: readonly MigrationSet[] = [],
  start?: string,
): Promise<TestKernel> {
  const { reports, report } = collectReports()
  const clock = createTestClock(start)
  const { location, schema, drop } = await database.create()
  const kernel = await createKernel({ database: location, schema, clock, report })
  await migrate(kernel.database, [kernelMigrations, ...migrations], clock)
  return {
    kernel,
    clock,
    reports,
    close: async () => {
      await kernel.close()
      await drop()
    },
  }
}
