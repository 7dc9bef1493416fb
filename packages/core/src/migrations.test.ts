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
  type Sql,
  sql,
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

    describe('where a name is another\u2019s', () => {
      const noteTable = defineTable<{ id: string }>({ name: 'note', primaryKey: ['id'], columns: { id: column.id() } })
      const pageTable = defineTable<{ id: string; text: string }>({
        name: 'page',
        primaryKey: ['id'],
        columns: { id: column.id(), text: column.string(10) },
        indexes: [{ name: 'page_text', columns: ['text'] }],
        appendOnly: true,
      })
      const sets = [{ owner: 'plugin:notes', migrations: [createTables('0001', [noteTable, pageTable])] }]
      const apply = ({ database: to }: Kernel) => migrate(to, sets, clock)
      const meddle = ({ database: of }: Kernel, text: Sql) => of.transaction(undefined, (tx) => tx.run(text))
      const pages = ({ database: of }: Kernel) => of.read(undefined, (reader) => reader.find(pageTable, {}))

      it('never take a table of somebody else\u2019s for ours, however often they are tried, and go on when it is gone', async () => {
        const kernel = await open()
        await meddle(kernel, sql`CREATE TABLE ${pageTable} (theirs integer)`)
        for (const _attempt of [1, 2, 3])
          await expect(apply(kernel)).rejects.toMatchObject({
            code: 'schema.name_taken',
            message: expect.stringMatching(/plugin:notes\/0001.*entrepot_page/),
          })
        expect(await pendingMigrations(kernel.database, sets)).toEqual(['plugin:notes/0001'])
        await meddle(kernel, sql`DROP TABLE ${pageTable}`)
        expect(await apply(kernel)).toEqual(['plugin:notes/0001'])
        expect(await pages(kernel)).toEqual([])
      })

      it('nor what is refused on the way', async () => {
        const kernel = await open()
        // The name of an index; on MariaDB, where those are the table's own, that of the table which keeps it from being truncated.
        const name = kernel.database.dialect.name === 'mysql' ? 'page_kept' : 'page_text'
        const theirs = defineTable<{ id: string }>({ name, primaryKey: ['id'], columns: { id: column.id() } })
        await meddle(kernel, sql`CREATE TABLE ${theirs} (theirs integer)`)
        for (const _attempt of [1, 2, 3]) await expect(apply(kernel)).rejects.toThrow(/already/)
        expect(await pendingMigrations(kernel.database, sets)).toEqual(['plugin:notes/0001'])
        await meddle(kernel, sql`DROP TABLE ${theirs}`)
        expect(await apply(kernel)).toEqual(['plugin:notes/0001'])
        expect(await pages(kernel)).toEqual([])
      })

      it('but what a process has made that died before it noted it', async () => {
        const kernel = await open()
        let deaths = 0
        for (let dead = true; dead; ) {
          dead = false
          // The first to come dies at its first note, and whoever comes after it one note later.
          let notes = deaths === 0 ? 0 : -1
          const stop = kernel.database.observe((text) => {
            if (!/^(UPDATE|INSERT INTO) \S*entrepot_migration/.test(text.trim())) return
            if (text.trim().startsWith('INSERT') && !kernel.database.dialect.transactionalDdl) return
            if (notes++ !== 0) return
            dead = true
            throw new Error('killed')
          })
          if (kernel.database.dialect.transactionalDdl && deaths > 0) stop()
          await apply(kernel).catch(() => {})
          stop()
          if (dead) deaths++
        }
        expect(deaths).toBe(kernel.database.dialect.transactionalDdl ? 1 : 5)
        expect(await pendingMigrations(kernel.database, sets)).toEqual([])
        expect(await pages(kernel)).toEqual([])
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
