import { executionAsyncResource } from 'node:async_hooks'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestKernel, type Reported, testDatabases } from '../testing/databases.js'
import { column, createKernel, createTables, defineTable, type Kernel, sql, type Table } from './index.js'

interface NoteRow {
  id: string
  text: string
}
const noteTable: Table<NoteRow> = defineTable<NoteRow>({
  name: 'note',
  primaryKey: ['id'],
  columns: { id: column.id(), text: column.text() },
})

for (const database of testDatabases()) {
  describe(`unit of work on ${database.name}`, () => {
    let kernel: Kernel
    let close: () => Promise<void>
    let reports: readonly Reported[]
    beforeEach(async () => {
      ;({ kernel, close, reports } = await openTestKernel(database, [{ owner: 'test', migrations: [createTables('0001', [noteTable])] }]))
    })
    afterEach(() => close())

    it('commits what work wrote, and nothing of it when work throws', async () => {
      await kernel.database.transaction(undefined, (tx) => tx.insert(noteTable, [{ id: 'a', text: 'kept' }]))
      await expect(
        kernel.database.transaction(undefined, async (tx) => {
          await tx.insert(noteTable, [{ id: 'b', text: 'lost' }])
          throw new Error('stop')
        }),
      ).rejects.toThrow('stop')
      expect(await kernel.database.read(undefined, (reader) => reader.find(noteTable, {}))).toEqual([{ id: 'a', text: 'kept' }])
    })

    it('refuses a query or a transaction beside the one that is open', async () => {
      await expect(
        kernel.database.transaction(undefined, () => kernel.database.read(undefined, (reader) => reader.find(noteTable, {}))),
      ).rejects.toMatchObject({ code: 'tx.missing' })
      await expect(
        kernel.database.transaction(undefined, () => kernel.database.transaction(undefined, async () => {})),
      ).rejects.toMatchObject({ code: 'tx.missing' })
    })

    it('refuses a call to the outside inside a transaction and allows it after', async () => {
      await expect(kernel.database.transaction(undefined, async () => kernel.database.assertOutside('pay'))).rejects.toMatchObject({
        code: 'tx.outside_call',
      })
      expect(() => kernel.database.assertOutside('pay')).not.toThrow()
    })

    it('keeps concurrent transactions apart', async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          kernel.database
            .transaction(undefined, async (tx) => {
              await tx.insert(noteTable, [{ id: `n${index}`, text: '' }])
              await new Promise((resolve) => setImmediate(resolve))
              if (index % 2 === 0) throw new Error('even')
            })
            .catch(() => {}),
        ),
      )
      expect(await kernel.database.read(undefined, (reader) => reader.find(noteTable, {}))).toHaveLength(10)
    })

    const texts = async (): Promise<readonly string[]> =>
      (await kernel.database.read(undefined, (reader) => reader.find(noteTable, {}, { orderBy: ['id'] }))).map((note) => note.id)

    it('lets nothing be written by a transaction that has ended, be it by work that nobody awaits', async () => {
      let late: Promise<void> | undefined
      await expect(
        kernel.database.transaction(undefined, (tx) => {
          late = (async () => {
            await new Promise((resolve) => setTimeout(resolve, 20))
            await tx.insert(noteTable, [{ id: 'late', text: '' }])
          })()
          late.catch(() => {})
          return Promise.all([late, Promise.reject(new Error('stop'))])
        }),
      ).rejects.toThrow('stop')
      await expect(late).rejects.toMatchObject({ code: 'tx.ended' })
      expect(await texts()).toEqual([])
    })

    it('does not call it a success when the database has rolled back: an error that was swallowed without a savepoint', async () => {
      const swallowing = kernel.database.transaction(undefined, async (tx) => {
        await tx.insert(noteTable, [{ id: 'a', text: '' }])
        await tx.insert(noteTable, [{ id: 'a', text: '' }]).catch(() => {})
      })
      if (database.name === 'PostgreSQL') await expect(swallowing).rejects.toMatchObject({ code: 'tx.rolled_back' })
      else await swallowing
      expect(await texts()).toEqual(database.name === 'PostgreSQL' ? [] : ['a'])
    })

    it('stands by a commit although what was to run after it throws, and reports that', async () => {
      const ran: string[] = []
      await kernel.database.transaction(undefined, async (tx) => {
        await tx.insert(noteTable, [{ id: 'a', text: '' }])
        tx.afterCommit(() => {
          throw Object.assign(new Error('cache down'), { code: '40001' })
        })
        tx.afterCommit(() => void ran.push('second'))
      })
      expect(ran).toEqual(['second'])
      expect(reports).toMatchObject([{ error: { message: 'cache down' } }])
      expect(await texts()).toEqual(['a'])
    })

    it('refuses a transaction inside a read, which would wait for its own connection; a read inside a read shares it', async () => {
      await expect(kernel.database.read(undefined, () => kernel.database.transaction(undefined, async () => {}))).rejects.toMatchObject({
        code: 'tx.inside_read',
      })
      await Promise.all(Array.from({ length: 20 }, () => kernel.database.read(undefined, () => texts())))
    })

    it('keeps calls that join one transaction at the same time apart: the one that fails takes nothing of the other along', async () => {
      await kernel.database.transaction(undefined, async (tx) => {
        const note = (id: string, fails: boolean): Promise<void> =>
          kernel.database.transaction({ tx }, async (inner) => {
            await inner.insert(noteTable, [{ id, text: '' }])
            await kernel.database.transaction({ tx: inner }, (innermost) => innermost.insert(noteTable, [{ id: `${id}+`, text: '' }]))
            if (fails) throw new Error(id)
          })
        const settled = await Promise.allSettled([note('a', false), note('b', true), note('c', false)])
        expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      })
      expect(await texts()).toEqual(['a', 'a+', 'c', 'c+'])
    })

    it('refuses the transaction of another instance', async () => {
      const other = await openTestKernel(database)
      try {
        await expect(
          other.kernel.database.transaction(undefined, (tx) => kernel.database.transaction({ tx }, async () => {})),
        ).rejects.toMatchObject({ code: 'tx.not_a_transaction' })
        await expect(
          other.kernel.database.transaction(undefined, (tx) => kernel.database.read({ tx }, async () => {})),
        ).rejects.toMatchObject({ code: 'tx.not_a_transaction' })
      } finally {
        await other.close()
      }
    })

    it('finishes what is in hand before it closes', async () => {
      let commit = (): void => {}
      const waits = new Promise<void>((resolve) => {
        commit = resolve
      })
      const written = kernel.database.transaction(undefined, async (tx) => {
        await waits
        await tx.insert(noteTable, [{ id: 'a', text: '' }])
      })
      await new Promise((resolve) => setTimeout(resolve, 20))
      const closed = kernel.database.close()
      commit()
      await written
      await closed
    })

    it('goes on after the server has cut a connection in the middle of a transaction', async () => {
      if (database.name !== 'PostgreSQL') return
      for (let time = 0; time < 12; time++) {
        await expect(
          kernel.database.transaction(undefined, async (tx) => {
            await tx.all(sql`SELECT pg_terminate_backend(pg_backend_pid())`).catch(() => {})
            await tx.insert(noteTable, [{ id: 'a', text: '' }])
          }),
        ).rejects.toThrow()
      }
      await kernel.database.transaction(undefined, (tx) => tx.insert(noteTable, [{ id: 'b', text: '' }]))
      expect(await texts()).toEqual(['b'])
    })

    it('asks for what a change is to be made to: a member left undefined does not mean every row', async () => {
      await kernel.database.transaction(undefined, (tx) => tx.insert(noteTable, [{ id: 'a', text: '' }]))
      await expect(kernel.database.transaction(undefined, (tx) => tx.remove(noteTable, { id: undefined }))).rejects.toThrow('id')
      await expect(kernel.database.transaction(undefined, (tx) => tx.update(noteTable, { text: 'x' }, { id: undefined }))).rejects.toThrow(
        'id',
      )
      expect(await texts()).toEqual(['a'])
    })
  })
}

