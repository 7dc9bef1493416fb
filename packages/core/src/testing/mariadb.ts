/**
 * Databases for tests on MariaDB. There every DDL statement waits for the disk, so that a schema takes seconds to make, and milliseconds to empty: they are kept
 * on the server, by the schema they have, and used again, by this run and by later ones. Who is at one holds a lock of its name, which ends with its connection.
 */
import { randomBytes } from 'node:crypto'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { createKernel, type MigrationSet, migrate, migrationTables, schemaFingerprint, systemClock } from '../kernel/index.js'
import { coreMigrations } from '../migrations.js'

/** A database on the server, empty but for the tables it may have already. */
export interface EmptyMariadb {
  readonly name: string
  drop(): Promise<void>
}

const prefix = 'entrepot_test_'
/** Lists the tables of a database that is ready, and is made last. */
const readyTable = 'ready'

/** @param migrations what will be applied; without them the database has no tables */
export async function emptyMariadb(url: string, migrations: readonly MigrationSet[] | undefined): Promise<EmptyMariadb> {
  // Only here, so that whoever tests on SQLite alone need not install it.
  const { createConnection } = await import('mysql2/promise')
  const admin = await createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4' })
  try {
    if (migrations === undefined) return await bare(admin)
    const sets = withCore(migrations)
    const name = await claim(admin, schemaFingerprint(sets, 'mariadb').slice(0, 12))
    const tables = await tablesOf(admin, name)
    if (tables === undefined) await prepare(admin, url, name, sets)
    else await wipe(admin, name, tables)
    return { name, drop: () => admin.end() }
  } catch (error) {
    await admin.end()
    throw error
  }
}

async function bare(admin: Connection): Promise<EmptyMariadb> {
  const name = await claim(admin, randomBytes(6).toString('hex'))
  await admin.query(`CREATE DATABASE \`${name}\``)
  return {
    name,
    drop: () => admin.query(`DROP DATABASE \`${name}\``).then(() => admin.end()),
  }
}

/** Rooms of core need some of its tables each: they share one database with all of them. */
function withCore(sets: readonly MigrationSet[]): readonly MigrationSet[] {
  const isCore = (set: MigrationSet): boolean => {
    const own = coreMigrations.find(({ owner }) => owner === set.owner)
    return own !== undefined && schemaFingerprint([own], 'mariadb') === schemaFingerprint([set], 'mariadb')
  }
  return sets.every(isCore) ? coreMigrations : sets
}

/** The first database of a kind that nobody is at. */
async function claim(admin: Connection, kind: string): Promise<string> {
  for (let count = 1; ; count++) {
    const name = `${prefix}${kind}_${count}`
    if (await lock(admin, name)) return name
  }
}

async function lock(admin: Connection, name: string): Promise<boolean> {
  const [row] = await rowsOf(admin, 'SELECT GET_LOCK(?, 0) AS taken', [name])
  return Number(row?.taken) === 1
}

interface Tables {
  readonly own: readonly string[]
  /** Made by a test beside them. */
  readonly strange: readonly string[]
}

/** Undefined where the database is not there, or was not finished. */
async function tablesOf(admin: Connection, name: string): Promise<Tables | undefined> {
  const rows = await rowsOf(admin, 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?', [name])
  const names = rows.map((row) => String(row.name))
  if (!names.includes(readyTable)) return undefined
  const own = (await rowsOf(admin, `SELECT name FROM \`${name}\`.${readyTable}`)).map((row) => String(row.name))
  return { own, strange: names.filter((table) => table !== readyTable && !own.includes(table)) }
}

async function prepare(admin: Connection, url: string, name: string, sets: readonly MigrationSet[]): Promise<void> {
  await dropStale(admin)
  await admin.query(`DROP DATABASE IF EXISTS \`${name}\`; CREATE DATABASE \`${name}\``)
  const own = new URL(url)
  own.pathname = name
  const kernel = await createKernel({ database: { type: 'mariadb', url: own.href } })
  await migrate(kernel.database, sets, systemClock).finally(() => kernel.close())
  await admin.query(`USE \`${name}\``)
  await openDoors(admin, name)
  const tables = await rowsOf(admin, 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?', [name])
  // Made under another name, so that it is there only with what is in it.
  await admin.query('CREATE TABLE preparing (name VARCHAR(64) PRIMARY KEY)')
  await admin.query('INSERT INTO preparing VALUES ?', [tables.map((table) => [table.name])])
  await admin.query(`RENAME TABLE preparing TO ${readyTable}`)
}

/** Lets the triggers that refuse a change pass for whoever empties the tables, and for nobody else. */
async function openDoors(admin: Connection, name: string): Promise<void> {
  const triggers = await rowsOf(
    admin,
    `SELECT trigger_name AS name, event_manipulation AS event, event_object_table AS of, action_statement AS statement
     FROM information_schema.triggers WHERE trigger_schema = ? AND event_manipulation IN ('UPDATE', 'DELETE') AND action_statement NOT LIKE '%@entrepot_wipe%'`,
    [name],
  )
  for (const { name: trigger, event, of, statement } of triggers) {
    await admin.query(`DROP TRIGGER \`${trigger}\``)
    await admin.query(
      `CREATE TRIGGER \`${trigger}\` BEFORE ${event} ON \`${of}\` FOR EACH ROW IF @entrepot_wipe IS NULL THEN ${statement}; END IF`,
    )
  }
}

async function wipe(admin: Connection, name: string, { own, strange }: Tables): Promise<void> {
  const qualified = (table: string): string => `\`${name}\`.\`${table}\``
  const kept = new Set(migrationTables.map((table) => `entrepot_${table.name}`))
  const filled = await rowsOf(
    admin,
    own
      .filter((table) => !kept.has(table))
      .map((table) => `SELECT '${table}' AS name FROM DUAL WHERE EXISTS (SELECT 1 FROM ${qualified(table)})`)
      .join(' UNION ALL '),
  )
  const statements = [
    ...strange.map((table) => `DROP TABLE ${qualified(table)}`),
    ...filled.map((row) => `DELETE FROM ${qualified(String(row.name))}`),
  ]
  if (statements.length === 0) return
  await admin.query(
    `SET foreign_key_checks = 0, @entrepot_wipe = 1; ${statements.join('; ')}; SET foreign_key_checks = 1, @entrepot_wipe = NULL`,
  )
}

/** Takes away what nobody is at and nobody has made anew for a day: databases of schemas that have changed, and of runs that were killed. */
async function dropStale(admin: Connection): Promise<void> {
  const stale = await rowsOf(
    admin,
    `SELECT table_schema AS name FROM information_schema.tables WHERE table_schema LIKE '${prefix.replaceAll('_', '\\_')}%'
     GROUP BY table_schema HAVING MAX(create_time) < NOW() - INTERVAL 1 DAY`,
  )
  for (const { name } of stale) {
    if (!(await lock(admin, String(name)))) continue
    await admin.query(`DROP DATABASE IF EXISTS \`${name}\`; DO RELEASE_LOCK('${name}')`)
  }
}

async function rowsOf(admin: Connection, text: string, values: readonly string[] = []): Promise<readonly RowDataPacket[]> {
  const [rows] = await admin.query<RowDataPacket[]>(text, [...values])
  return rows
}
