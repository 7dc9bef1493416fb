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
