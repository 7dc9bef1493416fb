import Sqlite from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import { DataSource } from 'typeorm'
import { afterEach, describe, expect, it } from 'vitest'
import { type Commerce, createCommerce } from './commerce.js'
import type { HostTransaction } from './kernel/index.js'
import { coreMigrations } from './migrations.js'
import { createTestClock, type EmptyDatabase, testDatabases } from './testing/index.js'
import { stockMarketplace } from './testing/marketplace.fixture.js'

/** A host's own way of working on the database: its table, its transaction, its commit. */
interface Host {
  readonly name: string
  begin(): Promise<{
    readonly tx: HostTransaction
    query(text: string): Promise<unknown>
    commit(): Promise<void>
    rollback(): Promise<void>
  }>
  count(): Promise<number>
  close(): Promise<void>
}

const insert = `INSERT INTO host_order (id) VALUES ('h1')`

async function typeormHost(options: ConstructorParameters<typeof DataSource>[0]): Promise<Host> {
  const dataSource = await new DataSource(options).initialize()
  return {
    name: 'a TypeORM EntityManager',
    async begin() {
      const runner = dataSource.createQueryRunner()
      await runner.startTransaction(options.type === 'better-sqlite3' ? undefined : 'READ COMMITTED')
      return {
        tx: runner.manager,
        query: (text) => runner.query(text),
        commit: () => runner.commitTransaction().finally(() => runner.release()),
        rollback: () => runner.rollbackTransaction().finally(() => runner.release()),
      }
    },
    count: async () => Number((await dataSource.query('SELECT COUNT(*) AS n FROM host_order'))[0].n),
    close: () => dataSource.destroy(),
  }
}

async function pgHost(url: string, schema: string): Promise<Host> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`SET search_path TO "${schema}"`)
  return {
    name: 'a pg Client',
    async begin() {
      await client.query('BEGIN')
      return {
        tx: client,
        query: (text) => client.query(text),
        commit: async () => void (await client.query('COMMIT')),
        rollback: async () => void (await client.query('ROLLBACK')),
      }
    },
    count: async () => Number((await client.query('SELECT COUNT(*) AS n FROM host_order')).rows[0].n),
    close: () => client.end(),
  }
}

async function mysqlHost(url: string): Promise<Host> {
  const connection = await createConnection(url)
  const query = (text: string): Promise<unknown> => connection.query(text)
  const run = async (text: string): Promise<void> => void (await query(text))
  return {
    name: 'a mysql2 Connection',
    async begin() {
      await run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')
      await run('START TRANSACTION')
      return { tx: connection, query, commit: () => run('COMMIT'), rollback: () => run('ROLLBACK') }
    },
    count: async () => Number(JSON.parse(JSON.stringify(await query('SELECT COUNT(*) AS n FROM host_order')))[0][0].n),
    close: () => connection.end(),
  }
}

function sqliteHost(file: string): Host {
  const database = new Sqlite(file)
  return {
    name: 'a better-sqlite3 Database',
    async begin() {
      database.exec('BEGIN IMMEDIATE')
      const exec = async (text: string): Promise<void> => void database.exec(text)
      return { tx: database, query: exec, commit: () => exec('COMMIT'), rollback: () => exec('ROLLBACK') }
    },
    count: async () => Number(Object.values(database.prepare('SELECT COUNT(*) AS n FROM host_order').get() ?? {})[0]),
    close: async () => void database.close(),
  }
}

async function hostsOn(location: EmptyDatabase['location'], schema: string): Promise<readonly [Host, Host]> {
  switch (location.type) {
    case 'postgres':
      return [
        await typeormHost({ type: 'postgres', url: location.url, extra: { options: `-c search_path=${schema}` } }),
        await pgHost(location.url, schema),
      ]
    case 'better-sqlite3':
      return [await typeormHost({ type: 'better-sqlite3', database: location.database }), sqliteHost(location.database)]
    default:
      return [await typeormHost({ type: location.type, url: location.url }), await mysqlHost(location.url)]
  }
}

