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

    it('repeats nothing, null and a long result as they were', async () => {
      const answers: unknown[] = [undefined, null, { text: 'x'.repeat(2_000_000) }]
      for (const [n, answer] of answers.entries()) {
        const say = kernel.useCases.command(`say.${n}`, z.strictObject({}), async () => answer)
        expect(await say({}, { idempotencyKey: 'k' })).toEqual(answer)
        expect(await say({}, { idempotencyKey: 'k' })).toEqual(answer)
      }
    })

    it('takes the longest name and actor, and refuses a key that no database stores', async () => {
      const name = `${'p'.repeat(50)}.${'c'.repeat(50)}`
      const ran: string[] = []
      const run = kernel.useCases.command(name, z.strictObject({}), async (_tx, _input, { by }) => void ran.push(by))
      for (const last of ['a', 'b', 'a']) {
        await run({}, { idempotencyKey: 'k', actor: { type: 'distributor', id: `${'i'.repeat(99)}${last}` } })
      }
      expect(ran.map((by) => by.at(-1))).toEqual(['a', 'b'])
      await expect(run({}, { idempotencyKey: 'a\u0000b' })).rejects.toMatchObject({ code: 'idempotency.key_invalid' })
    })
  })
}
