/** The one place where databases differ: types, quoting, locking, error codes, triggers. */
import { type Param, type Sql, type SqlDialect, sql, sqlOf } from './sql.js'
import type { Column } from './table.js'

export interface Dialect extends SqlDialect {
  /** Statements that open a transaction at READ COMMITTED or what the database has above it. */
  readonly begin: string
  /** The most parameters one statement may carry. */
  readonly maxParams: number
  columnType(column: Column<unknown>): string
  /** After the table's name in CREATE TABLE, after its closing bracket. */
  readonly tableSuffix: string
  /** The rows locked are waited for; `skip`: rows that another holds are passed over. Empty where one writer has the whole database. */
  forUpdate(mode?: 'wait' | 'skip'): Sql
  /** Ends an INSERT: a row that is there already is left as it is, and does not count as affected. */
  onConflictDoNothing(anyColumn: string): Sql
  /** Finds a row where there is a table of that name. */
  tableExists(name: string, schema: string | undefined): Sql
  /** A whole number as a parameter, where the database cannot infer its type. */
  bigint(value: number): Sql
  /** Statements that make a table refuse UPDATE and DELETE (and what else the database offers to undo history). */
  refuseChange(table: string, quotedTable: string, primaryKey: readonly string[]): readonly string[]
  /** Statements that note the key of every row that is added to a table in another, a column of that name in each. */
  noteInserts(table: NotedTable): readonly string[]
  /** Another attempt of the whole transaction may succeed: deadlock, serialisation failure, lock timeout. */
  isRetryable(error: unknown): boolean
  isUniqueViolation(error: unknown): boolean
}

/** A table whose new rows are noted. */
export interface NotedTable {
  /** With its prefix. */
  readonly name: string
  readonly quoted: string
  /** The column that is its key. */
  readonly key: string
  readonly into: { readonly quoted: string; readonly column: string }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

const sqlite: Dialect = {
  name: 'sqlite',
  // IMMEDIATE takes the write lock at once: a transaction that read first could not upgrade later without failing.
  begin: 'BEGIN IMMEDIATE',
  maxParams: 30_000,
  tableSuffix: '',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: () => '?',
  membership: (left, of, params) => listMembership(left, of, params, () => '?'),
  columnType: (column) => {
    switch (column.kind) {
      case 'sequence':
        return 'integer PRIMARY KEY AUTOINCREMENT NOT NULL'
      case 'integer':
      case 'flag':
        return 'integer'
      case 'amount':
        return 'bigint'
      case 'text':
      case 'json':
        return 'text'
      default:
        return `varchar(${column.length ?? 255})`
    }
  },
  forUpdate: () => sql``,
  onConflictDoNothing: () => sql` ON CONFLICT DO NOTHING`,
  tableExists: (name) => sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name}`,
  // The driver hands numbers over as floats, and a sum with one is a float: exact only as long as it stays below 2^53.
  bigint: (value) => sql`CAST(${value} AS INTEGER)`,
  refuseChange: (table, quoted, primaryKey) => {
    const refuse = `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`
    // INSERT OR REPLACE deletes without firing delete triggers; refused by looking for the row it would replace.
    const same = primaryKey.map((key) => `"${key}" = NEW."${key}"`).join(' AND ')
    return [
      `CREATE TRIGGER "${table}_no_update" BEFORE UPDATE ON ${quoted} ${refuse}`,
      `CREATE TRIGGER "${table}_no_delete" BEFORE DELETE ON ${quoted} ${refuse}`,
      `CREATE TRIGGER "${table}_no_replace" BEFORE INSERT ON ${quoted} WHEN EXISTS (SELECT 1 FROM ${quoted} WHERE ${same}) ${refuse}`,
    ]
  },
  noteInserts: ({ name, quoted, key, into }) => [
    `CREATE TRIGGER "${name}_noted" AFTER INSERT ON ${quoted} BEGIN INSERT INTO ${into.quoted} ("${into.column}") VALUES (NEW."${key}"); END`,
  ],
  isRetryable: (error) => codeOf(error).startsWith('SQLITE_BUSY'),
  isUniqueViolation: (error) => ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error)),
}

const postgres: Dialect = {
  name: 'postgres',
  begin: 'BEGIN ISOLATION LEVEL READ COMMITTED',
  maxParams: 60_000,
  tableSuffix: '',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: (index) => `$${index}`,
  membership: (left, of, params) => {
    params.push(of)
    return `${left} = ANY($${params.length})`
  },
  columnType: (column) => {
    switch (column.kind) {
      case 'sequence':
        return 'bigserial PRIMARY KEY'
      case 'integer':
        return 'integer'
      case 'flag':
        return 'smallint'
      case 'amount':
        return 'bigint'
      case 'text':
      case 'json':
        return 'text'
      case 'id':
      case 'time':
        // "C": compared byte by byte, so that the order is the same here, in JavaScript and on every server, whatever its locale.
        return `varchar(${column.length ?? 64}) COLLATE "C"`
      default:
        return `varchar(${column.length ?? 255})`
    }
  },
  forUpdate: (mode = 'wait') => (mode === 'skip' ? sql` FOR UPDATE SKIP LOCKED` : sql` FOR UPDATE`),
  onConflictDoNothing: () => sql` ON CONFLICT DO NOTHING`,
  tableExists: (name, schema) => sql`
    SELECT 1 FROM information_schema.tables
    WHERE table_schema = ${schema === undefined ? sql`current_schema()` : schema} AND table_name = ${name}`,
  bigint: (value) => sql`${value}::bigint`,
  refuseChange: (table, quoted) => {
    // Beside its table: "schema"."table" gives "schema"."table_append_only", so that two prefixes in one database do not share it.
    const refuse = quoted.replace(/"$/, '_append_only"')
    return [
      `CREATE FUNCTION ${refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${table} is append-only' USING ERRCODE = 'restrict_violation'; END $$`,
      `CREATE TRIGGER "${table}_no_change" BEFORE UPDATE OR DELETE ON ${quoted} FOR EACH ROW EXECUTE FUNCTION ${refuse}()`,
      `CREATE TRIGGER "${table}_no_truncate" BEFORE TRUNCATE ON ${quoted} FOR EACH STATEMENT EXECUTE FUNCTION ${refuse}()`,
    ]
  },
  noteInserts: ({ name, quoted, key, into }) => {
    const note = quoted.replace(/"$/, '_note"')
    // Once a statement, however many rows it adds.
    return [
      `CREATE FUNCTION ${note}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ${into.quoted} ("${into.column}") SELECT "${key}" FROM added; RETURN NULL; END $$`,
      `CREATE TRIGGER "${name}_noted" AFTER INSERT ON ${quoted} REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ${note}()`,
    ]
  },
  isRetryable: (error) => ['40001', '40P01'].includes(codeOf(error)),
  isUniqueViolation: (error) => codeOf(error) === '23505',
}

