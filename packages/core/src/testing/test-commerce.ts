import { type Commerce, type CommerceOptions, createCommerce } from '../commerce.js'
import { coreMigrations } from '../migrations.js'
import type { Plugin } from '../plugin.js'
import { pluginMigrations } from '../plugins.js'
import { collectReports, type Reported, type TestDatabase } from './databases.js'
import { createTestClock, type TestClock } from './test-clock.js'

/** A marketplace on an empty database of its own; background work runs only by `commerce.background.drain()`. */
export interface TestCommerce<Plugins extends readonly Plugin[]> {
  readonly commerce: Commerce<Plugins>
  readonly clock: TestClock
  /** What was reported of failures in the background, first to last; nothing is printed unless `report` is given. */
  readonly reports: readonly Reported[]
  close(): Promise<void>
}

export type TestCommerceOptions<Plugins extends readonly Plugin[]> = Omit<
  CommerceOptions<Plugins>,
  'database' | 'schema' | 'clock' | 'background' | 'migrate'
> & {
  /** The clock's first time. */
  readonly start?: string | undefined
}

export async function openTestCommerce<const Plugins extends readonly Plugin[] = readonly []>(
  database: TestDatabase,
  { start, report, ...options }: TestCommerceOptions<Plugins> = {},
): Promise<TestCommerce<Plugins>> {
  const plugins: readonly Plugin[] = options.plugins ?? []
  const { location, schema, drop } = await database.create(
    options.prefix === undefined ? [...coreMigrations, ...pluginMigrations(plugins)] : undefined,
  )
  const clock = createTestClock(start)
  const collected = collectReports()
  const commerce = await createCommerce<Plugins>({
    ...options,
    database: location,
    schema,
    clock,
    background: 'manual',
    migrate: true,
    report: (message, error) => {
      collected.report(message, error)
      report?.(message, error)
    },
  })
  return {
    commerce,
    clock,
    reports: collected.reports,
    close: async () => {
      await commerce.close()
      await drop()
    },
  }
}
