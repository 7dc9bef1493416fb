import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createKernel,
  type Kernel,
  kernelMigrations,
  type MigrationSet,
  type MysqlOptions,
  migrate,
  type PostgresOptions,
  type Report,
  type SqliteOptions,
} from '../kernel/index.js'
import { emptyMariadb } from './mariadb.js'
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
  readonly location: SqliteOptions | PostgresOptions | MysqlOptions
  readonly schema?: string | undefined
  drop(): Promise<void>
}

/** A kind of database that tests run on. */
export interface TestDatabase {
  readonly name: 'SQLite' | 'PostgreSQL' | 'MariaDB'
  /**
   * Creates an empty database, the quickest of its kind; `drop` takes it away again.
   * @param migrations what will be applied first: where that takes long, a database is given that has its tables already, all of them empty
   */
  create(migrations?: readonly MigrationSet[]): Promise<EmptyDatabase>
  /** Creates one that several connections and processes can open. */
  createShared(migrations?: readonly MigrationSet[]): Promise<EmptyDatabase>
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

function mariadb(url: string): TestDatabase {
  const create = async (migrations?: readonly MigrationSet[]): Promise<EmptyDatabase> => {
    const { name, drop } = await emptyMariadb(url, migrations)
    const own = new URL(url)
    own.pathname = name
    return { location: { type: 'mariadb', url: own.href, poolSize: 8 }, drop }
  }
  return { name: 'MariaDB', create, createShared: create }
}

/** The databases that this run can reach: SQLite always, PostgreSQL and MariaDB where `ENTREPOT_TEST_POSTGRES` and `ENTREPOT_TEST_MARIADB` name a server. */
export function testDatabases(): readonly TestDatabase[] {
  const { ENTREPOT_TEST_POSTGRES: postgresUrl, ENTREPOT_TEST_MARIADB: mariadbUrl } = process.env
  return [sqlite, postgresUrl ? postgres(postgresUrl) : [], mariadbUrl ? mariadb(mariadbUrl) : []].flat()
}

/** A migrated kernel on a database of its own, for tests of rooms below `createCommerce`. Background work runs only by `drain`. */
export async function openTestKernel(
  database: TestDatabase,
  migrations: readonly MigrationSet[] = [],
  start?: string,
): Promise<TestKernel> {
  const { reports, report } = collectReports()
  const clock = createTestClock(start)
  const sets = [kernelMigrations, ...migrations]
  const { location, schema, drop } = await database.create(sets)
  const kernel = await createKernel({ database: location, schema, clock, report })
  await migrate(kernel.database, sets, clock)
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
