/** What is locked is kept by the database itself, whoever is connected to it and whatever they send. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type AnyTable,
  columnName,
  createKernel,
  identifier,
  join,
  type Kernel,
  type MigrationSet,
  migrate,
  type Sql,
  sql,
  type Tx,
} from '../kernel/index.js'
import { coreMigrations } from '../migrations.js'
import { createTestClock, openTestCommerce, type TestCommerce, type TestDatabase, testDatabases } from '../testing/index.js'
import { settlementMigrations } from './migrations.js'
import {
  type StatementItemRow,
  type StatementLineRow,
  type StatementRow,
  statementItemTable,
  statementLineTable,
  statementTable,
  statementTrailTable,
} from './settlement.entity.js'

const start = '2026-01-10T08:00:00.000Z'
const refusal = /keeps rows whose|append-only|foreign key constraint|duplicate key/i
const owned: readonly AnyTable[] = [statementLineTable, statementItemTable]

/** Ways in which a database puts other rows in the place of those that are there. */
function doors(database: TestDatabase['name'], table: AnyTable, which: Sql): readonly Sql[] {
  const columns = table.fields.map(({ column }) => column)
  const last = identifier(columns.at(-1) ?? '')
  const all = join(columns.map(identifier))
  const keys = join(table.primaryKey.map((property) => identifier(columnName(property))))
  const other = join([...columns.slice(0, -1).map(identifier), sql`'9'`])
  const own = sql`INSERT INTO ${table} (${all}) SELECT ${all} FROM ${table} WHERE ${which}`
  if (database === 'SQLite')
    return [
      sql`INSERT OR REPLACE INTO ${table} (${all}) SELECT ${other} FROM ${table} WHERE ${which}`,
      sql`REPLACE INTO ${table} (${all}) SELECT ${other} FROM ${table} WHERE ${which}`,
      sql`UPDATE OR REPLACE ${table} SET ${last} = '9' WHERE ${which}`,
      sql`${own} ON CONFLICT DO UPDATE SET ${last} = '9'`,
    ]
  if (database === 'PostgreSQL')
    return [sql`TRUNCATE ${table}`, sql`TRUNCATE ${table} CASCADE`, sql`${own} ON CONFLICT (${keys}) DO UPDATE SET ${last} = '9'`]
  return [
    sql`TRUNCATE TABLE ${table}`,
    sql`REPLACE INTO ${table} (${all}) SELECT ${other} FROM ${table} WHERE ${which}`,
    sql`${own} ON DUPLICATE KEY UPDATE ${last} = '9'`,
  ]
}