for (const database of testDatabases()) {
  describe(`a host's own transaction on ${database.name}`, () => {
    const closing: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const close of closing.splice(0).reverse()) await close()
    })

    const open = async (): Promise<{ commerce: Commerce; cartId: string; hosts: readonly [Host, Host] }> => {
      const { location, schema, drop } = await database.createShared(coreMigrations)
      closing.push(drop)
      const commerce = await createCommerce({ database: location, schema, migrate: true, background: 'manual', clock: createTestClock() })
      closing.push(() => commerce.close())
      const hosts = await hostsOn(location, schema ?? '')
      for (const host of hosts) closing.push(() => host.close())
      const created = await hosts[0]?.begin()
      await created?.query('CREATE TABLE host_order (id VARCHAR(20) PRIMARY KEY)')
      await created?.commit()
      const shop = await stockMarketplace(commerce)
      return { commerce, cartId: await shop.filledCart(shop.offerIds), hosts }
    }

    for (const which of [0, 1]) {
      it(`${which === 0 ? 'by TypeORM' : 'by the raw connection'}: the host's row and an order commit together`, async () => {
        const { commerce, cartId, hosts } = await open()
        const host = hosts[which]
        const told: string[] = []
        commerce.on('order.placed', ({ orderId }) => told.push(orderId))
        const transaction = await host?.begin()
        await transaction?.query(insert)
        const order = await commerce.orders.place({ cartId, payment: { provider: 'external' } }, { tx: transaction?.tx })
        expect(told, 'nothing is told before the host commits').toEqual([])
        await transaction?.commit()
        expect(await host?.count()).toBe(1)
        expect(await commerce.orders.get({ orderId: order.id })).toMatchObject({ id: order.id, status: 'open' })
        await commerce.background.drain()
        expect(told).toEqual([order.id])
      })

      it(`${which === 0 ? 'by TypeORM' : 'by the raw connection'}: neither is there when the host rolls back`, async () => {
        const { commerce, cartId, hosts } = await open()
        const host = hosts[which]
        const transaction = await host?.begin()
        await transaction?.query(insert)
        const order = await commerce.orders.place({ cartId, payment: { provider: 'external' } }, { tx: transaction?.tx })
        await transaction?.rollback()
        expect(await host?.count()).toBe(0)
        await expect(commerce.orders.get({ orderId: order.id })).rejects.toMatchObject({ code: 'order.not_found' })
        expect((await commerce.carts.get({ cartId })).status).toBe('open')
        await commerce.background.drain()
        expect((await commerce.ledger.check()).journals).toBe(0)
      })

      it(`${which === 0 ? 'by TypeORM' : 'by the raw connection'}: a call that is refused leaves nothing behind, and the host goes on`, async () => {
        const { commerce, cartId, hosts } = await open()
        const host = hosts[which]
        const transaction = await host?.begin()
        await transaction?.query(insert)
        await expect(commerce.orders.place({ cartId, payment: { provider: 'nobody' } }, { tx: transaction?.tx })).rejects.toMatchObject({
          code: 'payment.provider_unknown',
        })
        await transaction?.commit()
        expect(await host?.count()).toBe(1)
        expect((await commerce.carts.get({ cartId })).status).toBe('open')
      })
    }

    if (database.name === 'MariaDB') {
      it('is refused where it would read rows as they were when it began, or store values cut off', async () => {
        const { commerce, cartId, hosts } = await open()
        const transaction = await hosts[1].begin()
        const place = () => commerce.orders.place({ cartId, payment: { provider: 'external' } }, { tx: transaction.tx })
        await transaction.rollback()
        await transaction.query('START TRANSACTION')
        await expect(place()).rejects.toMatchObject({ code: 'tx.unfit_session', message: expect.stringContaining('REPEATABLE READ') })
        await transaction.rollback()
        await transaction.query("SET SESSION sql_mode = ''")
        await transaction.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
        await transaction.query('START TRANSACTION')
        await expect(place()).rejects.toMatchObject({ code: 'tx.unfit_session', message: expect.stringContaining('sql_mode') })
        await transaction.query("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'")
        await place()
        await transaction.commit()
        expect((await commerce.carts.get({ cartId })).status).not.toBe('open')
      })
    }

    it('is refused where none is open', async () => {
      const { commerce, cartId, hosts } = await open()
      const transaction = await hosts[1]?.begin()
      await transaction?.rollback()
      await expect(commerce.orders.place({ cartId, payment: { provider: 'external' } }, { tx: transaction?.tx })).rejects.toMatchObject({
        code: 'tx.not_open',
      })
    })
  })
}
