import { setTimeout as sleep } from 'node:timers/promises'
import { DataSource, type DataSourceOptions, DriverPackageNotInstalledError, type QueryRunner } from 'typeorm'
import { rawConnection } from './connection.js'
import { type DatabaseType, type Dialect, dialectOf } from './dialect.js'
import { defineError } from './errors.js'
import { mysqlSession } from './mysql-session.js'
import type { Connection } from './query.js'

/** An embedded database: a file, or `:memory:`. */
export interface SqliteOptions {
  readonly type: 'better-sqlite3'
  /** Path of the file, or `:memory:`. */
  readonly database: string
  /**
   * `kept`: what is committed survives a power failure. `throwaway`: commits do not wait for the disk, for files that a crash of the machine may spoil
   * (tests, back-tests). A crash of the process alone harms neither. @default 'kept'
   */
  readonly durability?: 'kept' | 'throwaway' | undefined
}

export interface PostgresOptions {
  readonly type: 'postgres'
  /** `postgres://user:password@host:5432/name` */
  readonly url: string
  /** Connections held at most. @default 10 */
  readonly poolSize?: number | undefined
}

/** MariaDB from 10.6 or MySQL from 8.0.16 on, through the driver mysql2. */
export interface MysqlOptions {
  readonly type: 'mysql' | 'mariadb'
  /** `mysql://user:password@host:3306/name` */
  readonly url: string
  /** Connections held at most. @default 10 */
  readonly poolSize?: number | undefined
}

/** Where the data lies: a database of our own connections, or a DataSource that the host has initialised. */
export type DatabaseLocation = SqliteOptions | PostgresOptions | MysqlOptions | DataSource

const unsupported = defineError(
  'database.unsupported',
  'invalid_argument',
  (f: { type: string }) => `database type "${f.type}" is not supported; use better-sqlite3, postgres, mysql or mariadb`,
)
const unnamed = defineError(
  'database.unnamed',
  'invalid_argument',
  () => 'the URL names a server, and no database on it; give mysql://user:password@host:3306/name',
)

const driverMissing = defineError(
  'database.driver_missing',
  'invalid_argument',
  (f: { type: string; driver: string }) => `database type "${f.type}" needs the package ${f.driver}: npm install ${f.driver}`,
)

/** A connection lent to one piece of work. */
export interface Lease {
  readonly connection: Connection
  release(): Promise<void>
}

/** Connections for writing and for reading. */
export interface Connections {
  readonly dialect: Dialect
  /** SQLite has one connection that writes; elsewhere writers are many. */
  readonly singleWriter: boolean
  /** Reads see what is committed and wait for no writer. False where the one connection there is must be shared (SQLite in memory). */
  readonly separateReads: boolean
  writer(): Promise<Lease>
  reader(): Promise<Lease>
  close(): Promise<void>
}

const drivers: Readonly<Record<DatabaseType, string>> = {
  'better-sqlite3': 'better-sqlite3',
  postgres: 'pg',
  mysql: 'mysql2',
  mariadb: 'mysql2',
}

/** @throws database.driver_missing */
function initialized(options: DataSourceOptions & { readonly type: DatabaseType }): Promise<DataSource> {
  const { type } = options
  try {
    return new DataSource(options).initialize()
  } catch (error) {
    if (!(error instanceof DriverPackageNotInstalledError)) throw error
    throw driverMissing({ type, driver: drivers[type] })
  }
}

/** Opens what `createCommerce({ database })` names. @throws database.driver_missing, database.unnamed, database.unsupported */
export async function connect(location: DatabaseLocation): Promise<Connections> {
  if ('type' in location) {
    if (location.type === 'postgres') return openPostgres(location)
    if (location.type === 'better-sqlite3') return openSqlite(location)
    if (location.type === 'mysql' || location.type === 'mariadb') return openMysql(location)
    throw unsupported(location)
  }
  const { options } = location
  if (options.type === 'postgres') return postgresConnections(location, async () => {})
  // On these our sessions have settings that the host's must not get: connections of our own, to where its own go.
  if (options.type === 'mysql' || options.type === 'mariadb') return openMysqlWith({ ...options, ...nothingOfTheHost() })
  if (options.type !== 'better-sqlite3') throw unsupported({ type: options.type })
  // The host's one connection may have the host's transaction open at any await; ours go to the same file by connections of their own.
  return options.database === ':memory:'
    ? memoryConnections(location, async () => {})
    : openSqlite({ type: 'better-sqlite3', database: String(options.database) })
}

