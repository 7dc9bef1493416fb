import { createHash } from 'node:crypto'
import type { Clock } from './clock.js'
import type { Database } from './database.js'
import { type DatabaseType, dialectOf } from './dialect.js'
import { defineError } from './errors.js'
import { addColumnStatement, addIndexStatement, createTableStatements, guardStatements, quotedName } from './schema.js'
import { type AnyTable, column, defineTable, type Table } from './table.js'
import type { Transaction } from './transaction.js'

/** What a migration may do to the schema; each step is written once and becomes the database's own DDL. */
export interface SchemaChange {
  /** Referenced tables first. */
  createTables(tables: readonly AnyTable[]): void
  /** Adds columns, by their property names, to a table that is there; they are nullable, and empty in the rows that it has. */
  addColumns(table: AnyTable, properties: readonly string[]): void
  /** Adds indexes, by their names, to a table that is there. */
  addIndexes(table: AnyTable, names: readonly string[]): void
  /** Adds what `finalWhen` and `keptWith` of tables that are there ask for. */
  guard(tables: readonly AnyTable[]): void
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
  /**
   * How many of its statements are still to be run: 0, except where DDL cannot be rolled back and the process died on the way, when nobody knows whether the
   * first of them was run. Negative where it was refused, so that nothing of it is there.
   */
  missing: number
  appliedAt: string
}

const appliedTable: Table<AppliedRow> = defineTable<AppliedRow>({
  name: 'migration',
  primaryKey: ['owner', 'name'],
  columns: {
    owner: column.string(64),
    name: column.string(120),
    checksum: column.string(64),
    missing: column.integer(),
    appliedAt: column.time(),
  },
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

const taken = defineError(
  'schema.name_taken',
  'conflict',
  (f: { migration: string; table: string }) =>
    `migration ${f.migration} creates the table ${f.table}, and there is one already that is not ours; choose another prefix, or give that table another name`,
)

interface Step {
  readonly owner: string
  readonly name: string
  readonly checksum: string
  readonly statements: readonly Statement[]
}

interface Statement {
  readonly text: string
  /** Set where it creates this table. */
  readonly creates?: AnyTable | undefined
}

/** Applies what is missing, in order, one process at a time. @returns the names applied, `owner/name` @throws schema.migration_changed, schema.name_taken */
export async function migrate(database: Database, sets: readonly MigrationSet[], clock: Clock): Promise<readonly string[]> {
  const all = steps(database, sets)
  return database.exclusively('migrate', async (tx) => {
    await tx.command(
      createTableStatements(appliedTable, database.naming, database.dialect)[0]?.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS') ??
        '',
    )
    const applied = await tx.find(appliedTable, {})
    const missing = pending(all, applied)
    for (const step of missing) {
      if (database.dialect.transactionalDdl) {
        await requireFreeNames(database, tx, step, step.statements)
        for (const { text } of step.statements) await tx.command(text)
        await tx.insert(appliedTable, [{ ...recordOf(step), missing: 0, appliedAt: clock.now() }])
      } else await applyStepwise(database, tx, step, applied.find((row) => nameOf(row) === nameOf(step))?.missing, clock)
    }
    return missing.map(nameOf)
  })
}

/**
 * Where each DDL statement commits by itself: notes after each how many are left, so that a process that comes after one that died goes on where that one was.
 * @param noted of an earlier attempt; undefined where there was none
 */
async function applyStepwise(database: Database, tx: Transaction, step: Step, noted: number | undefined, clock: Clock): Promise<void> {
  const { statements, owner, name } = step
  const note = async (missing: number): Promise<void> => {
    await tx.update(appliedTable, { missing, appliedAt: clock.now() }, { owner, name })
    await tx.command('COMMIT')
    await tx.command(database.dialect.begin)
  }
  // The one that an earlier attempt had in hand may have been done, and not been noted.
  const doubtful = noted !== undefined && noted > 0 ? statements.length - noted : undefined
  const first = statements.length - Math.abs(noted ?? statements.length)
  await requireFreeNames(database, tx, step, statements.slice(doubtful === undefined ? first : first + 1))
  if (noted === undefined) await tx.insert(appliedTable, [{ ...recordOf(step), missing: statements.length, appliedAt: clock.now() }])
  else if (noted < 0) await note(-noted)
  for (const [index, { text }] of statements.entries()) {
    if (index < first) continue
    try {
      await tx.command(text)
    } catch (error) {
      if (index !== doubtful || !database.dialect.isDoneAlready(error)) {
        // What is there is another's, also for whoever tries again. Where even the note fails, the first error is the one to know.
        if (index !== doubtful) await note(index - statements.length).catch(() => {})
        throw error
      }
    }
    await note(statements.length - index - 1)
  }
}

/** A table of somebody else's by one of our names is found before it is taken for ours. @throws schema.name_taken */
async function requireFreeNames(database: Database, tx: Transaction, step: Step, statements: readonly Statement[]): Promise<void> {
  for (const { creates } of statements) {
    if (creates === undefined || !(await database.hasTable(tx, creates))) continue
    throw taken({ migration: nameOf(step), table: database.naming.prefix + creates.name })
  }
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

function nameOf(step: Pick<Step, 'owner' | 'name'>): string {
  return `${step.owner}/${step.name}`
}

function recordOf({ owner, name, checksum }: Step): Pick<AppliedRow, 'owner' | 'name' | 'checksum'> {
  return { owner, name, checksum }
}

function pending(all: readonly Step[], applied: readonly AppliedRow[]): readonly Step[] {
  const known = new Map(applied.map((row) => [nameOf(row), row]))
  return all.filter((step) => {
    const row = known.get(nameOf(step))
    if (row && row.checksum !== step.checksum) throw changed({ migration: nameOf(step) })
    return row === undefined || row.missing !== 0
  })
}

/** One text for the same schema, another for any other, on this kind of database. */
export function schemaFingerprint(sets: readonly MigrationSet[], type: DatabaseType): string {
  const all = steps({ naming: { prefix: '' }, dialect: dialectOf(type) }, sets).map((step) => `${nameOf(step)} ${step.checksum}`)
  return createHash('sha256').update(all.join()).digest('hex')
}

function steps(database: Pick<Database, 'naming' | 'dialect'>, sets: readonly MigrationSet[]): readonly Step[] {
  return sets.flatMap(({ owner, migrations }) =>
    migrations.map(({ name, up }) => {
      const { naming, dialect } = database
      const statements: Statement[] = []
      const add = (texts: readonly string[]): void => void statements.push(...texts.map((text) => ({ text })))
      up({
        createTables: (tables) => {
          for (const table of tables) {
            const [create = '', ...others] = createTableStatements(table, naming, dialect)
            statements.push({ text: create, creates: table })
            add(others)
          }
        },
        addColumns: (table, properties) => add(properties.map((property) => addColumnStatement(table, property, naming, dialect))),
        addIndexes: (table, names) => add(names.map((index) => addIndexStatement(table, index, naming, dialect))),
        guard: (tables) => {
          for (const table of tables) add(guardStatements(table, naming, dialect))
        },
        raw: (statement) => add([statement((table) => quotedName(table, naming, dialect), dialect.name)]),
      })
      const texts = statements.map(({ text }) => text)
      return { owner, name, statements, checksum: createHash('sha256').update(texts.join(';\n')).digest('hex') }
    }),
  )
}
