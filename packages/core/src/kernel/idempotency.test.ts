import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openTestKernel, testDatabases } from '../testing/index.js'
import { type Callable, column, createTables, defineTable, type Kernel, type Table } from './index.js'

interface CountRow {
  id: string
  count: number
}
const countTable: Table<CountRow> = defineTable<CountRow>({
  name: 'count',
  primaryKey: ['id'],
  columns: { id: column.id(), count: column.integer() },
})

for (const database of testDatabases()) {
  describe(`idempotency on ${database.name}`, () => {
    let kernel: Kernel
    let close: () => Promise<void>
    let add: Callable<{ n: number }, { id: string }>
    beforeEach(async () => {
      ;({ kernel, close } = await openTestKernel(database, [{ owner: 'test', migrations: [createTables('0001', [countTable])] }]))
      add = kernel.useCases.command('count.add', z.strictObject({ n: z.int() }), async (tx, { n }) => {
        if (n < 0) throw new RangeError('negative')
        const id = kernel.ids('cnt')
        await tx.insert(countTable, [{ id, count: n }])
        return { id }
      })
    })
    afterEach(() => close())

    const rows = (): Promise<readonly CountRow[]> => kernel.database.read(undefined, (reader) => reader.find(countTable, {}))

    it('gives the same result for the same key and request, and does it once, also twenty at once', async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => add({ n: 1 }, { idempotencyKey: 'k' })))
      expect(new Set(results.map((result) => result.id)).size).toBe(1)
      expect(await rows()).toHaveLength(1)
    })

    it('refuses the same key with another request', async () => {
      await add({ n: 1 }, { idempotencyKey: 'k' })
      await expect(add({ n: 2 }, { idempotencyKey: 'k' })).rejects.toMatchObject({ code: 'idempotency.conflict', kind: 'conflict' })
      expect(await rows()).toHaveLength(1)
    })

    it('keeps the keys of different callers apart', async () => {
      await add({ n: 1 }, { idempotencyKey: 'k', actor: { type: 'customer', id: '1' } })
      await add({ n: 2 }, { idempotencyKey: 'k', actor: { type: 'customer', id: '2' } })
      expect(await rows()).toHaveLength(2)
    })

    it('leaves the key free when the command failed', async () => {
      await expect(add({ n: -1 }, { idempotencyKey: 'k' })).rejects.toThrow('negative')
      await add({ n: 1 }, { idempotencyKey: 'k' })
      expect(await rows()).toHaveLength(1)
    })

    it('names what is wrong with an input, and where', async () => {
      await expect(add({ n: 0.5 })).rejects.toMatchObject({
        code: 'input.invalid',
        kind: 'invalid_data',
        details: { issues: [{ path: 'n' }] },
      })
    })
  })
}
