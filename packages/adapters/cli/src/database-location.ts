import type { PostgresOptions, SqliteOptions } from '@entrepot/core'
import { misunderstood } from './command.js'

/** What `--database` names: `postgres://…`, or the path of an SQLite file. */
export function databaseLocation(given: string): PostgresOptions | SqliteOptions {
  if (/^postgres(ql)?:\/\//i.test(given)) return { type: 'postgres', url: given }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(given)?.[1]
  if (scheme !== undefined) throw misunderstood(`--database: "${scheme}" is not supported; give postgres://… or the path of an SQLite file`)
  return { type: 'better-sqlite3', database: given }
}