async function openPostgres({ url, poolSize = 10 }: PostgresOptions): Promise<Connections> {
  const dataSource = await initialized({ type: 'postgres', url, poolSize })
  return postgresConnections(dataSource, () => dataSource.destroy())
}

/** @throws database.unnamed */
async function openMysql({ type, url, poolSize = 10 }: MysqlOptions): Promise<Connections> {
  if (new URL(url).pathname.length <= 1) throw unnamed({})
  return openMysqlWith({ type, url, poolSize })
}

/** Without what the host's DataSource does at its start, and its entities. */
function nothingOfTheHost(): Pick<MysqlDataSourceOptions, keyof typeof turnedOff | 'entities' | 'subscribers' | 'migrations'> {
  return { entities: [], subscribers: [], migrations: [], ...turnedOff }
}

const turnedOff = { synchronize: false, migrationsRun: false, dropSchema: false, cache: false } as const

type MysqlDataSourceOptions = DataSourceOptions & { readonly type: 'mysql' | 'mariadb' }

async function openMysqlWith(options: MysqlDataSourceOptions): Promise<Connections> {
  const dataSource = await initialized(options)
  const dialect = dialectOf(options.type)
  // The pool opens connections as they are needed, and closes them.
  const prepared = new WeakSet<object>()
  const pooled = async (): Promise<Lease> => {
    const runner = dataSource.createQueryRunner()
    try {
      const raw: object = await runner.connect()
      const connection = rawConnection(dialect, raw)
      if (!prepared.has(raw)) for (const statement of mysqlSession) await connection.query(statement, [])
      prepared.add(raw)
      return { connection, release: () => runner.release() }
    } catch (error) {
      await runner.release()
      throw error
    }
  }
  return { dialect, singleWriter: false, separateReads: true, writer: pooled, reader: pooled, close: () => dataSource.destroy() }
}

async function openSqlite({ database, durability = 'kept' }: SqliteOptions): Promise<Connections> {
  // SQLite's other name for a database of its own that vanishes with its connection.
  const inMemory = database === ':memory:' || database === ''
  const writing = await opened({
    type: 'better-sqlite3',
    database,
    enableWAL: !inMemory,
    timeout: 0,
    prepareDatabase: (connection: { pragma(text: string): unknown }) => {
      if (durability === 'throwaway') connection.pragma('synchronous = OFF')
    },
  })
  if (inMemory) return memoryConnections(writing, () => writing.destroy())
  const reading = await opened({ type: 'better-sqlite3', database, readonly: true, timeout: 0 }).catch(async (error: unknown) => {
    await writing.destroy()
    throw error
  })
  return {
    dialect: dialectOf('better-sqlite3'),
    singleWriter: true,
    separateReads: true,
    writer: () => lease(writing, 'better-sqlite3'),
    reader: () => lease(reading, 'better-sqlite3'),
    close: async () => {
      await reading.destroy()
      await writing.destroy()
    },
  }
}

/** Opens a file even where another process is just opening or closing it, and locks it for that moment. */
async function opened(options: DataSourceOptions & { readonly type: DatabaseType }): Promise<DataSource> {
  for (let tried = 1; ; tried++) {
    try {
      return await initialized(options)
    } catch (error) {
      if (tried >= 100 || !dialectOf('better-sqlite3').isRetryable(error)) throw error
      await sleep(20 + Math.random() * 60)
    }
  }
}

function memoryConnections(dataSource: DataSource, close: () => Promise<void>): Connections {
  const only = (): Promise<Lease> => lease(dataSource, 'better-sqlite3')
  return { dialect: dialectOf('better-sqlite3'), singleWriter: true, separateReads: false, writer: only, reader: only, close }
}

function postgresConnections(dataSource: DataSource, close: () => Promise<void>): Connections {
  const pooled = (): Promise<Lease> => lease(dataSource, 'postgres')
  return { dialect: dialectOf('postgres'), singleWriter: false, separateReads: true, writer: pooled, reader: pooled, close }
}

async function lease(dataSource: DataSource, type: DatabaseType): Promise<Lease> {
  const runner: QueryRunner = dataSource.createQueryRunner()
  const connection = rawConnection(dialectOf(type), await runner.connect())
  return { connection, release: () => runner.release() }
}