describe('a database that is opened', () => {
  it('is waited for while another process holds it', async () => {
    const shared = await testDatabases()[0]?.createShared()
    const location = shared?.location
    if (location?.type !== 'better-sqlite3') throw new Error('SQLite comes first')
    const other = new Sqlite(location.database)
    other.exec('BEGIN EXCLUSIVE')
    setTimeout(() => other.close(), 60)
    const kernel = await createKernel({ database: location })
    await kernel.close()
    await shared?.drop()
  })

  it('may lie nowhere', async () => {
    const kernel = await createKernel({ database: { type: 'better-sqlite3', database: '' } })
    await kernel.database.transaction(undefined, (tx) => tx.all(sql`CREATE TABLE note (id text)`))
    expect(await kernel.database.read(undefined, (reader) => reader.all(sql`SELECT * FROM note`))).toEqual([])
    await kernel.close()
  })

  it.each(["o'brien_", 'a"b_', 'two words', '1st_', 'x'.repeat(21)])(
    'takes no prefix that its names could not hold: %s',
    async (prefix) => {
      await expect(createKernel({ database: { type: 'better-sqlite3', database: ':memory:' }, prefix })).rejects.toMatchObject({
        code: 'database.prefix_invalid',
      })
    },
  )

  it('leaves nothing behind in the process once it is closed: each promise would carry the contexts of every instance that ever was', async () => {
    const contexts = (): Promise<number> => Promise.resolve().then(() => Object.getOwnPropertySymbols(executionAsyncResource()).length)
    const before = await contexts()
    const kernels = await Promise.all(Array.from({ length: 5 }, () => createKernel({ database: { type: 'better-sqlite3', database: '' } })))
    for (const { database } of kernels) await database.transaction(undefined, (tx) => tx.all(sql`SELECT 1`))
    await Promise.all(kernels.map((kernel) => kernel.close()))
    expect(await contexts()).toBeLessThanOrEqual(before)
  })

  it('says that SQLite has no schemas', async () => {
    await expect(createKernel({ database: { type: 'better-sqlite3', database: ':memory:' }, schema: 'shop' })).rejects.toMatchObject({
      code: 'database.schema_unsupported',
    })
  })
})