function listMembership(left: string, of: readonly Param[], params: unknown[], placeholder: () => string): string {
  params.push(...of)
  return `${left} IN (${of.map(placeholder).join(', ')})`
}

export type DatabaseType = 'better-sqlite3' | 'postgres'

export function dialectOf(type: DatabaseType): Dialect {
  return type === 'postgres' ? postgres : sqlite
}

/**
 * `CASE key WHEN … THEN … END`: another number for every row of one bulk UPDATE, in a form that every database reads.
 * @example sql`UPDATE ${stockTable} SET reserved = reserved + ${numberByKey(sql`id`, quantities)} WHERE ${inList(sql`id`, ids)}`
 */
export function numberByKey(key: Sql, numbers: readonly (readonly [key: string, value: number])[]): Sql {
  const branches = numbers.map(
    ([id, value]) => sql` WHEN ${id} THEN ${{ dialect: (dialect: SqlDialect) => asDialect(dialect).bigint(value) }}`,
  )
  return sqlOf(['CASE ', ...branches.map(() => ''), ' ELSE 0 END'], [key, ...branches])
}

/** The same for text; a key that is not named keeps nothing (NULL), so the statement names its rows. */
export function textByKey(key: Sql, texts: readonly (readonly [key: string, value: string])[]): Sql {
  const branches = texts.map(([id, value]) => sql` WHEN ${id} THEN ${value}`)
  return sqlOf(['CASE ', ...branches.map(() => ''), ' END'], [key, ...branches])
}

/** ` FOR UPDATE`, or nothing on a database with one writer. */
export function forUpdate(mode: 'wait' | 'skip' = 'wait'): { readonly dialect: (dialect: SqlDialect) => Sql } {
  return { dialect: (dialect) => asDialect(dialect).forUpdate(mode) }
}

function asDialect(dialect: SqlDialect): Dialect {
  return dialect.name === 'postgres' ? postgres : sqlite
}
