/** The books' history is kept by the database itself, whoever is connected to it and whatever they send. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AnyTable, columnName, identifier, join, type Kernel, type Sql, sql, type Tx } from '../kernel/index.js'
import { testDatabases } from '../testing/index.js'
import { type BooksFixture, openBooks } from '../testing/ledger.fixture.js'
import { holdEndTable, holdTable } from './hold.entity.js'
import { accountTable, journalTable, transferTable } from './ledger.entity.js'
import { sealTable } from './seal.entity.js'
import { ledgerTables } from './tables.js'

const at = '2026-01-01T00:00:00.000Z'
const issued = { party: 'loyalty', purpose: 'issued' }
const points = { party: 'customer:c', purpose: 'points' }

for (const database of testDatabases()) {
  describe(`the history of the books on ${database.name}`, () => {
    let books: BooksFixture
    let kernel: Kernel
    beforeAll(async () => {
      books = await openBooks(database)
      const [{ ledger, work }] = books.processes
      kernel = books.processes[0].kernel
      const earned = { from: issued, to: points, amount: 100, commodity: 'POINTS', kind: 'earned' }
      await ledger.service.post({ kind: 'earned', source: 'a', key: 'a', effectiveAt: at, transfers: [earned] })
      const { id: holdId } = await ledger.service.hold({ ...earned, from: points, to: issued, amount: 10, source: 'b', key: 'b' })
      await ledger.service.capture({ holdId })
      await ledger.service.open({ ...points, commodity: 'CNY' })
      await work()
    })
    afterAll(() => books.close())

    const run = (statement: Sql): Promise<number> => kernel.database.transaction(undefined, (tx) => tx.run(statement))
    const dump = (): Promise<string> =>
      kernel.database.read(undefined, async (reader) => {
        const rows: string[] = []
        for (const table of ledgerTables) rows.push(JSON.stringify(await reader.find(table as typeof accountTable, {})))
        return rows.join('\n')
      })
    const refused = async (statement: Sql): Promise<void> => {
      const before = await dump()
      await expect(run(statement)).rejects.toThrow(/append-only|foreign key constraint|duplicate key/i)
      expect(await dump()).toBe(before)
    }

    const kept = [accountTable, journalTable, transferTable, holdTable, holdEndTable, sealTable] as readonly AnyTable[]

    it('is that of every table whose rows are said to stay', () => {
      expect(ledgerTables.filter((table) => table.appendOnly)).toEqual(kept)
    })

    for (const table of kept) {
      const keys = table.primaryKey.map((property) => identifier(columnName(property)))
      const key = keys[0] ?? identifier('id')
      const columns = table.fields.map((field) => field.column)
      const all = join(columns.map(identifier))
      /** All columns as they are, but the last. */
      const other = (value: Sql): Sql => join([...columns.slice(0, -1).map(identifier), value])

      it(`refuses to change or remove rows of ${table.name}`, async () => {
        expect(await dump()).not.toBe('')
        for (const column of columns) await refused(sql`UPDATE ${table} SET ${identifier(column)} = '7'`)
        await refused(sql`DELETE FROM ${table}`)
        await refused(sql`DELETE FROM ${table} WHERE ${key} = (SELECT k FROM (SELECT MIN(${key}) AS k FROM ${table}) m)`)
      })

      it(`refuses what would put others in the place of rows of ${table.name}`, async () => {
        const doors: Readonly<Record<string, readonly Sql[]>> = {
          SQLite: [
            sql`INSERT OR REPLACE INTO ${table} (${all}) SELECT ${other(sql`'9'`)} FROM ${table}`,
            sql`REPLACE INTO ${table} (${all}) SELECT ${other(sql`'9'`)} FROM ${table}`,
            sql`UPDATE OR REPLACE ${table} SET ${identifier(columns.at(-1) ?? '')} = '9'`,
            sql`INSERT INTO ${table} (${all}) SELECT ${all} FROM ${table} WHERE 1 = 1 ON CONFLICT DO UPDATE SET ${identifier(columns.at(-1) ?? '')} = '9'`,
          ],
          PostgreSQL: [
            sql`TRUNCATE ${table}`,
            sql`TRUNCATE ${table} CASCADE`,
            sql`INSERT INTO ${table} (${all}) SELECT ${all} FROM ${table} ON CONFLICT (${join(keys)}) DO UPDATE SET ${identifier(columns.at(-1) ?? '')} = '9'`,
          ],
          MariaDB: [
            sql`TRUNCATE TABLE ${table}`,
            sql`REPLACE INTO ${table} (${all}) SELECT ${other(sql`'9'`)} FROM ${table}`,
            sql`INSERT INTO ${table} (${all}) SELECT ${all} FROM ${table} ON DUPLICATE KEY UPDATE ${identifier(columns.at(-1) ?? '')} = '9'`,
          ],
        }
        const tried = doors[database.name] ?? []
        expect(tried).not.toEqual([])
        for (const door of tried) await refused(door)
      })
    }

    it('has no second row under the key of a journal, a hold or an account', async () => {
      const replace = database.name === 'PostgreSQL' ? sql`INSERT` : database.name === 'SQLite' ? sql`INSERT OR REPLACE` : sql`REPLACE`
      for (const table of [accountTable, journalTable, holdTable] as readonly AnyTable[]) {
        const rest = join(table.fields.slice(1).map((field) => identifier(field.column)))
        const all = join(table.fields.map((field) => identifier(field.column)))
        await refused(sql`${replace} INTO ${table} (${all}) SELECT 'x_other', ${rest} FROM ${table}`)
      }
    })

    it('moves nothing from one commodity into another: the database itself holds a transfer and a hold to that of both accounts', async () => {
      const ids = await kernel.database.read(undefined, async (reader) => {
        const rows = await reader.find(accountTable, {})
        const idOf = (party: string, commodity: string): string =>
          rows.find((row) => row.party === party && row.commodity === commodity)?.id ?? ''
        return { issued: idOf('loyalty', 'POINTS'), points: idOf('customer:c', 'POINTS'), money: idOf('customer:c', 'CNY') }
      })
      const held = { id: 'hld_x', kind: 'x', source: 'x', key: 'x', contentHash: 'x', heldAt: at, expiresAt: null }
      for (const [from, to, commodity] of [
        [ids.issued, ids.money, 'POINTS'],
        [ids.issued, ids.money, 'CNY'],
        [ids.money, ids.points, 'CNY'],
        [ids.issued, ids.points, 'CNY'],
      ] as const) {
        const before = await dump()
        const moved = { kind: 'x', fromAccount: from, toAccount: to, amount: 1, commodity, ref: null }
        const inserts: readonly ((tx: Tx) => Promise<void>)[] = [
          async (tx) => {
            const [journal] = await tx.find(journalTable, {}, { limit: 1 })
            await tx.insert(transferTable, [{ ...moved, journalId: journal?.id ?? '', position: 8 }])
          },
          (tx) => tx.insert(holdTable, [{ ...held, ...moved }]),
        ]
        for (const insert of inserts) await expect(kernel.database.transaction(undefined, insert)).rejects.toThrow(/foreign key/i)
        expect(await dump()).toBe(before)
      }
      // What is right is let in, so that it was the commodity that was refused.
      const undone = kernel.database.transaction(undefined, async (tx) => {
        await tx.insert(holdTable, [{ ...held, ref: null, fromAccount: ids.issued, toAccount: ids.points, amount: 1, commodity: 'POINTS' }])
        throw new Error('undone')
      })
      await expect(undone).rejects.toThrow('undone')
    })

    it('holds no amount that is not positive, and none from an account to itself', async () => {
      const row = { journalId: '', position: 8, kind: 'x', amount: 1, commodity: 'POINTS', ref: null }
      const insert = (change: { readonly amount?: number; readonly to?: string }) =>
        kernel.database.transaction(undefined, async (tx) => {
          const [transfer] = await tx.find(transferTable, {}, { orderBy: ['journalId'], limit: 1 })
          const { journalId = '', fromAccount = '', toAccount = '' } = transfer ?? {}
          const to = change.to === 'itself' ? fromAccount : toAccount
          await tx.insert(transferTable, [{ ...row, journalId, fromAccount, toAccount: to, amount: change.amount ?? 1 }])
        })
      for (const change of [{ amount: 0 }, { amount: -5 }, { to: 'itself' }]) await expect(insert(change)).rejects.toThrow()
    })
  })
}
