/** The books alone on a database of their own, and what is needed to look behind them. */
import {
  type AnyTable,
  addMillis,
  createKernel,
  createTables,
  identifier,
  type Kernel,
  kernelMigrations,
  migrate,
  sql,
} from '../kernel/index.js'
import { createLedger, type Ledger, ledgerTables } from '../ledger/index.js'
import { collectReports, type Reported, type TestDatabase } from './databases.js'
import { createTestClock, type TestClock } from './test-clock.js'

/** One process at the books. */
export interface BookKeeper {
  readonly kernel: Kernel
  readonly ledger: Ledger
  readonly clock: TestClock
  /** Does all that is due in the background, now. */
  work(): Promise<void>
}

export interface BooksFixture {
  readonly processes: readonly [BookKeeper, ...BookKeeper[]]
  readonly reports: readonly Reported[]
  close(): Promise<void>
}

/** Books that so many processes are at. */
export async function openBooks(database: TestDatabase, processes = 1): Promise<BooksFixture> {
  const { location, schema, drop } = processes === 1 ? await database.create() : await database.createShared()
  const { reports, report } = collectReports()
  const open = async (): Promise<BookKeeper> => {
    const clock = createTestClock()
    const kernel = await createKernel({ database: location, schema, clock, report })
    await migrate(kernel.database, [kernelMigrations, { owner: 'ledger', migrations: [createTables('0001', ledgerTables)] }], clock)
    const ledger = createLedger({ kernel })
    await kernel.jobs.start()
    const work = async (): Promise<void> => {
      // Recurring work is due again some time later; a minute is enough for all of the books'.
      clock.set(addMillis(clock.now(), 60_000))
      await kernel.background.drain()
    }
    return { kernel, ledger, clock, work }
  }
  const first = await open()
  const others: BookKeeper[] = []
  while (others.length < processes - 1) others.push(await open())
  return {
    processes: [first, ...others],
    reports,
    close: async () => {
      for (const { kernel } of [first, ...others]) await kernel.close()
      await drop()
    },
  }
}

/** Takes the triggers of tables away, as whoever has the keys of the database can. */
export async function dropTriggers({ database }: Kernel, tables: readonly AnyTable[]): Promise<void> {
  for (const table of tables)
    for (const trigger of ['no_update', 'no_delete', 'no_replace', 'no_change', 'no_truncate', 'noted']) {
      const name = identifier(`${database.naming.prefix}${table.name}_${trigger}`)
      const of = database.dialect.name === 'postgres' ? sql` ON ${table}` : sql``
      await database.transaction(undefined, (tx) => tx.run(sql`DROP TRIGGER IF EXISTS ${name}${of}`))
    }
}
