import { createHash } from 'node:crypto'
import type { Clock } from './clock.js'
import type { Database } from './database.js'
import { defineError } from './errors.js'
import { createTableStatements, quotedName } from './schema.js'
import { type AnyTable, column, defineTable, type Table } from './table.js'

/** What a migration may do to the schema; each step is written once and becomes the database's own DDL. */
export interface SchemaChange {
  /** Referenced tables first. */
  createTables(tables: readonly AnyTable[]): void
  /** A database's own SQL where it must differ. `name(table)` gives a table's quoted, prefixed name. */
  raw(statement: (name: (table: AnyTable) => string, database: 'sqlite' | 'postgres' | 'mysql') => string): void
}

/** One released step of a schema. It never changes once released: its statements' checksum is recorded where it was applied. */
export interface Migration {
  /** Sorts within its owner: `0001-initial`. */
  readonly name: string
  readonly up: (schema: SchemaChange) => void
}

/** The migrations of core or of one plugin. */
export interface MigrationSet {
  readonly owner: string
  readonly migrations: readonly Migration[]
}

/** The usual first migration: creates the tables in the order given, referenced tables first. */
export function createTables(name: string, tables: readonly AnyTable[]): Migration {
  return { name, up: (schema) => schema.createTables(tables) }
}

interface AppliedRow {
  owner: string
  name: string
  checksum: string
  appliedAt: string
}

const appliedTable: Table<AppliedRow> = defineTable<AppliedRow>({
  name: 'migration',
  primaryKey: ['owner', 'name'],
  columns: { owner: column.string(64), name: column.string(120), checksum: column.string(64), appliedAt: column.time() },
})

/** The table in which migrations are recorded; part of every schema comparison. */
export const migrationTables: readonly AnyTable[] = [appliedTable]

const behind = defineError(
  'schema.behind',
  'unexpected_state',
  (f: { pending: readonly string[] }) =>
    `the database lacks ${f.pending.length} migration(s): ${f.pending.join(', ')}; run \`npx entrepot migrate\`, or pass migrate: true to createCommerce`,
)
const changed = defineError(
  'schema.migration_changed',
  'unexpected_state',
  (f: { migration: string }) =>
    `migration ${f.migration} was applied in another form than this version has; a released migration never changes, so install the version that applied it, or one that adds a new migration`,
)

interface Step {
  readonly owner: string
  readonly name: string
  readonly checksum: string
  readonly statements: readonly string[]
}

/** Applies what is missing, in order, one process at a time. @returns the names applied, `owner/name` @throws schema.migration_changed */
export async function migrate(database: Database, sets: readonly MigrationSet[], clock: Clock): Promise<readonly string[]> {
  const all = steps(database, sets)
  return database.exclusively('migrate', async (tx) => {
    await tx.command(
      createTableStatements(appliedTable, database.naming, database.dialect)[0]?.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS') ??
        '',
    )
    const missing = pending(all, await tx.find(appliedTable, {}))
    for (const step of missing) {
      for (const statement of step.statements) await tx.command(statement)
      await tx.insert(appliedTable, [{ owner: step.owner, name: step.name, checksum: step.checksum, appliedAt: clock.now() }])
    }
    return missing.map(nameOf)
  })
}

/** @throws schema.behind, schema.migration_changed */
export async function requireMigrated(database: Database, sets: readonly MigrationSet[]): Promise<void> {
  const missing = await pendingMigrations(database, sets)
  if (missing.length > 0) throw behind({ pending: missing })
}

/** The names of migrations that are not applied yet, `owner/name`. @throws schema.migration_changed */
export async function pendingMigrations(database: Database, sets: readonly MigrationSet[]): Promise<readonly string[]> {
  const all = steps(database, sets)
  return database.read(undefined, async (reader) => {
    const exists = await database.hasTable(reader, appliedTable)
    return pending(all, exists ? await reader.find(appliedTable, {}) : []).map(nameOf)
  })
}

function nameOf(step: Step): string {
  return `${step.owner}/${step.name}`
}

function pending(all: readonly Step[], applied: readonly AppliedRow[]): readonly Step[] {
  const known = new Map(applied.map((row) => [`${row.owner}/${row.name}`, row.checksum]))
  return all.filter((step) => {
    const checksum = known.get(nameOf(step))
    if (checksum !== undefined && checksum !== step.checksum) throw changed({ migration: nameOf(step) })
    return checksum === undefined
  })
}

function steps(database: Database, sets: readonly MigrationSet[]): readonly Step[] {
  return sets.flatMap(({ owner, migrations }) =>
    migrations.map(({ name, up }) => {
      const statements: string[] = []
      up({
        createTables: (tables) => {
          for (const table of tables) statements.push(...createTableStatements(table, database.naming, database.dialect))
        },
        raw: (statement) =>
          statements.push(statement((table) => quotedName(table, database.naming, database.dialect), database.dialect.name)),
      })
      return { owner, name, statements, checksum: createHash('sha256').update(statements.join(';\n')).digest('hex') }
    }),
  )
}
