import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestKernel, testDatabases } from '../testing/databases.js'
import { column, createTables, defineTable, type Kernel, type Table } from './index.js'

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
    beforeEach(async () => {
      ;({ kernel, close } = await openTestKernel(database, [{ owner: 'test', migrations: [createTables('0001', [noteTable])] }]))
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
  })
}
