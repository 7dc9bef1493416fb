import { mkdtemp, rm } from 'node:fs/promises'
import Module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCommerce } from '@entrepot/core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { runCollected } from './terminal.fixture.js'

describe('the command line', () => {
  it('names its commands', async () => {
    expect(await runCollected('--help')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/migrate .*\n.*backtest /) })
    expect(await runCollected()).toMatchObject({ exitCode: 2 })
    expect(await runCollected('fly')).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining('there is no command "fly"') })
  })

  it('explains a command', async () => {
    const { exitCode, out } = await runCollected('backtest', '--help')
    expect(exitCode).toBe(0)
    for (const option of ['--plan PLAN.json', '--database URL|FILE', '--json OUT', '--strict', '--keep']) expect(out).toContain(option)
  })

  it('refuses what it does not understand, and says where to look', async () => {
    expect(await runCollected('migrate', '--datbase', 'x')).toMatchObject({ exitCode: 2, err: expect.stringContaining("'--datbase'") })
    expect(await runCollected('migrate')).toMatchObject({ exitCode: 2, err: expect.stringContaining('--database is missing; see --help') })
    expect(await runCollected('backtest', '--plan', 'p.json')).toMatchObject({ exitCode: 2, err: expect.stringContaining('ORDERS.csv') })
    expect(await runCollected('migrate', '--database', 'oracle://host')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('"oracle" is not supported'),
    })
  })
})

describe('entrepot migrate', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-cli-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('brings a database to the schema once, under the prefix that it is given', async () => {
    const database = join(folder, 'shop.db')
    const migrate = () => runCollected('migrate', '--database', database, '--prefix', 'shop_', '--json')
    expect(JSON.parse((await migrate()).out).applied).toContain('order/0001-initial')
    expect(JSON.parse((await migrate()).out)).toEqual({ applied: [] })
    const commerce = await createCommerce({
      database: { type: 'better-sqlite3', database },
      prefix: 'shop_',
      migrate: false,
      background: 'manual',
    })
    await commerce.close()
  })

  it('names the package that a database needs and that is not there', async () => {
    // What every `require` of this process goes through; TypeORM asks for a driver by its name, and then by its path.
    const loader = Module as unknown as { _load(name: string, ...rest: unknown[]): unknown }
    const load = loader._load
    loader._load = (name, ...rest) => {
      if (/(^|node_modules.)(pg|mysql2)$/.test(name)) throw new Error(`there is no ${name}`)
      return load(name, ...rest)
    }
    onTestFinished(() => {
      loader._load = load
    })
    for (const [database, type, driver] of [
      ['mysql://root@127.0.0.1:1/shop', 'mysql', 'mysql2'],
      ['postgres://postgres@127.0.0.1:1/shop', 'postgres', 'pg'],
    ] as const)
      expect(await runCollected('migrate', '--database', database)).toMatchObject({
        exitCode: 1,
        err: `entrepot migrate: database.driver_missing: database type "${type}" needs the package ${driver}: npm install ${driver}\n`,
      })
  })

  it('says a refusal once, with its code', async () => {
    expect(await runCollected('migrate', '--database', 'mysql://root@127.0.0.1:1')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^entrepot migrate: database\.unnamed: the URL names a server/),
    })
  })
})
