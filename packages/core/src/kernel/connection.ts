/** One way to run a statement, whatever the driver: our own connections and the raw ones that a host hands in look alike from here. */
import { type Dialect, dialectOf } from './dialect.js'
import { type CommerceError, defineError, type ErrorFactory } from './errors.js'
import { isMysql, type MysqlConnection, mysqlConnection } from './mysql-connection.js'
import type { Connection } from './query.js'
import { hostLevel, type Level } from './savepoint.js'
import type { RawRow } from './table.js'

/** pg's `Client` or a client of its pool, with a transaction open. */
export interface PostgresConnection {
  query(config: { text: string; values: unknown[] }): Promise<{ rows: unknown[]; rowCount: number | null; command?: string }>
}

/** better-sqlite3's `Database`, with a transaction open. */
export interface SqliteConnection {
  readonly inTransaction: boolean
  prepare(text: string): { readonly reader: boolean; all(...params: unknown[]): unknown[]; run(...params: unknown[]): { changes: number } }
}

/** TypeORM's `EntityManager` inside `dataSource.transaction`. */
export interface TypeormManager {
  readonly queryRunner?: { readonly isTransactionActive: boolean; connect(): Promise<unknown> } | undefined
}

/** A transaction that the host has open on the same database: the host commits, and its rows and ours stand or fall together. */
export type HostTransaction = PostgresConnection | SqliteConnection | MysqlConnection | TypeormManager

const notATransaction: ErrorFactory<{ expected: string }> = defineError(
  'tx.not_a_transaction',
  'invalid_argument',
  (f: { expected: string }) =>
    `call.tx must be ${f.expected}, or a TypeORM EntityManager inside dataSource.transaction, on the database of this commerce`,
)

/** What is said of a transaction that is none of ours, or another instance's. */
export function wrongTransaction(dialect: Dialect): CommerceError {
  return notATransaction({ expected: expectedOf[dialect.name] })
}

/** The host's transaction as a connection of ours, and the level that calls on it share. @throws tx.not_a_transaction */
export async function hostConnection(dialect: Dialect, host: HostTransaction): Promise<{ connection: Connection; level: Level }> {
  let raw: unknown = host
  if (typeof host !== 'object' || host === null) throw wrongTransaction(dialect)
  if ('queryRunner' in host) {
    if (!host.queryRunner?.isTransactionActive) throw wrongTransaction(dialect)
    raw = await host.queryRunner.connect()
  }
  return { connection: rawConnection(dialect, raw), level: hostLevel(raw as object) }
}

/** A driver's own connection as ours. @throws tx.not_a_transaction where it is of another kind */
export function rawConnection(dialect: Dialect, raw: unknown): Connection {
  if (dialect === dialectOf('postgres') && isPostgres(raw)) return postgresConnection(raw)
  if (dialect === dialectOf('better-sqlite3') && isSqlite(raw)) return sqliteConnection(raw)
  if (dialect === dialectOf('mysql') && isMysql(raw)) return mysqlConnection(raw)
  throw wrongTransaction(dialect)
}

const expectedOf = {
  sqlite: 'a better-sqlite3 Database with BEGIN done',
  postgres: 'a pg Client with BEGIN done',
  mysql: 'a mysql2 Connection with START TRANSACTION done',
} as const

function isPostgres(raw: unknown): raw is PostgresConnection {
  return typeof raw === 'object' && raw !== null && 'query' in raw && typeof raw.query === 'function' && !('prepare' in raw)
}

function isSqlite(raw: unknown): raw is SqliteConnection {
  return typeof raw === 'object' && raw !== null && 'prepare' in raw && 'inTransaction' in raw
}

function postgresConnection(client: PostgresConnection): Connection {
  return {
    async query(text, params) {
      const { rows, rowCount, command } = await client.query({ text, values: [...params] })
      return { rows: rows as readonly RawRow[], affected: rowCount ?? 0, command }
    },
  }
}

// Compiling a statement costs SQLite more than running it; kept by connection, the oldest dropped when a host's statements are many.
const prepared = new WeakMap<SqliteConnection, Map<string, ReturnType<SqliteConnection['prepare']>>>()
const preparedAtMost = 400
// A long one is a bulk statement, whose text changes with its number of rows: it would come back seldom, hold a megabyte, and push the others out.
const longestPrepared = 8_000

function sqliteConnection(database: SqliteConnection): Connection {
  const statements = prepared.get(database) ?? new Map<string, ReturnType<SqliteConnection['prepare']>>()
  prepared.set(database, statements)
  return {
    async query(text, params) {
      let statement = statements.get(text)
      if (!statement) {
        statement = database.prepare(text)
        if (text.length <= longestPrepared) {
          const oldest = statements.keys().next()
          if (statements.size >= preparedAtMost && !oldest.done) statements.delete(oldest.value)
          statements.set(text, statement)
        }
      }
      if (statement.reader) {
        const rows = statement.all(...params) as readonly RawRow[]
        return { rows, affected: rows.length }
      }
      return { rows: [], affected: statement.run(...params).changes }
    },
  }
}
