import type { MysqlOptions, PostgresOptions, SqliteOptions } from '@entrepot/core'
import { misunderstood } from './command.js'

/** What `--database` names: `postgres://…`, `mysql://…`, `mariadb://…`, or the path of an SQLite file. */
export function databaseLocation(given: string): PostgresOptions | MysqlOptions | SqliteOptions {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(given)?.[1]?.toLowerCase()
  if (scheme === undefined) return { type: 'better-sqlite3', database: given }
  if (scheme === 'postgres' || scheme === 'postgresql') return { type: 'postgres', url: given }
  // The driver knows one scheme for both.
  if (scheme === 'mysql' || scheme === 'mariadb') return { type: scheme, url: given.replace(/^[a-z]+:/i, 'mysql:') }
  throw misunderstood(`--database: "${scheme}" is not supported; give postgres://…, mysql://… or the path of an SQLite file`)
}
