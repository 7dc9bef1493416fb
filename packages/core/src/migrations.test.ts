import { DataSource } from 'typeorm'
import { afterEach, describe, expect, it } from 'vitest'
import {
  column,
  createKernel,
  createTables,
  defineTable,
  type Kernel,
  migrate,
  pendingMigrations,
  requireMigrated,
  toEntitySchema,
} from './kernel/index.js'
import { coreMigrations, coreTables } from './migrations.js'
import { testDatabases } from './testing/index.js'
import { createTestClock } from './testing/test-clock.js'

for (const database of testDatabases()) {
  describe(`migrations on ${database.name}`, () => {
    const closing: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })
    const clock = createTestClock()

    const open = async (prefix?: string): Promise<Kernel> => {
      const { location, schema, drop } = await database.create()
      closing.push(drop)
      const kernel = await createKernel({ database: location, schema, prefix, clock })
      closing.push(() => kernel.close())
      return kernel
    }

    it('make, from empty, what the entities say: TypeORM finds nothing left to do', async () => {
      // TypeORM must look at the very database, so that one lies in a file here.
      const { location, schema, drop } = await database.createShared()
      closing.push(drop)
      const kernel = await createKernel({ database: location, schema, clock })
      closing.push(() => kernel.close())
      await migrate(kernel.database, coreMigrations, clock)
      const entities = coreTables.map((table) => toEntitySchema(table, kernel.database.naming, kernel.database.dialect))
      const dataSource = await new DataSource({ ...location, ...(schema ? { schema } : {}), entities } as ConstructorParameters<
        typeof DataSource
      >[0]).initialize()
      closing.push(() => dataSource.destroy())
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log()
      expect(upQueries.map((query) => query.query)).toEqual([])
    })

    it('are applied once, in order, also by several processes at once', async () => {
      const kernel = await open()
      const applied = await Promise.all([1, 2, 3].map(() => migrate(kernel.database, coreMigrations, clock)))
      expect(applied.map((names) => names.length).sort((a, b) => a - b)).toEqual([
        0,
        0,
        coreMigrations.flatMap((set) => set.migrations).length,
      ])
      expect(await pendingMigrations(kernel.database, coreMigrations)).toEqual([])
    })

    it('are asked for by name where they are missing', async () => {
      const kernel = await open()
      await expect(requireMigrated(kernel.database, coreMigrations)).rejects.toMatchObject({
        code: 'schema.behind',
        message: expect.stringContaining('npx entrepot migrate'),
      })
    })

    it('are refused when a released one has changed', async () => {
      const kernel = await open()
      const version = (length: number) => [
        {
          owner: 'plugin:notes',
          migrations: [
            createTables('0001', [
              defineTable<{ id: string; text: string }>({
                name: 'note',
                primaryKey: ['id'],
                columns: { id: column.id(), text: column.string(length) },
              }),
            ]),
          ],
        },
      ]
      await migrate(kernel.database, version(10), clock)
      await expect(migrate(kernel.database, version(20), clock)).rejects.toMatchObject({
        code: 'schema.migration_changed',
        message: expect.stringContaining('plugin:notes/0001'),
      })
    })

    it('leave tables of another prefix alone', async () => {
      const { location, schema, drop } = await database.createShared()
      closing.push(drop)
      for (const prefix of ['one_', 'two_']) {
        const kernel = await createKernel({ database: location, schema, prefix, clock })
        closing.push(() => kernel.close())
        expect(await migrate(kernel.database, coreMigrations, clock)).not.toHaveLength(0)
      }
    })
  })
}
