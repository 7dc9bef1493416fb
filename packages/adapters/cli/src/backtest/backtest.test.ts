import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCommerce } from '@entrepot/core'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCollected } from '../terminal.fixture.js'

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
const [orders, plan] = [fixture('orders.csv'), fixture('plan.json')]
const postgres = process.env.ENTREPOT_TEST_POSTGRES

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entrepot-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const expected = async (): Promise<unknown> => JSON.parse(await readFile(fixture('expected.json'), 'utf8'))

describe('a back-test', () => {
  it('comes to what a program with arithmetic of its own says, to the cent', async () => {
    const json = join(folder, 'result.json')
    const { exitCode, out, err } = await runCollected('backtest', orders, '--plan', plan, '--json', json)
    expect({ exitCode, out }).toMatchObject({ exitCode: 0, out: expect.stringContaining('1,603.19 CNY  14 orders, 18 lines') })
    expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(await expected())
    expect(err).toContain('left out: 9 orders of 11 rows, 9 of them bad; 14 orders of 18 rows remain')
  })

  it.runIf(postgres)('comes to the same on PostgreSQL, in a schema of its own that is gone afterwards', async () => {
    const schemas = async (): Promise<number> => {
      const client = new Client({ connectionString: postgres })
      await client.connect()
      const { rows } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'entrepot_backtest_%'").finally(() => client.end())
      return rows.length
    }
    const before = await schemas()
    const { exitCode, out } = await runCollected('backtest', orders, '--plan', plan, '--database', postgres ?? '', '--json', '-')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toEqual(await expected())
    expect(await schemas()).toBe(before)
  })

  it('names every bad row by file, line and column', async () => {
    const { err } = await runCollected('backtest', orders, '--plan', plan, '--strict')
    for (const [line, problem] of [
      [9, 'quantity is not a number: "one"'],
      [10, 'price is negative: -1000'],
      [11, 'price is too large to be held exactly'],
      [12, 'placed_at is not a time'],
      [19, 'delivered_at is before placed_at'],
      [20, 'refund_amount is above price × quantity, 2000: 2001'],
      [21, 'delivered_at is missing: the row has 8 cells'],
      [23, 'line_id order x-08 has a line 1 already'],
      [24, 'price must be a whole number'],
    ]) {
      expect(err).toContain(`${orders}:${line}: ${problem}`)
    }
  })

  it('does nothing at all with --strict where a row is bad', async () => {
    const [json, database] = [join(folder, 'strict.json'), join(folder, 'strict.db')]
    const ran = await runCollected('backtest', orders, '--plan', plan, '--strict', '--json', json, '--database', database)
    expect(ran).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('9 bad rows') })
    await expect(stat(json)).rejects.toThrow('ENOENT')
    await expect(stat(database)).rejects.toThrow('ENOENT')
  })

  it('leaves the books in a file that is named, and refuses one that is there', async () => {
    const database = join(folder, 'books.db')
    const again = () => runCollected('backtest', orders, '--plan', plan, '--database', database)
    expect(await again()).toMatchObject({ exitCode: 0, err: expect.stringContaining(`The books are in ${database}`) })
    const commerce = await createCommerce({ database: { type: 'better-sqlite3', database }, background: 'manual', migrate: false })
    expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    await commerce.close()
    expect(await again()).toMatchObject({ exitCode: 1, err: expect.stringContaining('exists already') })
  })

  it('says of a rule that names nobody in the file that it applies to nothing', async () => {
    const other = join(folder, 'other.json')
    const commission = [{ percent: 10 }, { percent: 20, match: { supplier: 'nobody' } }, { percent: 30, match: { category: 'shoes' } }]
    await writeFile(other, JSON.stringify({ currency: 'CNY', commission }))
    const { exitCode, out, err } = await runCollected('backtest', orders, '--plan', other, '--json', '-')
    expect(exitCode).toBe(0)
    expect(err).toContain('commission[1].match.supplier: no order names "nobody", so the rule applies to nothing')
    expect(err).toContain('commission[2].match.category: the file says no category, so the rule applies to nothing')
    // Settled by hand, and by nobody: nothing is paid. Without a distribution nobody earns but platform and suppliers.
    expect(JSON.parse(out)).toMatchObject({ distributors: 0, payouts: { count: 0, amount: 0 } })
  })

  it('pays by the day, by the week and by the month, each less often than the one before, on the same earnings', {
    timeout: 300_000,
  }, async () => {
    const results = []
    for (const cycle of ['daily', 'weekly', 'monthly']) {
      const file = join(folder, `${cycle}.json`)
      await writeFile(file, JSON.stringify({ currency: 'CNY', commission: [{ percent: 10 }], settlement: { cycle } }))
      const { out } = await runCollected('backtest', orders, '--plan', file, '--json', '-')
      const { suppliers, platform, payouts } = JSON.parse(out)
      results.push({ suppliers, platform, count: payouts.count })
    }
    const [daily, weekly, monthly] = results
    expect(daily).toMatchObject({ suppliers: weekly?.suppliers, platform: weekly?.platform })
    expect(weekly).toMatchObject({ suppliers: monthly?.suppliers, platform: monthly?.platform })
    expect(daily?.count).toBeGreaterThan(weekly?.count ?? 0)
    expect(weekly?.count).toBeGreaterThan(monthly?.count ?? 0)
  })

  const header =
    'order_id,line_id,product_id,supplier_id,quantity,price,shipping,placed_at,delivered_at,refunded_at,refund_amount,distributors'
  const files: readonly (readonly [what: string, content: string, message: string])[] = [
    ['is empty', '', 'is empty'],
    ['lacks columns', 'order_id,line_id\n', ':1: the header lacks product_id, supplier_id'],
    ['names a column twice', `${header},price\n`, ':1: the header names price twice'],
    ['opens a quote for ever', `${header}\n"o-1,1\n`, 'Quote Not Closed'],
  ]
  it.each(files)('refuses a file that %s', async (_what, content, message) => {
    const file = join(folder, 'wrong.csv')
    await writeFile(file, content)
    expect(await runCollected('backtest', file, '--plan', plan)).toMatchObject({ exitCode: 1, err: expect.stringContaining(message) })
  })

  it('comes to nothing where there are no orders', async () => {
    const file = join(folder, 'none.csv')
    await writeFile(file, `\uFEFF${header}\r\n`)
    const { exitCode, out } = await runCollected('backtest', file, '--plan', plan, '--json', '-')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toEqual({
      orders: 0,
      lines: 0,
      gross: 0,
      refunded: 0,
      platform: 0,
      suppliers: 0,
      distributors: 0,
      payouts: { count: 0, amount: 0 },
      carried: 0,
      parties: {},
    })
  })

  it('says which file is missing', async () => {
    const [file, other] = [join(folder, 'no.csv'), join(folder, 'no.json')]
    expect(await runCollected('backtest', file, '--plan', plan)).toMatchObject({ exitCode: 1, err: expect.stringContaining(file) })
    expect(await runCollected('backtest', orders, '--plan', other)).toMatchObject({ exitCode: 1, err: expect.stringContaining(other) })
  })
})
