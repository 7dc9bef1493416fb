import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MysqlOptions, PostgresOptions, SqliteOptions } from '@entrepot/core'
import { Refusal } from '../command.js'
import { databaseLocation } from '../database-location.js'

/** An empty database for one run. */
export interface ScratchDatabase {
  readonly location: PostgresOptions | MysqlOptions | SqliteOptions
  readonly schema: string | undefined
  /** Where it lies, for people. */
  readonly where: string
  /** Takes away what was made. */
  drop(): Promise<void>
  /** Whether it stays, once dropped. */
  readonly stays: boolean
}

/**
 * @param database `postgres://…`: a schema of its own in it. `mysql://…`: a database of its own on that server. A path: a new file, which stays. Nothing: a temporary file.
 * @param keep whether schema or temporary file are to stay
 */
export async function openScratchDatabase(database: string | undefined, folder: string, keep: boolean): Promise<ScratchDatabase> {
  if (database === undefined) return temporaryFile(folder, keep)
  const location = databaseLocation(database)
  return location.type === 'better-sqlite3' ? namedFile(location) : ownPlace(location, keep)
}

async function temporaryFile(folder: string, keep: boolean): Promise<ScratchDatabase> {
  // What is kept may not lie where everything else of the run is removed.
  const file = join(keep ? await mkdtemp(join(tmpdir(), 'entrepot-books-')) : folder, 'books.db')
  const location = { type: 'better-sqlite3', database: file, durability: keep ? 'kept' : 'throwaway' } as const
  return { location, schema: undefined, where: file, stays: keep, drop: async () => {} }
}

async function namedFile(location: SqliteOptions): Promise<ScratchDatabase> {
  const { database: file } = location
  const existing = file === ':memory:' ? undefined : await stat(file).catch(() => undefined)
  if (existing !== undefined && (!existing.isFile() || existing.size > 0)) {
    throw new Refusal(`--database: ${file} exists already; a back-test writes a database of its own, so name a file that does not`)
  }
  return { location, schema: undefined, where: file, stays: file !== ':memory:', drop: async () => {} }
}

/** A place of one's own on a server, where nothing that lies there already is touched. */
export function ownPlace(location: PostgresOptions | MysqlOptions, keep: boolean, what = 'backtest'): Promise<ScratchDatabase> {
  const name = `entrepot_${what}_${randomBytes(5).toString('hex')}`
  return location.type === 'postgres' ? ownSchema(location, name, keep) : ownDatabase(location, name, keep)
}

async function ownSchema(location: PostgresOptions, schema: string, keep: boolean): Promise<ScratchDatabase> {
  await statement(location, `CREATE SCHEMA "${schema}"`)
  return {
    location,
    schema,
    where: `schema ${schema} of ${withoutPassword(location.url)}`,
    stays: keep,
    drop: async () => {
      if (!keep) await statement(location, `DROP SCHEMA "${schema}" CASCADE`)
    },
  }
}

async function ownDatabase(location: MysqlOptions, name: string, keep: boolean): Promise<ScratchDatabase> {
  await statementOnMysql(location, `CREATE DATABASE \`${name}\``)
  const url = new URL(location.url)
  url.pathname = name
  return {
    location: { ...location, url: url.href },
    schema: undefined,
    where: `database ${name} of ${withoutPassword(location.url)}`,
    stays: keep,
    drop: async () => {
      if (!keep) await statementOnMysql(location, `DROP DATABASE \`${name}\``)
    },
  }
}

async function statementOnMysql({ url }: MysqlOptions, text: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise').catch(() => {
    throw new Refusal('MariaDB and MySQL need the package mysql2 beside this one: npm install mysql2')
  })
  const connection = await createConnection({ uri: url })
  await connection.query(text).finally(() => connection.end())
}

async function statement({ url }: PostgresOptions, text: string): Promise<void> {
  const { Client } = await import('pg').catch(() => {
    throw new Refusal('PostgreSQL needs the package pg beside this one: npm install pg')
  })
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}

export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'entrepot-backtest-'))
}

function withoutPassword(url: string): string {
  return url.replace(/:\/\/([^:@/]*):[^@/]*@/, '://$1:…@')
}