for (const database of testDatabases()) {
  describe(`a statement's rows on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let close: () => Promise<void>
    let locked: string
    let draft: string
    beforeEach(async () => {
      ;({ commerce, close } = await openTestCommerce(database, { start, settlement: { holdDays: 0, cycle: 'manual' } }))
      const give = (party: string) => commerce.settlement.adjust({ party, amount: 1000, currency: 'CNY', reason: 'x' })
      const parties = ['distributor:dst_one', 'distributor:dst_two'] as const
      for (const party of parties) await give(party)
      locked = (await commerce.settlement.settle({ party: parties[0], currency: 'CNY' }))?.id ?? ''
      draft = (await commerce.settlement.draw({ party: parties[1], currency: 'CNY' }))?.id ?? ''
    })
    afterEach(() => close())

    const dump = (): Promise<string> =>
      commerce.transaction(async (tx) => {
        const rows: string[] = []
        for (const table of [statementTable, ...owned, statementTrailTable])
          rows.push(JSON.stringify(await tx.find(table as typeof statementTable, {}, { orderBy: [...table.primaryKey] as 'id'[] })))
        return rows.join('\n')
      })
    const refused = async (work: Sql | ((tx: Tx) => Promise<unknown>)): Promise<void> => {
      const before = await dump()
      const run = (tx: Tx): Promise<unknown> => (typeof work === 'function' ? work(tx) : tx.run(work))
      await expect(commerce.transaction(run)).rejects.toThrow(refusal)
      expect(await dump()).toBe(before)
    }
    const ofLocked = (table: AnyTable): Sql => sql`${identifier(table === statementTable ? 'id' : 'statement_id')} = ${locked}`

    for (const table of [statementTable, ...owned] as readonly AnyTable[]) {
      it(`are refused every change of ${table.name} once it is locked`, async () => {
        for (const { column } of table.fields) await refused(sql`UPDATE ${table} SET ${identifier(column)} = '7' WHERE ${ofLocked(table)}`)
        await refused(sql`DELETE FROM ${table} WHERE ${ofLocked(table)}`)
        await refused(sql`DELETE FROM ${table}`)
        const tried = doors(database.name, table, ofLocked(table))
        expect(tried).not.toEqual([])
        for (const door of tried) await refused(door)
      })
    }

    it('are added to no locked statement, and moved from and to none', async () => {
      const line: StatementLineRow = { statementId: locked, kind: 'sales', amount: 5, count: 1 }
      const item: StatementItemRow = { journalId: 'jrn_x', position: 0, party: 'distributor:dst_one', statementId: locked }
      await refused((tx) => tx.insert(statementLineTable, [line]))
      await refused((tx) => tx.insert(statementItemTable, [item]))
      for (const table of owned)
        for (const [from, to] of [
          [locked, draft],
          [draft, locked],
        ] as const)
          await refused(sql`UPDATE ${table} SET statement_id = ${to} WHERE statement_id = ${from}`)
    })

    it('take the place of no locked statement by another of its keys', async () => {
      if (database.name === 'PostgreSQL') return
      const replace = database.name === 'SQLite' ? sql`INSERT OR REPLACE` : sql`REPLACE`
      const rest = join(statementTable.fields.slice(1).map(({ column }) => identifier(column)))
      await refused(
        sql`${replace} INTO ${statementTable} (id, ${rest}) SELECT 'stm_other', ${rest} FROM ${statementTable} WHERE id = ${locked}`,
      )
      if (database.name === 'SQLite')
        await refused(sql`UPDATE OR REPLACE ${statementTable} SET party = 'distributor:dst_one' WHERE id = ${draft}`)
    })

    it('leave no trace where a draft\u2019s are removed, and the trail stays', async () => {
      await refused(sql`DELETE FROM ${statementTrailTable}`)
      await refused(sql`UPDATE ${statementTrailTable} SET reason = 'x'`)
      await commerce.settlement.discardStatement({ statementId: draft, reason: 'x' })
      expect(await commerce.settlement.statements({})).toHaveLength(1)
      // It is the lock that keeps them, and nothing else.
      const { id: again = '' } = (await commerce.settlement.draw({ party: 'distributor:dst_two', currency: 'CNY' })) ?? {}
      await commerce.transaction((tx) => tx.update(statementTable, { state: 'locked' }, { id: again }))
      await refused((tx) => tx.update(statementTable, { state: 'draft' }, { id: again }))
      await refused((tx) => tx.remove(statementItemTable, { statementId: again }))
    })
  })

  describe(`the way of a statement's rows to their guards on ${database.name}`, () => {
    const closing: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })
    const clock = createTestClock(start)
    const before: readonly MigrationSet[] = coreMigrations.map((set) =>
      set.owner === 'settlement' ? { ...set, migrations: settlementMigrations.slice(0, 1) } : set,
    )
    const open = async (): Promise<Kernel> => {
      const { location, schema, drop } = await database.createShared()
      closing.push(drop)
      const kernel = await createKernel({ database: location, schema, clock })
      closing.push(() => kernel.close())
      await migrate(kernel.database, before, clock)
      return kernel
    }
    const fill = ({ database: to }: Kernel): Promise<void> =>
      to.transaction(undefined, async (tx) => {
        await tx.run(sql`
          INSERT INTO ${statementTable} (id, party, currency, state, until, opening, closing, payable, withheld, stated_before, drawn_at, locked_at)
          VALUES ('stm_old', 'distributor:dst_one', 'CNY', 'locked', ${start}, 0, 0, 0, 0, '', ${start}, ${start})`)
        const line: StatementLineRow = { statementId: 'stm_old', kind: 'adjustments', amount: 0, count: 2 }
        await tx.insert(statementLineTable, [line])
      })
    const guarded = async ({ database: of }: Kernel): Promise<void> => {
      const work = (run: (tx: Tx) => Promise<unknown>) => of.transaction(undefined, run)
      const found = await of.read(undefined, (reader) => reader.find(statementTable, {}))
      expect(found).toMatchObject([
        { id: 'stm_old', approvalNeeded: null, silentFrom: null, disputedBy: null },
      ] satisfies Partial<StatementRow>[])
      await expect(work((tx) => tx.update(statementTable, { closing: 5 }, { id: 'stm_old' }))).rejects.toThrow(refusal)
      for (const table of owned) {
        if (table === statementItemTable) continue
        await expect(work((tx) => tx.run(sql`DELETE FROM ${table}`))).rejects.toThrow(refusal)
        await expect(work((tx) => tx.run(sql`UPDATE ${table} SET count = 7`))).rejects.toThrow(refusal)
      }
    }

    it('leads past rows that are there already, and they are kept as well', async () => {
      const kernel = await open()
      await fill(kernel)
      expect(await migrate(kernel.database, coreMigrations, clock)).toEqual(['settlement/0002-life-of-a-statement'])
      await guarded(kernel)
    })

    it('is gone to its end by whoever comes after a process that died on it, wherever that was', async () => {
      const kernel = await open()
      await fill(kernel)
      // Dies before each of the statements in turn, and goes on every time.
      let [deaths, alive] = [0, 0]
      for (;;) {
        let [count, dead] = [0, false]
        const stop = kernel.database.observe((text) => {
          if (!/^(ALTER|CREATE|DROP) /.test(text) || text.includes('IF NOT EXISTS')) return
          if (count++ < alive) return
          dead = true
          throw new Error('killed')
        })
        await migrate(kernel.database, coreMigrations, clock).catch(() => {})
        stop()
        if (!dead) break
        deaths++
        // Where nothing is rolled back, one more is done by each.
        alive = kernel.database.dialect.transactionalDdl ? deaths : 1
      }
      expect(deaths).toBeGreaterThan(10)
      await guarded(kernel)
    })
  })
}
