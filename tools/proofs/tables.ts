/** Reads the marketplace's tables past all of its code: by the database's own driver and plain SQL. */
import type { DatabaseLocation } from '@entrepot/core'

export type Row = Readonly<Record<string, unknown>>

export interface Tables {
  /** Runs a SELECT. Tables are written `{order_line}`, without prefix and schema. */
  all(text: string): Promise<readonly Row[]>
  /** The one number that a SELECT finds; an empty SUM is 0. */
  number(text: string): Promise<number>
  close(): Promise<void>
}

interface Driver {
  readonly query: (text: string) => Promise<readonly Row[]>
  readonly close: () => Promise<void>
}

export async function openTables(location: DatabaseLocation, schema: string | undefined): Promise<Tables> {
  const { query, close } = await connect(location)
  const named = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name) => `${schema === undefined ? '' : `${schema}.`}entrepot_${name}`)
  const all = (text: string): Promise<readonly Row[]> => query(named(text))
  return {
    all,
    number: async (text) => Number(Object.values((await all(text))[0] ?? {})[0] ?? 0),
    close,
  }
}

/** What the server has counted since it began; on a server that others use too, theirs are among them. */
export interface ServerCounts {
  /** Transactions that the server ended because each waited for the other; whoever was ended begins again. SQLite has none: its writers stand in a line. */
  readonly deadlocks: number
  /** Connections of this marketplace's database that are open. */
  readonly connections: number
}

export async function serverCounts(location: DatabaseLocation, tables: Tables): Promise<ServerCounts> {
  if (!('type' in location) || location.type === 'better-sqlite3') return { deadlocks: 0, connections: 0 }
  if (location.type === 'postgres')
    return {
      deadlocks: await tables.number('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'),
      connections: await tables.number('SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()'),
    }
  return {
    deadlocks: await tables.number(`SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'`),
    connections: await tables.number('SELECT COUNT(*) FROM information_schema.processlist WHERE db = database()'),
  }
}

async function connect(location: DatabaseLocation): Promise<Driver> {
  if (!('type' in location)) throw new TypeError('a proof names its database by type and address')
  if (location.type === 'better-sqlite3') {
    const { default: Sqlite } = await import('better-sqlite3')
    const file = new Sqlite(location.database, { readonly: true, timeout: 10_000 })
    return { query: async (text) => file.prepare(text).all() as Row[], close: async () => void file.close() }
  }
  if (location.type === 'postgres' && 'url' in location) {
    const { Client } = await import('pg')
    const client = new Client({ connectionString: location.url })
    await client.connect()
    return { query: async (text) => (await client.query(text)).rows, close: () => client.end() }
  }
  if (location.type === 'mysql' || location.type === 'mariadb') {
    const { createConnection } = await import('mysql2/promise')
    const connection = await createConnection({ uri: location.url, supportBigNumbers: true, bigNumberStrings: true })
    return {
      query: async (text) => (await connection.query(text))[0] as readonly Row[],
      close: () => connection.end(),
    }
  }
  throw new TypeError('no reader for this kind of database')
}
